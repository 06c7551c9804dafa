#!/usr/bin/env python3
"""Runs the binary for Windows on a console, which Wine makes of a terminal: console.py EXE"""
import os, pathlib, pty, re, select, subprocess, sys, tempfile, time


def on_console(command, folder, keys=b"", after=b"", patience=60):
    """What the command shows, and its exit code; `keys` are typed once `after` is shown."""
    process, terminal = pty.fork()
    if process == 0:
        os.chdir(folder)
        os.environ["TERM"] = "xterm-256color"
        os.execvp(command[0], command)
    shown, deadline = b"", time.monotonic() + patience
    while time.monotonic() < deadline:
        if select.select([terminal], [], [], 0.2)[0]:
            try:
                part = os.read(terminal, 65536)
            except OSError:
                part = b""
            if not part:
                break
            shown += part
        if keys and after in shown:
            time.sleep(1)
            os.write(terminal, keys)
            keys = b""
        done, status = os.waitpid(process, os.WNOHANG)
        if done:
            while select.select([terminal], [], [], 0.2)[0]:
                try:
                    part = os.read(terminal, 65536)
                except OSError:
                    break
                if not part:
                    break
                shown += part
            return shown, os.waitstatus_to_exitcode(status)
    # The terminal is closed a moment before its process has ended.
    while time.monotonic() < deadline:
        done, status = os.waitpid(process, os.WNOHANG)
        if done:
            return shown, os.waitstatus_to_exitcode(status)
        time.sleep(0.05)
    os.kill(process, 9)
    os.waitpid(process, 0)
    return shown, None


def main(exe):
    with tempfile.TemporaryDirectory() as folder:
        specs = pathlib.Path(folder, "specs", "größe")
        specs.mkdir(parents=True)
        (specs / "spec.md").write_text("- **FR-1.1**: 登录 – schön\n", encoding="utf-8")
        (specs / "tasks.md").write_text("- [ ] 1. Büro\n  - _Requirements: FR-9.9_\n", encoding="utf-8")
        shown, code = on_console(["wine", exe, "check"], folder)
        text = shown.decode("utf-8", errors="replace")
        plain = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", text)
        assert "größe" in plain and "FR-9.9" in plain, text
        assert re.search(r"\x1b\[[0-9;]*[0-9]m", text), f"no colour: {text!r}"
        assert code == 1, (code, text)
        # The console ends what runs in it; a server waits for its input until then.
        shown, code = on_console(["wine", exe, "server"], folder, keys=b"\x03")
        # Wine ends it with 0, where Windows says 0xC000013A: that it ends is all that can be seen here.
        assert code is not None, shown
        # Where nobody looks, nothing but the words is written, each letter whole.
        done = subprocess.run(["wine", exe, "check"], cwd=folder, capture_output=True, stdin=subprocess.DEVNULL)
        assert done.returncode == 1 and b"\x1b" not in done.stdout, done
        assert "größe" in done.stdout.decode("utf-8"), done
    print("colours, letters, exit codes and Ctrl-C on a console: ok")


if __name__ == "__main__":
    main(sys.argv[1])
