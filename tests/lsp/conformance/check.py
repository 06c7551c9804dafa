"""Checks recorded sessions: python check.py DIR

Each `*.jsonl` in DIR is a session as `tests/support/record.rs` writes it. Prints every fault once with how often and
where it came up first; the exit code is 1 when there is any, or when no message was checked at all.
"""

import collections
import json
import pathlib
import sys

from session import Session


def main(folder):
    records = sorted(pathlib.Path(folder).glob("*.jsonl"))
    checked, found = 0, collections.defaultdict(list)
    for record in records:
        session = Session()
        with record.open(encoding="utf-8") as lines:
            for line in lines:
                session.feed(json.loads(line))
        for fault in session.finish():
            found[fault].append(record.name)
        checked += session.checked
    for fault, names in found.items():
        print(f"{fault}\n    {len(names)} times, first in {names[0]}")
    print(f"{len(records)} sessions, {checked} messages, {len(found)} kinds of fault")
    return 1 if found or not checked else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
