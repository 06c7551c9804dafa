# Sourced by the scripts of this folder: Debian's cargo aimed at Windows, and a Wine of the tests' own.
# shellcheck shell=bash
#
# rustup's targets are not everywhere to be had. Debian 12 keeps a current compiler for its browsers (`rustc-web`) and with it the
# sources of the standard library (`rust-web-src`), which `-Zbuild-std` builds for any target; mingw links for this one.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
target=x86_64-pc-windows-gnu
export WINEPREFIX=$root/tests/.cache/wine WINEDEBUG=-all
# No window asks for an engine of web pages or of .NET, and no menu is written for the desktop.
export WINEDLLOVERRIDES='mscoree=;mshtml=;winemenubuilder.exe='
export RUSTC=/usr/bin/rustc RUSTDOC=/usr/bin/rustdoc RUSTC_BOOTSTRAP=1
export CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUNNER=wine
# Nobody debugs there, and it halves what is linked. What runs while it is built, such as macros, is macOS's as well: same folder,
# same profile.
export CARGO_TARGET_DIR=$root/target/elsewhere CARGO_PROFILE_DEV_DEBUG=0 CARGO_PROFILE_DEV_STRIP=none
programs=$CARGO_TARGET_DIR/tests-of-windows.json
locked=()
[ "${CI-}" = true ] && locked=(--locked)
# The packages whose tests run. Always the same, or cargo would build what several need once for each choice.
packages=(-p traceline-engine -p traceline -p traceline-tests -p traceline-judgement)

# cargo_for_windows VERB ARGUMENTS...: with the standard library, and with that of tests only where it is needed.
cargo_for_windows() {
  PATH=/usr/bin:$PATH /usr/bin/cargo "$1" -Zbuild-std=std,panic_unwind,test --target "$target" "${@:2}"
}
