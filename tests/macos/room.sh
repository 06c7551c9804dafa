# Sourced by the scripts of this folder: Debian's cargo aimed at macOS, with Zig as its C compiler and linker.
# shellcheck shell=bash
#
# What is compiled here is not run: there is no macOS without a Mac. See tests/windows/room.sh for the compiler.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
target=aarch64-apple-darwin
venv=$root/tests/.cache/zig
export RUSTC=/usr/bin/rustc RUSTDOC=/usr/bin/rustdoc RUSTC_BOOTSTRAP=1
# Nothing is stripped: that takes a program of rustup's. What runs while it is built, such as macros, is Windows' as well: same
# folder, same profile.
export CARGO_TARGET_DIR=$root/target/elsewhere CARGO_PROFILE_DEV_DEBUG=0 CARGO_PROFILE_DEV_STRIP=none
locked=()
[ "${CI-}" = true ] && locked=(--locked)
export CC_aarch64_apple_darwin=$here/cc PATH=$venv/bin:/usr/bin:$PATH
