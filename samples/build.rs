//! The build script of every sample: how its program is linked for the Pico.
//!
//! Each sample names this file in its Cargo.toml (`build = "../build.rs"`), so
//! a sample builds from its own folder as well as from the workspace.

use std::path::Path;

fn main() {
    let sample = std::env::var("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR");
    let memory = Path::new(&sample).join("../memory.x");
    let folder = memory.parent().expect("memory.x is in a folder");

    println!("cargo:rerun-if-changed={}", memory.display());
    println!("cargo:rustc-link-search={}", folder.display());

    // Do not align the segments to pages: nothing maps them, and flash is small.
    println!("cargo:rustc-link-arg-bins=--nmagic");
    // cortex-m-rt's layout, which includes memory.x ...
    println!("cargo:rustc-link-arg-bins=-Tlink.x");
    // ... and embassy-rp's part of it, the second-stage boot loader.
    println!("cargo:rustc-link-arg-bins=-Tlink-rp.x");
}
