#!/bin/sh
# Runs the compiler with its unstable options unlocked. As cargo's RUSTC_WORKSPACE_WRAPPER it does so for a workspace's own
# crates only: in the environment of cargo itself the variable would have everything else compiled anew.
RUSTC_BOOTSTRAP=1 exec "$@"
