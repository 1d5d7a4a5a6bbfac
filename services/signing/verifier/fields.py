"""The signatures of a PDF as its form names them (ISO 32000-2 12.7, 12.8)."""

from collections.abc import Iterator
from dataclasses import dataclass

from services.signing.verifier.revisions import State
from services.signing.verifier.values import Name, OddFileError, Ref, TooComplexError, Value

FIELDS, LEVELS = 2_000, 20
FT, KIDS, TYPE, V = Name("FT"), Name("Kids"), Name("Type"), Name("V")
SIG = Name("Sig")
Dictionary = dict[Name, Value]


@dataclass(frozen=True)
class Signed:
    """A signature field that is filled.  ``number``: of the signature dictionary's object; ``field``: of its own."""

    field: int
    number: int
    dictionary: Dictionary

    @property
    def is_timestamp(self) -> bool:
        """A document timestamp."""
        return self.dictionary.get(TYPE) == Name("DocTimeStamp")


def form_of(state: State) -> Dictionary:
    """The interactive form; empty when there is none.  Raises OddFileError."""
    found = state.of(state.root.get(Name("AcroForm")))
    if not isinstance(found, dict | None):
        raise OddFileError("FORM")
    return found or {}


def terminal_fields(state: State) -> Iterator[tuple[int, Dictionary, Value]]:
    """(object number, field, type) of every field without fields below it.  Raises OddFileError, TooComplexError."""
    waiting: list[tuple[Value, Value, int]] = [
        (one, None, 0) for one in state.items(form_of(state).get(Name("Fields")))
    ]
    seen: set[int] = set()
    while waiting:
        reference, inherited, level = waiting.pop()
        if not isinstance(reference, Ref) or reference.number in seen or level > LEVELS:
            raise OddFileError("FIELDS")
        seen.add(reference.number)
        if len(seen) > FIELDS:
            raise TooComplexError
        found = state.dictionary(reference)
        kind = found.get(FT, inherited)
        kids = [one for one in state.items(found.get(KIDS)) if Name("T") in state.dictionary(one)]
        waiting += [(one, kind, level + 1) for one in kids]
        if not kids:
            yield reference.number, found, kind


def signatures_of(state: State) -> list[Signed]:
    """Raises OddFileError, also when two fields show the same signature, and TooComplexError."""
    found = []
    for number, field, kind in terminal_fields(state):
        value = field.get(V)
        if kind != SIG or value is None:
            continue
        if not isinstance(value, Ref):
            raise OddFileError("SIGNATURE_FIELD")
        found.append(Signed(number, value.number, state.dictionary(value)))
    if len({one.number for one in found}) != len(found):
        raise OddFileError("SIGNATURE_FIELD")
    return found
