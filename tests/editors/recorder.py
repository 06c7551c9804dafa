"""Stands between an editor and a server and records what they say: python3 recorder.py RECORD SERVER [ARGUMENT...]

The record is `RECORD-PROCESS.jsonl`, in the lines that `tests/support/record.rs` writes and the conformance checker reads.
Bytes pass through unchanged, each message only once it is recorded, so that a question stands before its answer.
"""

import json
import os
import signal
import subprocess
import sys
import threading


class Recorder:
    def __init__(self, path):
        self.file = open(path, "a", buffering=1, encoding="utf-8")
        self.lock = threading.Lock()

    def write(self, line):
        with self.lock:
            self.file.write(json.dumps(line) + "\n")

    def pass_on(self, who, source, sink):
        """Copies until the source ends; returns the last message."""
        buffer, last = b"", None
        while chunk := os.read(source, 1 << 16):
            buffer += chunk
            while (head := buffer.find(b"\r\n\r\n")) >= 0:
                fields = dict(line.lower().split(b":", 1) for line in buffer[:head].split(b"\r\n"))
                end = head + 4 + int(fields[b"content-length"])
                if len(buffer) < end:
                    break
                last = json.loads(buffer[head + 4 : end])
                self.write({"from": who, "message": last})
                buffer = buffer[end:]
            try:
                write_all(sink, chunk)
            except OSError:
                break
        if buffer and who == "server":
            self.write({"from": who, "junk": repr(buffer)})
        try:
            os.close(sink)
        except OSError:
            pass
        return last


def write_all(sink, data):
    while data:
        data = data[os.write(sink, data) :]


def main(record, *command):
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    recorder = Recorder(f"{record}-{os.getpid()}.jsonl")
    recorder.write({"client": os.path.basename(record)})
    # An editor that is stopped takes its servers with it.
    signal.signal(signal.SIGTERM, lambda *_: server.kill())
    ended = {}

    def from_client():
        ended["last"] = recorder.pass_on("client", sys.stdin.fileno(), server.stdin.fileno())

    client = threading.Thread(target=from_client, daemon=True)
    client.start()
    recorder.pass_on("server", server.stdout.fileno(), sys.stdout.fileno())
    code = server.wait()
    client.join(0.2)
    asked_to = (ended.get("last") or {}).get("method") == "exit"
    recorder.write({"end": "exit" if code == 0 and asked_to else "killed"})
    sys.exit(code)


if __name__ == "__main__":
    main(*sys.argv[1:])
