#!/usr/bin/env bash
# What a user sees in Neovim's own window, a terminal of 128 columns: run by ./run inside its room.
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../room.sh" neovim-screen

plugin=$XDG_DATA_HOME/nvim/site/pack/traceline/start/traceline
mkdir -p "$(dirname "$plugin")" "$XDG_CONFIG_HOME/nvim"
cp -r "$root/editors/neovim" "$plugin"
cat >"$XDG_CONFIG_HOME/nvim/init.lua" <<'END'
vim.diagnostic.config({ virtual_text = {
  format = function(finding)
    return vim.split(finding.message, '\n')[1]
  end,
} })
vim.lsp.config('traceline', { settings = { traceline = { hints = { titleLength = 24 } } } })
-- As dim as a comment: Neovim's own choice is hardly to be read in a picture.
for _, group in ipairs({ 'LspInlayHint', 'LspCodeLens' }) do
  vim.api.nvim_set_hl(0, group, { link = 'Comment' })
end
vim.o.number, vim.o.swapfile, vim.o.showmode, vim.o.hlsearch = true, false, false, false
vim.o.winborder, vim.o.linebreak, vim.o.shortmess = 'rounded', true, vim.o.shortmess .. 'I'
END

passed=0 failed=0
terminal() { tmux -L "traceline-$$" "$@"; }
trap 'terminal kill-server 2>/dev/null; rm -rf "$work"' EXIT
shown() { terminal capture-pane -p -t n; }
# check NAME WORDS: waits until the words are on the screen.
check() {
  local end=$((SECONDS + 10))
  until shown | grep -qF -- "$2"; do
    if [ "$SECONDS" -ge "$end" ]; then
      failed=$((failed + 1))
      echo "FAILED  $1: there is no $2 on the screen"
      shown
      return
    fi
    sleep 0.1
  done
  passed=$((passed + 1))
  echo "ok      $1"
}
keys() { terminal send-keys -t n -l "$1"; }
press() { terminal send-keys -t n "$@"; }
# take NAME: the screen as a picture, where pictures are asked for.
take() {
  [ "${PICTURES-}" = 1 ] || return 0
  sleep 0.5
  terminal capture-pane -p -e -t n | python3 "$editors/screen.py" '#14161b' '#e0e2ea' >"$work/$1.html"
  chromium --headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update \
    --disable-sync --hide-scrollbars --user-data-dir="$work/chromium" --window-size=1176,360 --screenshot="$work/$1.png" \
    "file://$work/$1.html" >"$work/chromium.log" 2>&1
  picture "$work/$1.png" "neovim-$1" || failed=$((failed + 1))
}

terminal -f /dev/null new-session -d -s n -x 128 -y 17 -c "$project" -e COLORTERM=truecolor -e TERM=tmux-256color \
  "$cache/neovim/bin/nvim" specs/login/tasks.md
check 'findings stand beside their lines' 'is not defined in specs/login'
check 'all of them' 'task 4 names no requirement'
check 'hints say what the ids of a line stand for' 'NF-1.1_ (compare it with the… · ?)'
check 'lenses count what a task carries' '1. Check passwords 1 requirement'
take findings
keys '/FR-1.1'; press Enter; keys 'K'
check 'K shows the requirement' 'submits a password THEN the system SHALL compare'
take hover
press Escape
keys 'Go  - _Requirements: FR-'
check 'completion shows what the tasks do not name yet' 'not in the tasks yet'
press C-n
check 'and what each demands' 'WHEN a session is idle'
take completion
press Escape
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
