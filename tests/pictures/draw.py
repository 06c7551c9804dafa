#!/usr/bin/env python3
"""Draws what the terminal shows as SVG pictures for the documents: draw.py BINARY FOLDER, or --check to compare.

Each picture is of the demo's project: what `traceline demo` prints, and what `traceline check` says of it in each form for people.
"""

import html
import os
import pty
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

WIDTH, LINE, LEFT, TOP = 8.4, 19, 18, 44
COLOURS = {"31": "#e06c75", "32": "#98c379", "33": "#e5c07b", "34": "#61afef", "36": "#56b6c2",
           "91": "#e06c75", "92": "#98c379", "93": "#e5c07b", "94": "#61afef", "96": "#56b6c2"}
COLOURED = {**os.environ, "CLICOLOR_FORCE": "1", "TERM": "xterm-256color"}
COLOURED.pop("NO_COLOR", None)
# What the terminal is cleared with.
CLEARED = re.compile(rb"\x1b\[2J(\r?\x1b\[H)?")


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
            style = (f' fill="{colour}"' if colour else "") + (' font-weight="bold"' if bold else "") + (' opacity="0.6"' if dim else "")
            # Each column of a table by itself: spaces that follow each other are drawn as one.
            for found in re.finditer(r"\S+(?: \S+)*", text):
                x, y, shown = LEFT + (column + found.start()) * WIDTH, TOP + row * LINE, found.group()
                out.append(f'<text x="{x:.1f}" y="{y}" textLength="{len(shown) * WIDTH:.1f}"{style}>{html.escape(shown)}</text>')
            column += len(text)
    return "\n".join(out + ["</g>", "</svg>", ""])


def prompt(line):
    """A command as it is typed."""
    return f"\x1b[1;36m$ {line}\x1b[0m"


def check(binary, folder, *arguments):
    """What a command prints, below the command."""
    run = subprocess.run([binary, "check", *arguments], cwd=folder, capture_output=True, text=True, env=COLOURED)
    return [prompt(" ".join(["traceline check", *arguments])), "", *run.stdout.rstrip("\n").split("\n")]


class Terminal:
    """A program on a terminal of its own."""

    def __init__(self, command, folder):
        self.shown = b""
        self.process, self.end = pty.fork()
        if self.process == 0:
            os.chdir(folder)
            os.execvpe(command[0], command, COLOURED)

    def until(self, words):
        """The screen once it shows these words."""
        deadline = time.monotonic() + 60
        while words not in self.screen():
            if time.monotonic() > deadline:
                sys.exit(f"{words!r} is not shown: {self.shown!r}")
            if select.select([self.end], [], [], 1)[0]:
                self.shown += os.read(self.end, 65536)
        return self.screen().decode().replace("\r", "").rstrip("\n").split("\n")

    def screen(self):
        return CLEARED.split(self.shown)[-1]

    def leave(self):
        os.write(self.end, b"q")
        os.waitpid(self.process, 0)
        os.close(self.end)


def watch(binary, folder):
    """The screen of a watch after one mistake of the task list is mended."""
    terminal = Terminal([binary, "check", "--watch", "--format", "concise"], folder)
    terminal.until(b"q leaves")
    tasks = folder / "specs/login/tasks.md"
    new = tasks.with_name("tasks.md.new")
    new.write_text(tasks.read_text().replace("NF-1.1", "NFR-1.1"))
    new.rename(tasks)
    lines = terminal.until(b"again")
    lines = terminal.until(b"q leaves")
    terminal.leave()
    return [prompt("traceline check --watch --format concise"), "", *lines]


def demo(binary):
    """What the demo prints, and its folder."""
    run = subprocess.run([binary, "demo"], capture_output=True, text=True, check=True, env=COLOURED)
    lines = run.stdout.rstrip("\n").split("\n")
    folder = next(line for line in lines if "traceline-demo-" in line)
    folder = re.sub(r"\x1b\[[0-9;]*m", "", folder).strip()
    lines = [line.replace(folder, "…/traceline-demo") for line in lines]
    start = next(at for at, line in enumerate(lines) if "traceline check" in line)
    return lines[start:], Path(folder)


def pictures(binary):
    """Each picture's name and lines."""
    lines, folder = demo(binary)
    yield "demo", lines
    for name in ["concise", "grouped"]:
        yield name, check(binary, folder, "--format", name)
    yield "statistics", check(binary, folder, "--statistics")
    with tempfile.TemporaryDirectory() as room:
        copy = Path(room, "demo")
        shutil.copytree(folder, copy)
        yield "watch", watch(binary, copy)
        # As somebody leaves it who deletes a chapter of the specification and forgets its tasks.
        with open(copy / "specs/login/tasks.md", "a", encoding="utf-8") as tasks:
            for number in range(5, 8):
                tasks.write(f"- [ ] {number}. Show which devices are signed in, part {number - 4}\n  - _Requirements: FR-2.2, NFR-1.1, FR-3.{number - 4}_\n")
        yield "equals", check(binary, copy, "--select", "unknown-requirement")


def main():
    checks = "--check" in sys.argv
    binary, folder = [argument for argument in sys.argv[1:] if argument != "--check"]
    stale = []
    for name, lines in pictures(os.path.abspath(binary)):
        target, picture = Path(folder, f"{name}.svg"), draw(lines)
        if not checks:
            target.write_text(picture, encoding="utf-8")
        elif not target.exists() or target.read_text(encoding="utf-8") != picture:
            stale.append(str(target))
    if stale:
        sys.exit(f"{', '.join(stale)}: stale, tests/pictures/draw.py BINARY {folder}")


main()
