"""The checker itself: it knows every type of the protocol, passes good messages, and catches bad ones.

    python -m unittest selftest
"""

import inspect
import unittest

import attrs
from lsprotocol import types as lsp
from session import Session
from strict import faults

RANGE = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 3}}
DIAGNOSTIC = {"range": RANGE, "message": "m", "severity": 2, "code": "c", "source": "s", "data": {"any": [None, 1]}}
HOVER = {"jsonrpc": "2.0", "id": 1, "method": "textDocument/hover",
         "params": {"textDocument": {"uri": "file:///a.md"}, "position": {"line": 0, "character": 0}}}


def client(message, **more):
    return {"from": "client", "message": message, **more}


def server(**message):
    return {"from": "server", "message": {"jsonrpc": "2.0", **message}}


def session(*lines):
    it = Session()
    for line in lines:
        it.feed(line)
    return it.finish()


class Types(unittest.TestCase):
    def test_every_type_of_the_protocol_has_a_checker(self):
        classes = [cls for _, cls in inspect.getmembers(lsp, inspect.isclass) if attrs.has(cls)]
        self.assertGreater(len(classes), 300)
        for cls in classes:
            for value in (None, 1, "s", True, 1.5, {}, [], [{}], [1, 2], [[]]):
                faults(value, cls)
                attrs.resolve_types(cls, vars(lsp))
                for field in attrs.fields(cls):
                    faults(value, field.type)

    def test_what_is_good_passes(self):
        self.assertEqual(faults(DIAGNOSTIC, lsp.Diagnostic), [])
        self.assertEqual(faults({"contents": {"kind": "markdown", "value": "x"}, "range": RANGE}, lsp.Hover), [])

    def test_what_is_bad_is_caught(self):
        place = {"line": 0, "character": 0}
        for change, words in [
            ({"message": 42}, "want a string"),
            ({"message": None}, "want a string"),
            ({"severity": 9}, "want DiagnosticSeverity"),
            ({"severity": True}, "want DiagnosticSeverity"),
            ({"source": None}, "leave it out"),
            ({"colour": "red"}, "unknown in Diagnostic"),
            ({"tags": [1, 7]}, "want DiagnosticTag"),
            ({"codeDescription": {}}, "missing in CodeDescription"),
            ({"range": {"start": {"line": -1, "character": 0}, "end": place}}, "out of range"),
            ({"range": {"start": {"line": 1.0, "character": 0}, "end": place}}, "want an integer"),
            ({"range": {"start": {"line": 1, "character": 0}, "end": place}}, "ends before"),
            ({"range": {"start": place}}, "missing in Range"),
        ]:
            found = faults(DIAGNOSTIC | change, lsp.Diagnostic)
            self.assertTrue(any(words in what for _, what in found), (change, found))

    def test_a_missing_field_is_caught(self):
        for key in ("range", "message"):
            value = {name: one for name, one in DIAGNOSTIC.items() if name != key}
            self.assertEqual([what for _, what in faults(value, lsp.Diagnostic)], ["missing in Diagnostic"])


