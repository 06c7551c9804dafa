"""Speaks to a server that a package installed: python3 greet.py COMMAND...

Starts it, asks what it can do and ends it, as an editor does; then starts another and takes its input away.
"""

import json
import subprocess
import sys


def send(server, message):
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    server.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    server.stdin.flush()


def receive(server):
    length = 0
    while (line := server.stdout.readline().strip()):
        name, value = line.split(b":")
        if name.lower() == b"content-length":
            length = int(value)
    return json.loads(server.stdout.read(length))


def start(command):
    return subprocess.Popen([*command, "server"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def main(command):
    server = start(command)
    send(server, {"id": 1, "method": "initialize", "params": {"processId": None, "rootUri": None, "capabilities": {}}})
    answer = receive(server)
    assert answer["result"]["serverInfo"]["name"] == "traceline", answer
    assert answer["result"]["capabilities"]["hoverProvider"], answer
    send(server, {"method": "initialized", "params": {}})
    send(server, {"id": 2, "method": "shutdown"})
    while (answer := receive(server)).get("id") != 2:
        pass
    assert answer["result"] is None, answer
    send(server, {"method": "exit"})
    assert server.wait(5) == 0, server.returncode

    for end in (lambda it: it.stdin.close(), lambda it: it.terminate()):
        server = start(command)
        send(server, {"id": 1, "method": "initialize", "params": {"processId": None, "rootUri": None, "capabilities": {}}})
        receive(server)
        end(server)
        # All that hold its output must be gone, and not only the one that was started.
        server.wait(5)
        assert server.stdout.read() == b"", "it said something after its end"


if __name__ == "__main__":
    main(sys.argv[1:])
