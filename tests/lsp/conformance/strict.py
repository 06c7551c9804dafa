"""Is a JSON value of a type of the protocol, to the letter?

lsprotocol's own converter takes 42 for a string and skips unknown keys. Here every type of it becomes a checker that
wants exact JSON types, every required field, no unknown field, no null where a field should be left out, known values
of enums, integers in range, and ranges that end after they start. A fault is a pair: where, and what.
"""

import collections.abc
import enum
import functools
import json
import types
import typing

import attrs
from lsprotocol import types as lsp

INT = range(-(2**31), 2**31)
UINT = range(0, 2**31)

# Enums whose specification says that other values may come (the metaModel's supportsCustomValues).
OPEN = {
    lsp.CodeActionKind,
    lsp.ErrorCodes,
    lsp.FoldingRangeKind,
    lsp.LanguageKind,
    lsp.LSPErrorCodes,
    lsp.PositionEncodingKind,
    lsp.SemanticTokenModifiers,
    lsp.SemanticTokenTypes,
    lsp.WatchKind,
}


def shown(value):
    """The value in a few words."""
    words = json.dumps(value, ensure_ascii=False)
    return words if len(words) <= 60 else words[:57] + "..."


def anything(_value, _at):
    return []


def plain(kind, words):
    """A checker of one JSON type; a bool is no number here, and 1 is no true."""

    def checker(value, at):
        return [] if type(value) in kind else [(at, f"want {words}, got {shown(value)}")]

    return checker


def whole(value, at):
    if type(value) is not int:
        return [(at, f"want an integer, got {shown(value)}")]
    return [] if value in INT else [(at, f"out of range: {value}")]


PLAIN = {
    str: plain((str,), "a string"),
    bool: plain((bool,), "true or false"),
    int: whole,
    float: plain((int, float), "a number"),
    type(None): plain((type(None),), "null"),
}


def literal(values):
    def checker(value, at):
        return [] if value in values else [(at, f"want {' or '.join(map(shown, values))}, got {shown(value)}")]

    return checker


def enumerated(cls):
    base = int if issubclass(cls, int) else str
    known = {member.value for member in cls}

    def checker(value, at):
        good = type(value) is base and (cls in OPEN or value in known)
        return [] if good else [(at, f"want {cls.__name__}, got {shown(value)}")]

    return checker


def array(of):
    def checker(value, at):
        if not isinstance(value, list):
            return [(at, f"want an array, got {shown(value)}")]
        inner = of()
        return [fault for number, one in enumerate(value) for fault in inner(one, (*at, number))]

    return checker


def fixed(parts):
    def checker(value, at):
        if not isinstance(value, list) or len(value) != len(parts):
            return [(at, f"want an array of {len(parts)}, got {shown(value)}")]
        return [fault for number, part in enumerate(parts) for fault in part()(value[number], (*at, number))]

    return checker


def mapping(of):
    def checker(value, at):
        if not isinstance(value, dict):
            return [(at, f"want an object, got {shown(value)}")]
        inner = of()
        return [fault for key, one in value.items() for fault in inner(one, (*at, key))]

    return checker


def either(choices):
    def checker(value, at):
        best = None
        for choice in choices:
            faults = choice()(value, at)
            if not faults:
                return []
            # What it comes nearest to is the alternative whose fault lies deepest; of those the one with the fewest.
            near = (max(len(place) for place, _ in faults), -len(faults))
            if best is None or near > best[0]:
                best = (near, faults)
        return best[1]

    return checker


def camel(name):
    head, *rest = name.rstrip("_").split("_")
    return head + "".join(part.title() for part in rest)


def structure(cls):
    attrs.resolve_types(cls, vars(lsp))
    fields = {}
    for field in attrs.fields(cls):
        # Some optional fields mean something by null; all others are left out.
        keeps_null = field.default is not None or lsp.is_special_property(cls, field.name)
        unsigned = getattr(field.validator, "__name__", "") == "uinteger_validator" or "uinteger" in repr(field.validator)
        required = field.default is attrs.NOTHING
        fields[camel(field.name)] = (required, keeps_null or admits_any(field.type), unsigned, later(field.type))

    def checker(value, at):
        if not isinstance(value, dict):
            return [(at, f"want {cls.__name__}, got {shown(value)}")]
        faults = [((*at, key), f"unknown in {cls.__name__}") for key in value if key not in fields]
        for key, (required, keeps_null, unsigned, inner) in fields.items():
            if key not in value:
                if required:
                    faults.append(((*at, key), f"missing in {cls.__name__}"))
                continue
            one = value[key]
            if one is None and not keeps_null:
                faults.append(((*at, key), f"null in {cls.__name__}: leave it out"))
                continue
            found = inner()(one, (*at, key))
            if not found and unsigned and type(one) is int and one not in UINT:
                found = [((*at, key), f"out of range: {one}")]
            faults += found
        if cls is lsp.Range and not faults:
            start, end = ((value[side]["line"], value[side]["character"]) for side in ("start", "end"))
            if start > end:
                faults.append((at, "a range that ends before it starts"))
        return faults

    return checker


def admits_any(kind):
    return kind is typing.Any or kind is lsp.LSPAny


def later(kind):
    """The checker of a type, made when it is first needed: types of the protocol contain themselves."""
    return functools.partial(checker_of, Kind(kind))


class Kind:
    """A type as a key of the cache: lsprotocol's aliases compare by what they are, not by what they say."""

    def __init__(self, kind):
        if isinstance(kind, typing.ForwardRef):
            kind = kind.__forward_arg__
        self.kind = getattr(lsp, kind) if isinstance(kind, str) else kind

    def __hash__(self):
        return hash(repr(self.kind))

    def __eq__(self, other):
        return self.kind is other.kind or repr(self.kind) == repr(other.kind)


@functools.cache
def checker_of(key):
    kind = key.kind
    if kind in (typing.Any, object) or kind is lsp.LSPAny or kind is lsp.LSPObject:
        return anything
    if isinstance(kind, type) and kind in PLAIN:
        return PLAIN[kind]
    origin, parts = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        return either([later(part) for part in parts])
    if origin is typing.Literal:
        return literal(parts)
    if origin in (list, collections.abc.Sequence):
        return array(later(parts[0]))
    if origin is tuple:
        return fixed([later(part) for part in parts])
    if origin in (dict, collections.abc.Mapping):
        return mapping(later(parts[1]))
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return enumerated(kind)
    if attrs.has(kind):
        return structure(kind)
    raise TypeError(f"no checker for {kind!r}")


def faults(value, kind, at=()):
    """What is wrong with a value as this type: pairs of a place and words."""
    return checker_of(Kind(kind))(value, at)