class Sessions(unittest.TestCase):
    def test_a_good_session_passes(self):
        self.assertEqual(session(client(HOVER), server(id=1, result=None), {"end": "exit"}), [])

    def test_a_real_editor_is_not_judged_and_the_server_is(self):
        # Kate says `shutdown` without an id, Emacs with `"params": null`.
        shutdown = client({"jsonrpc": "2.0", "method": "shutdown", "params": {}})
        self.assertNotEqual(session(shutdown), [])
        self.assertEqual(session({"client": "kate"}, shutdown), [])
        self.assertNotEqual(session({"client": "kate"}, client(HOVER), server(id=1, result=7)), [])

    def test_bad_sessions_are_caught(self):
        create = server(id="p", method="window/workDoneProgress/create", params={"token": "t"})
        begin = server(method="$/progress", params={"token": "t", "value": {"kind": "begin", "title": "x"}})
        end = server(method="$/progress", params={"token": "t", "value": {"kind": "end"}})
        for lines, words in [
            ([client(HOVER)], "never answered"),
            ([client(HOVER), server(id=1, result=None), server(id=1, result=None)], "answered twice"),
            ([client(HOVER), server(id=1, result={"contents": 7})], "result.contents"),
            ([client(HOVER), server(id=1)], "either a result or an error"),
            ([client(HOVER), server(id=1, result=None, error={"code": 1, "message": ""})], "either a result or an error"),
            ([client(HOVER), server(id=1, error={"message": "no code"})], "missing in ResponseError"),
            ([client(HOVER), server(id=1, result=None, extra=1)], "unknown in a response"),
            ([client(HOVER), server(id=1, result=None), server(id=2, result=None)], "answers no request"),
            ([client(HOVER), server(id=1, result=None), server(id=None, error={"code": -32700, "message": "x"})], "answers no request"),
            ([client(HOVER), server(id="1", result=None)], "answers no request"),
            ([server(method="traceline/own", params={})], "not of the protocol"),
            ([server(method="textDocument/publishDiagnostics", params={"uri": "u"})], "diagnostics"),
            ([begin], "not created"),
            ([create, end], "end of a progress"),
            ([create, begin, begin], "begin of a progress"),
            ([create, create], "used a second time"),
            ([{"from": "server", "junk": "hello"}], "outside the protocol"),
            ([{"from": "server", "message": {"id": 1, "result": None}}], "jsonrpc"),
        ]:
            found = session(*lines)
            self.assertTrue(any(words in fault for fault in found), (words, found))

    def test_tokens_that_the_client_gives_are_good_until_the_answer(self):
        params = {"previousResultIds": [], "partialResultToken": "p", "workDoneToken": "w"}
        ask = client({"jsonrpc": "2.0", "id": 1, "method": "workspace/diagnostic", "params": params})
        part = server(method="$/progress", params={"token": "p", "value": {"items": []}})
        begin = server(method="$/progress", params={"token": "w", "value": {"kind": "begin", "title": "x"}})
        end = server(method="$/progress", params={"token": "w", "value": {"kind": "end"}})
        answer = server(id=1, result={"items": []})
        self.assertEqual(session(ask, begin, part, end, part, answer, {"end": "exit"}), [])
        for lines, words in [
            ([ask, answer, part], "answered before"),
            ([ask, begin, answer, end], "answered before"),
            ([ask, server(method="$/progress", params={"token": "p", "value": {"items": [7]}})], "value.items"),
        ]:
            found = session(*lines)
            self.assertTrue(any(words in fault for fault in found), (words, found))

    def test_what_is_wrong_on_purpose_is_not_judged(self):
        bad = {"jsonrpc": "2.0", "id": 1, "method": "traceline/nothing", "params": 7}
        good = [client(bad, malformed=True), server(id=1, error={"code": -32601, "message": "x"})]
        self.assertEqual(session(*good, {"end": "exit"}), [])
        raw = [{"from": "client", "raw": "{"}, server(id=None, error={"code": -32700, "message": "x"})]
        self.assertEqual(session(*raw, {"end": "exit"}), [])

    def test_but_it_must_be_answered(self):
        bad = {"jsonrpc": "2.0", "id": 1, "method": "traceline/nothing"}
        self.assertTrue(any("never answered" in fault for fault in session(client(bad, malformed=True))))
        self.assertEqual(session(client(bad, malformed=True), {"end": "killed"}), [])

    def test_unless_an_editor_has_left(self):
        leave = client({"jsonrpc": "2.0", "method": "exit"})
        ends = [client(HOVER), leave, {"end": "exit"}]
        self.assertEqual(session({"client": "neovim"}, *ends), [])
        for lines in [ends, [{"client": "neovim"}, client(HOVER), {"end": "exit"}]]:
            self.assertTrue(any("never answered" in fault for fault in session(*lines)), lines)


if __name__ == "__main__":
    unittest.main()
