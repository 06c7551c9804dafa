#!/usr/bin/env bash
# Inside a screen of its own: opens the tasks in Kate, points, types and chooses, and tells what came of it. Run by ./run.
set -uo pipefail

passed=0 failed=0
# check NAME COMMAND...: tries the command for ten seconds.
check() {
  local name=$1 end=$((SECONDS + 10)) word=ok
  shift
  until "$@"; do
    if [ "$SECONDS" -ge "$end" ]; then
      word=FAILED
      break
    fi
    sleep 0.1
  done
  [ $word = ok ] && passed=$((passed + 1)) || failed=$((failed + 1))
  printf '%-7s %s\n' "$word" "$name"
}

# said WORDS: whether the server said this to Kate.
said() { find "$SESSIONS" -name 'kate-*.jsonl' -newer "$WORK/begun" -exec grep -h '"from": "server"' {} + | grep -qF -- "$1"; }
shot() { import -window root -crop 960x480+0+0 +repage "$1"; }
# red WIDTHxHEIGHT+X+Y: how many pixels there are much redder than green, as the line under a finding is.
red() { convert "$WORK/shot.png" -crop "$1" +repage -fx 'r - g > 0.3 ? 1 : 0' -format '%[fx:round(mean*w*h)]' info:; }
underlined() {
  shot "$WORK/shot.png"
  [ "$(red 50x8+301+170)" -gt 20 ] && [ "$(red 130x8+160+153)" -eq 0 ]
}
title() { xdotool getwindowname "$(xdotool getactivewindow 2>/dev/null || echo "$window")" 2>/dev/null | grep -qF "$1"; }
holds() { grep -qF -- "$2" "$PROJECT/specs/login/$1"; }
point() { xdotool mousemove "$1" "$2"; }

kate -n "$PROJECT/specs/login/tasks.md" >/dev/null 2>&1 &
kate=$!
trap 'kill $kate 2>/dev/null; wait $kate' EXIT
# However long Kate itself takes to open its window.
window=$(xdotool search --sync --onlyvisible --name 'tasks.md' | head -n 1)
check 'findings come' said '`FR-2.9` is not defined in specs/login'
xdotool windowsize --sync "$window" 960 480 windowmove --sync "$window" 0 0 windowfocus "$window"
check 'they are underlined, and nothing else is' underlined

# A hover comes only where the mouse has moved and then rests.
hovered() {
  point 260 166
  point 265 168
  sleep 1
  said 'compare it with the stored hash'
}
check 'hover says what a requirement demands' hovered
sleep 0.5
shot "$WORK/hover.png"
point 600 400

xdotool mousemove 245 202 click 1
sleep 0.3
xdotool key alt+l g
check 'Go to Definition opens the specification' title spec.md
xdotool key ctrl+w
check 'and back' title tasks.md

# Kate 22.12 replaces the word before the cursor, whatever the server says: behind `FR-` it would insert the whole id.
xdotool mousemove 600 400 click 1 key ctrl+End type '  - _Requirements: '
check 'completion offers what the tasks do not name yet' said 'not in the tasks yet'
sleep 0.7
xdotool key Return type '_'
xdotool key ctrl+s
check 'what was chosen is written' holds tasks.md '  - _Requirements: FR-2.2_'

# Kate's Quick Fix takes what is offered alone, which the trace line without its mark has. It drops an answer that comes
# while findings are on their way, so a user who sees nothing happen presses the keys again.
xdotool mousemove 200 202 click 1
fixed() {
  xdotool key ctrl+period
  sleep 1
  xdotool key ctrl+s
  sleep 0.3
  holds tasks.md '  - _Requirements: FR-1.2_' && holds tasks.md '  - _Requirements: FR-1.1, NF-1.1_'
}
check 'a quick fix is applied, and nothing else' fixed

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
