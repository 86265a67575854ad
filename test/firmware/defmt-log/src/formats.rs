//! Types and display hints that the format strings name themselves.

use defmt::{Debug2Format, Display2Format, info, intern};

pub fn log_numbers() {
    info!("u8 {=u8} u16 {=u16} u32 {=u32} u64 {=u64}", u8::MAX, u16::MAX, u32::MAX, u64::MAX);
    info!("i8 {=i8} i16 {=i16} i32 {=i32} i64 {=i64}", i8::MIN, i16::MIN, i32::MIN, i64::MIN);
    info!("u128 {=u128} i128 {=i128}", u128::MAX, i128::MIN);
    info!("usize {=usize} isize {=isize}", usize::MAX, isize::MIN);
    info!("f32 {=f32} {=f32} {=f32} {=f32}", 0.1f32, 1.0f32, 1e20f32, -2.5e-9f32);
    info!("f64 {=f64} {=f64} {=f64} {=f64}", 0.1f64, 1e16f64, 1e-7f64, -123456.789f64);
    info!("not finite {=f32} {=f64} {=f64}", f32::NAN, f64::INFINITY, f64::NEG_INFINITY);
    info!("bool {=bool} {=bool}", true, false);
    info!("any {} {} {} {} {}", 1u8, -1i64, 2.5f32, true, 'x');
    info!("{=u8} {1=u16} {0=u8} {=u16} {1=u16}", 1, 2);
    info!("pointer {}", 0x2000_0000 as *const u8);
}

pub fn log_text() {
    info!("str {=str} {=str:?}", "plain", "with \"quotes\"\n");
    info!("istr {=istr} {=istr:?}", intern!("interned"), intern!("in\tterned"));
    info!("char {=char} {=char} {=char:?}", 'a', 'ß', '🦀');
    info!("braces {{}} {{{=u8}}}", 1);
    info!("an @ and \\ and \" and ü and a\nnew line");
    info!("Debug {} Display {}", Debug2Format(&Some("x\u{301}")), Display2Format(&1.25f64));
    info!("Debug2 {:?}", Debug2Format(&("tuple", 1, [1u8, 2])));
    info!("str as value {} {:?}", "value", "value");
}

pub fn log_bytes() {
    let bytes = [0x00u8, 0x41, 0x22, 0x5c, 0x0a, 0xff, 0x20];
    info!("slice {=[u8]}", bytes);
    info!("slice hex {=[u8]:x} {=[u8]:#x} {=[u8]:02x} {=[u8]:#04X}", bytes, bytes, bytes, bytes);
    info!("slice others {=[u8]:b} {=[u8]:#o} {=[u8]:a}", bytes, bytes, bytes);
    info!("array {=[u8; 3]} {=[u8; 3]:a} {=[u8; 3]:#04x}", [1, 2, 3], *b"abc", [1, 2, 3]);
    info!("empty {=[u8]} {=[u8]:a} {=str}", [], [], "");
    info!("values {=[?]} {=[?; 2]}", &[1u16, 2, 300][..], [Some(1u8), None]);
    info!("values hex {=[?]:#x}", &[10u32, 255][..]);
    info!("values ascii {=[?]:a}", &b"he\xffo"[..]);
    info!("of any type {} {:#04x} {:a}", bytes, bytes, bytes);
}

pub fn log_hints() {
    info!("hex {=u8:x} {=u8:X} {=u8:#x} {=u8:#X} {=u8:04x} {=u8:#06x}", 171, 171, 171, 171, 171, 171);
    info!("bin {=u8:b} {=u8:#b} {=u8:08b} {=u8:#010b}", 5, 5, 5, 5);
    info!("oct {=u16:o} {=u16:#o} {=u16:06o} {=u16:#08o}", 511, 511, 511, 511);
    info!("signed {=i8:x} {=i16:#x} {=i32:X} {=i64:#x} {=i8:04} {=i8:#b}", -1, -2, -3, -4, -5, 6);
    info!("padded {=u8:03} {=u32:08} {=i32:06}", 7, 42, -42);
    info!("debug {=u8:?} {=i8:?} {=bool:?} {=f32:?}", 1, -1, true, 1.5);
    info!("seconds {=u64:us} {=u32:ms} {=u64:us}", 1_500_000, 90_061, 7);
    info!("times {=u64:tus} {=u64:tms} {=u64:ts}", 90_061_000_001, 90_061_002, 200_000);
    info!("dates {=u64:iso8601ms} {=u64:iso8601s}", 1_700_000_000_123, 1_700_000_000);
    info!("bits {0=0..4} {0=4..12:#x} {0=12..16:b} of {0=0..16:04x}", 0xabcdu16);
    info!("high bits {0=28..32} {0=60..64:x}", 0xfedc_ba98_7654_3210u64);
    info!("ascii bits {0=0..32:a}", u32::from_be_bytes(*b"ABCD"));
}
