#!/usr/bin/env bash
# Measures Traceline and the peers that are installed (see peers.sh), and prints the tables.
#   --quick        only ours, small samples, under a minute
#   --huge         30,001 files too (183 MB of generated text)
#   --write FILE   also puts the tables between the markers `<!-- bench:begin -->` and `<!-- bench:end -->` of FILE
#   --methods FILE also puts the latencies of every method between the same markers of that FILE
#   --growth FILE  measures 100 to 100,000 files too (615 MB of generated text), and puts table and plot into FILE and FILE's .svg
#   --only LIST    of start,questions,methods,typing,check
#   SERVER…        only these, by the names of servers/*.toml
# Rows go to tests/.results/bench.jsonl. DATA, PEERS and ROWS name other places; PROFILE another profile than `dist`, which is shipped.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
tests=$(dirname "$here")
write=() only=() flags=() servers=()
quick='' place=$PWD
while [ $# -gt 0 ]; do
  case $1 in
    --quick) quick=1 flags+=(--quick) ;;
    --huge) flags+=(--huge) ;;
    --write) write+=(--write "$(cd "$place" && realpath "${2:?--write FILE}")"); shift ;;
    --methods) write+=(--write-methods "$(cd "$place" && realpath "${2:?--methods FILE}")"); shift ;;
    --growth) flags+=(--growth) write+=(--write-growth "$(cd "$place" && realpath "${2:?--growth FILE}")"); shift ;;
    --only) only=(--only "${2:?--only LIST}"); shift ;;
    --*) echo "run.sh: unknown option $1 · --quick, --huge, --write FILE, --methods FILE, --growth FILE, --only LIST" >&2; exit 2 ;;
    *) servers+=("$1") ;;
  esac
  shift
done
if [ ${#servers[@]} = 0 ]; then
  servers=(traceline)
  [ -n "$quick" ] || servers+=(rumdl vscode-markdown iwes openspec)
fi

cd "$tests/.."
profile=${PROFILE:-dist}
target=${CARGO_TARGET_DIR:-$PWD/target}/$profile
data=${DATA:-$tests/.cache/bench} rows=${ROWS:-$tests/.results/bench.jsonl}
cargo build --profile "$profile" -p traceline -p traceline-bench
run=$(date +%s)
for server in "${servers[@]}"; do
  # One peer that fails must not cost the figures of the others.
  "$target/traceline-bench" run --server "$here/servers/$server.toml" --data "$data" --rows "$rows" --run "$run" \
    --target "$target" --peers "${PEERS:-$tests/.cache/peers}" --bench "$here" "${flags[@]}" "${only[@]}" ||
    echo "run.sh: $server was not measured to the end" >&2
done
"$target/traceline-bench" report --rows "$rows" --numbers "$here/counted.tsv" --data "$data" "${write[@]}"
