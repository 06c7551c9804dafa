#!/usr/bin/env python3
"""Draws what `traceline demo` prints as an SVG picture for the README: demo.py BINARY OUT.svg, or --check to compare."""

import html
import os
import re
import subprocess
import sys

WIDTH, LINE, LEFT, TOP = 8.4, 19, 18, 44
COLOURS = {"31": "#e06c75", "32": "#98c379", "33": "#e5c07b", "34": "#61afef", "36": "#56b6c2",
           "91": "#e06c75", "92": "#98c379", "93": "#e5c07b", "94": "#61afef", "96": "#56b6c2"}
FIRST = "▌ traceline server"


def spans(line):
    """The stretches of one line of terminal output: (text, colour, bold, dim)."""
    colour, bold, dim, at = None, False, False, 0
    for found in re.finditer(r"\x1b\[([0-9;]*)m", line):
        if found.start() > at:
            yield line[at:found.start()], colour, bold, dim
        at = found.end()
        for code in (found.group(1) or "0").split(";"):
            if code == "0":
                colour, bold, dim = None, False, False
            elif code == "1":
                bold = True
            elif code == "2":
                dim = True
            elif code in COLOURS:
                colour = COLOURS[code]
    if at < len(line):
        yield line[at:], colour, bold, dim


def draw(lines):
    columns = max(len(re.sub(r"\x1b\[[0-9;]*m", "", line)) for line in lines)
    width, height = int(columns * WIDTH + 2 * LEFT), TOP + len(lines) * LINE + 12
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">',
           f'<rect width="{width}" height="{height}" rx="8" fill="#21252b"/>']
    for at, dot in enumerate(["#e06c75", "#e5c07b", "#98c379"]):
        out.append(f'<circle cx="{20 + 18 * at}" cy="18" r="6" fill="{dot}"/>')
    out.append('<g font-family="ui-monospace, Menlo, Consolas, DejaVu Sans Mono, monospace" font-size="14" fill="#d7dae0" xml:space="preserve">')
    for row, line in enumerate(lines):
        column = 0
        for text, colour, bold, dim in spans(line):
            if text.strip():
                lead = len(text) - len(text.lstrip())
                shown = text.strip()
                style = (f' fill="{colour}"' if colour else "") + (' font-weight="bold"' if bold else "") + (' opacity="0.6"' if dim else "")
                x, y = LEFT + (column + lead) * WIDTH, TOP + row * LINE
                out.append(f'<text x="{x:.1f}" y="{y}" textLength="{len(shown) * WIDTH:.1f}"{style}>{html.escape(shown)}</text>')
            column += len(text)
    return "\n".join(out + ["</g>", "</svg>", ""])


def main():
    check = "--check" in sys.argv
    binary, target = [argument for argument in sys.argv[1:] if argument != "--check"]
    run = subprocess.run([binary, "demo"], capture_output=True, text=True, check=True, env={**os.environ, "CLICOLOR_FORCE": "1"})
    lines = run.stdout.rstrip("\n").split("\n")
    folder = next(line for line in lines if "traceline-demo-" in line)
    folder = re.sub(r"\x1b\[[0-9;]*m", "", folder).strip()
    lines = [line.replace(folder, "…/traceline-demo") for line in lines]
    start = next(at for at, line in enumerate(lines) if "traceline check" in line)
    picture = draw(lines[start:])
    if check:
        kept = open(target, encoding="utf-8").read() if os.path.exists(target) else ""
        if kept != picture:
            sys.exit(f"{target} is stale: tests/pictures/demo.py BINARY {target}")
        return
    with open(target, "w", encoding="utf-8") as out:
        out.write(picture)


main()
