# Sourced by the scripts of each editor: where things are, and the server behind a recorder.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cache=$root/tests/.cache
results=$root/tests/.results
# The binary to test. `tests/run` has built it.
server=${TRACELINE_BIN:-$root/target/debug/traceline}
# Each session is a file here, which tests/run holds against the protocol's types.
sessions=$results/sessions
mkdir -p "$cache" "$sessions"

# recorded NAME: prints the path of an executable that is the server and leaves its sessions as NAME-PROCESS.jsonl.
recorded() {
  local wrapper=$cache/recorded/$1
  mkdir -p "$cache/recorded"
  printf '#!/bin/sh\nexec python3 %q %q %q "$@"\n' "$root/tests/editors/recorder.py" "$sessions/$1" "$server" >"$wrapper"
  chmod +x "$wrapper"
  echo "$wrapper"
}
