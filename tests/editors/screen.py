"""A terminal's screen as a page: tmux capture-pane -p -e | python3 screen.py BACKGROUND FOREGROUND >page.html"""

import html
import re
import sys

SIXTEEN = ["#000000", "#cd3131", "#0dbc79", "#e5e510", "#2472c8", "#bc3fbc", "#11a8cd", "#e5e5e5",
           "#666666", "#f14c4c", "#23d18b", "#f5f543", "#3b8eea", "#d670d6", "#29b8db", "#ffffff"]
# The attributes that one number switches on, and those that another one switches off.
ON = {1: ("bold", True), 2: ("dim", True), 3: ("italic", True), 4: ("line", "solid"), 7: ("reverse", True)}
OFF = {22: ("bold", "dim"), 23: ("italic",), 24: ("line",), 27: ("reverse",), 39: ("colour",), 49: ("ground",), 59: ("under",)}


def of_256(number):
    """The colour with this number in the palette of 256."""
    if number < 16:
        return SIXTEEN[number]
    if number >= 232:
        return "#" + f"{8 + 10 * (number - 232):02x}" * 3
    red, green, blue = (number - 16) // 36, (number - 16) // 6 % 6, (number - 16) % 6
    return "#" + "".join(f"{55 + 40 * it if it else 0:02x}" for it in (red, green, blue))


def colour(numbers):
    """Takes a colour off the front of the numbers that follow a 38, 48 or 58."""
    if numbers.pop(0) == 5:
        return of_256(numbers.pop(0))
    rgb = [numbers.pop(0) for _ in range(3)]
    return "#" + "".join(f"{it:02x}" for it in rgb)


def apply(style, codes):
    """Changes the style as one escape sequence says."""
    # With colons a sub-parameter may be empty: 58:2::255:0:0; a line of its own shape is 4:3.
    for shape in re.findall(r"4:(\d)", codes):
        style["line"] = {"0": None, "3": "wavy", "4": "dotted", "5": "dashed"}.get(shape, "solid")
    numbers = [int(it) for it in re.split("[;:]", re.sub(r"4:\d;?", "", codes)) if it]
    if not numbers and ":" not in codes:
        numbers = [0]
    while numbers:
        number = numbers.pop(0)
        if number == 0:
            style.clear()
        elif number in ON:
            style[ON[number][0]] = ON[number][1]
        elif number in OFF:
            for name in OFF[number]:
                style.pop(name, None)
        elif number in (38, 48, 58):
            style[{38: "colour", 48: "ground", 58: "under"}[number]] = colour(numbers)
        elif 30 <= number <= 37 or 90 <= number <= 97:
            style["colour"] = SIXTEEN[number - 30 if number < 90 else number - 82]
        elif 40 <= number <= 47 or 100 <= number <= 107:
            style["ground"] = SIXTEEN[number - 40 if number < 100 else number - 92]


def css(style, ground, colour):
    front, back = style.get("colour", colour), style.get("ground", ground)
    if style.get("reverse"):
        front, back = back, front
    rules = [f"color:{front}", f"background:{back}"]
    rules += ["font-weight:bold"] * bool(style.get("bold")) + ["font-style:italic"] * bool(style.get("italic"))
    rules += ["opacity:.7"] * bool(style.get("dim"))
    if style.get("line"):
        rules.append(f"text-decoration:underline {style['line']} {style.get('under', front)}")
    return ";".join(rules)


def main(ground, colour):
    style, out = {}, []
    for piece in re.split(r"(\x1b\[[\d;:]*m)", sys.stdin.read()):
        if found := re.fullmatch(r"\x1b\[([\d;:]*)m", piece):
            apply(style, found.group(1))
        elif piece:
            # What else is escaped, such as the character set, draws nothing.
            out.append(f'<span style="{css(style, ground, colour)}">{html.escape(re.sub(chr(27) + ".", "", piece))}</span>')
    print(f'<!doctype html><meta charset="utf-8"><body style="margin:10px;background:{ground}">'
          '<style>span{padding:1.5px 0}</style>'
          '<pre style="margin:0;font:15px/20px DejaVu Sans Mono,monospace">' + "".join(out))


if __name__ == "__main__":
    main(*sys.argv[1:])
