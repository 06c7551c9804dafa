# Sourced by an editor's run with the editor's name: `. ../room.sh neovim`. Makes a room that nothing outside disturbs.
# shellcheck shell=bash
#
# There is then $work with a home of its own in it, $project (what `traceline demo` writes, in a git repository), and first on
# the path a `traceline` that leaves its sessions: each editor is set up as its page says, and finds the server as a user's does.

editors=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$editors/common.sh"
server=$(realpath "$server") || exit 2

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/{bin,home,run}
chmod 700 "$work/run"
TMPDIR=$work "$server" demo >/dev/null
project=$work/traceline-demo-1
git -C "$project" init --quiet
ln -s "$(recorded "$1")" "$work/bin/traceline"

export PATH=$work/bin:$PATH HOME=$work/home XDG_RUNTIME_DIR=$work/run
export XDG_CONFIG_HOME=$HOME/.config XDG_DATA_HOME=$HOME/.local/share XDG_STATE_HOME=$HOME/.local/state XDG_CACHE_HOME=$HOME/.cache

# picture FILE NAME: keeps a picture for editors/README.md, where PICTURES=1 asks for it. It must stay small.
picture() {
  mkdir -p "$root/editors/pictures"
  convert "$1" -strip -colors 128 -define png:compression-level=9 "PNG8:$root/editors/pictures/$2.png"
  [ "$(stat -c %s "$root/editors/pictures/$2.png")" -le 300000 ] || { echo "$2.png is larger than 300 KB" >&2; return 1; }
}
