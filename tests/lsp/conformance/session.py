"""The messages of one recorded session, held against the protocol one by one and against each other.

What is looked for beside the types: each request answered exactly once, answers only to what was asked, ids of the
server's requests used once, progress that was created before it begins and begins before it ends, partial results only
to a token that was given for them, and neither after the answer. What a
test sent wrongly on purpose is marked in the record, and only the server's part is judged.
"""

import functools

import attrs
from lsprotocol import types as lsp

from strict import faults


PARTIAL = {
    "textDocument/diagnostic": lsp.DocumentDiagnosticReportPartialResult,
    "workspace/diagnostic": lsp.WorkspaceDiagnosticReportPartialResult,
}


@functools.cache
def result_type(method):
    """The type of a request's result, or None where the method is not of the protocol."""
    response = lsp.METHOD_TO_TYPES[method][1] if method in lsp.METHOD_TO_TYPES else None
    if response is None:
        return None
    attrs.resolve_types(response, vars(lsp))
    return attrs.fields_dict(response)["result"].type


class Session:
    """Fed with the lines of a record, in order; `faults` are the sentences found so far."""

    def __init__(self):
        self.faults = []
        self.checked = 0
        self.raw = False
        # A real editor's name, where one was recorded: what it says is as it is, and only the server is judged.
        self.editor = None
        self.ended = None
        # Whether the client has said `exit`.
        self.left = False
        self.asked = {"client": {}, "server": {}}
        self.answered = {"client": set(), "server": set()}
        self.tokens = {}
        self.given = {}

    def feed(self, line):
        if "client" in line:
            self.editor = line["client"]
        elif "end" in line:
            self.ended = line["end"]
        elif "raw" in line:
            self.raw = True
        elif "junk" in line:
            self.fault("server", "bytes", (), f"outside the protocol: {line['junk'][:80]}")
        else:
            self.message(line["from"], line["message"], line.get("malformed", False))

    def finish(self):
        """The faults of the whole session."""
        # An editor that says `exit` while it has open questions is gone before their answers; our own clients wait for them.
        if self.ended != "killed" and not (self.editor and self.left):
            for id_, method in self.asked["client"].items():
                if id_ not in self.answered["client"]:
                    self.fault("server", method, (), f"request {id_!r} was never answered")
        return self.faults

    def fault(self, who, method, at, words):
        if who == "client" and self.editor:
            return
        place = ".".join(map(str, at)) or "message"
        self.faults.append(f"{who}: {method}: {place}: {words}")

    def message(self, who, message, malformed):
        if malformed:
            self.raw = True
            if isinstance(message, dict) and "id" in message and "method" in message:
                self.asked[who][self.key(message["id"])] = message["method"]
            return
        self.checked += 1
        if not isinstance(message, dict):
            self.fault(who, "(none)", (), "is no object")
            return
        if message.get("jsonrpc") != "2.0":
            self.fault(who, message.get("method", "response"), ("jsonrpc",), "want \"2.0\"")
        if "method" in message:
            self.call(who, message)
        else:
            self.answer(who, message)

    @staticmethod
    def key(id_):
        # 1 and "1" are two ids; true is none.
        return (type(id_).__name__, str(id_))

    def call(self, who, message):
        method = message["method"]
        self.left |= who == "client" and method == "exit"
        if who == "client" and method == "initialize":
            # Real editors claim capabilities that are older or newer than these types; the server copes with all.
            pass
        elif method in lsp.METHOD_TO_TYPES:
            kind = lsp.METHOD_TO_TYPES[method][0]
            for at, words in faults(message, kind):
                self.fault(who, method, at, words)
        else:
            self.fault(who, method, ("method",), "is not of the protocol")
        if "id" in message:
            key = self.key(message["id"])
            if key in self.asked[who]:
                self.fault(who, method, ("id",), "is used a second time")
            self.asked[who][key] = method
            if who == "client":
                self.give(key, method, message.get("params"))
        if who == "server":
            self.progress(method, message.get("params"))

    def give(self, request, method, params):
        """Notes the tokens that a request of the client carries."""
        params = params if isinstance(params, dict) else {}
        if "workDoneToken" in params:
            token = self.key(params["workDoneToken"])
            self.tokens[token], self.given[token] = "created", (request, None)
        if "partialResultToken" in params:
            self.given[self.key(params["partialResultToken"])] = (request, method)

    def progress(self, method, params):
        if method == "window/workDoneProgress/create" and isinstance(params, dict):
            self.tokens[self.key(params.get("token"))] = "created"
        if method != "$/progress" or not isinstance(params, dict) or not isinstance(params.get("value"), dict):
            return
        token, kind = self.key(params.get("token")), params["value"].get("kind")
        request, partial = self.given.get(token, (None, None))
        if request in self.answered["client"]:
            self.fault("server", method, ("token",), "its request was answered before")
        if partial is not None:
            if partial not in PARTIAL:
                self.fault("server", method, ("value",), f"a partial result of {partial}")
                return
            for at, words in faults(params["value"], PARTIAL[partial], ("value",)):
                self.fault("server", method, at, words)
            return
        state = self.tokens.get(token)
        allowed = {"begin": "created", "report": "begin", "end": "begin"}.get(kind)
        if state != allowed:
            self.fault("server", method, ("value", "kind"), f"{kind} of a progress that is {state or 'not created'}")
        self.tokens[token] = "begin" if kind == "report" else kind

    def answer(self, who, message):
        asker = "server" if who == "client" else "client"
        if "id" not in message:
            self.fault(who, "response", ("id",), "missing")
            return
        key = self.key(message["id"])
        method = self.asked[asker].get(key)
        unknown = set(message) - {"jsonrpc", "id", "result", "error"}
        for name in sorted(unknown):
            self.fault(who, method or "response", (name,), "unknown in a response")
        if ("result" in message) == ("error" in message):
            self.fault(who, method or "response", (), "want either a result or an error")
            return
        if "error" in message:
            for at, words in faults(message["error"], lsp.ResponseError, ("error",)):
                self.fault(who, method or "response", at, words)
        if method is None:
            # Only bytes that could not be read, or were written by hand, may be answered without a known request.
            if not self.raw:
                self.fault(who, "response", ("id",), f"answers no request: {message['id']!r}")
            return
        if key in self.answered[asker]:
            self.fault(who, method, ("id",), "is answered twice")
        self.answered[asker].add(key)
        kind = result_type(method)
        if "result" in message and kind is not None:
            for at, words in faults(message["result"], kind, ("result",)):
                self.fault(who, method, at, words)
