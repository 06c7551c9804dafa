#!/usr/bin/env python3
"""Holds the answers of a binary for Windows, under Wine, against those of one for this system: same.py NATIVE EXE CORPUS

Of each repository: the report of `check`, and what the server says of each document: its symbols (the definitions), semantic
tokens (definitions and references, and which of them lead somewhere), lenses (who refers to what) and links.
"""
import json, os, pathlib, subprocess, sys
from urllib.parse import quote

QUESTIONS = ("documentSymbol", "semanticTokens/full", "codeLens", "documentLink")


class Server:
    def __init__(self, command, root):
        self.process = subprocess.Popen(command + ["server"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.number = 0
        tokens = {"requests": {"full": True}, "tokenTypes": [], "tokenModifiers": [], "formats": ["relative"]}
        document = {"semanticTokens": tokens, "documentSymbol": {"hierarchicalDocumentSymbolSupport": True}}
        capabilities = {"textDocument": document, "window": {"workDoneProgress": False}}
        self.ask("initialize", {"processId": None, "rootUri": root, "capabilities": capabilities,
                                "workspaceFolders": [{"uri": root, "name": "it"}]})
        self.say({"method": "initialized", "params": {}})

    def say(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def hear(self):
        length = 0
        while line := self.process.stdout.readline().strip():
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        if not length:
            raise SystemExit("the server has ended")
        return json.loads(self.process.stdout.read(length))

    def ask(self, method, params):
        self.number += 1
        self.say({"id": self.number, "method": method, "params": params})
        while True:
            message = self.hear()
            if "method" in message and "id" in message:
                self.say({"id": message["id"], "result": None})
            elif message.get("id") == self.number:
                return message.get("result", message.get("error"))

    def end(self):
        self.ask("shutdown", None)
        self.say({"method": "exit"})
        try:
            return self.process.wait(20)
        except subprocess.TimeoutExpired:
            # tests/windows/run says what Wine does there. A server of this system has no such excuse.
            self.process.kill()
            if self.process.args[0] != "wine":
                raise
            return 0


def said(command, root, folder, files):
    """What the binary says of a repository, without what is spelt in another way there."""
    check = subprocess.run(command + ["check", "--format", "json", "--allow-empty"], cwd=folder, capture_output=True)
    report = json.loads(check.stdout)
    own = report.pop("root")
    yield f"check ends with {check.returncode}"
    yield from (json.dumps(part, sort_keys=True) for part in [report["summary"], *report["findings"]])
    server = Server(command, root)
    for file in files:
        document = {"uri": f"{root}/{quote(str(file.relative_to(folder)))}"}
        text = file.read_bytes().decode("utf-8-sig", errors="replace")
        server.say({"method": "textDocument/didOpen", "params": {"textDocument": {**document, "languageId": "markdown", "version": 1, "text": text}}})
        for question in QUESTIONS:
            answer = json.dumps(server.ask(f"textDocument/{question}", {"textDocument": document}), sort_keys=True)
            yield f"{file} {question} {answer.replace(root, 'ROOT').replace(own, 'ROOT')}"
        server.say({"method": "textDocument/didClose", "params": {"textDocument": document}})
    yield f"the server ends with {server.end()}"


def main(native, exe, corpus):
    differing = total = 0
    for folder in sorted(it for it in pathlib.Path(corpus).resolve().iterdir() if it.is_dir()):
        files = sorted(it for it in folder.rglob("*.md") if it.is_file())
        drive = subprocess.run(["wine", "winepath", "-w", str(folder)], capture_output=True, text=True).stdout.strip()
        letter, rest = drive[0], drive[2:].replace("\\", "/")
        here = list(said([native], "file://" + quote(str(folder)), folder, files))
        there = list(said(["wine", exe], f"file:///{letter.lower()}%3A{quote(rest)}", folder, files))
        wrong = [(a, b) for a, b in zip(here, there) if a != b]
        total += len(here)
        if wrong or len(here) != len(there):
            differing += 1
            print(f"{folder.name}: {len(wrong)} answers differ, {len(here)} here and {len(there)} under Wine")
            for a, b in wrong[:3]:
                print(f"    here  {a[:400]}\n    there {b[:400]}")
    print(f"{total} answers, {differing} repositories differ")
    return differing


if __name__ == "__main__":
    sys.exit(1 if main(*sys.argv[1:]) else 0)
