"""Finding a procedure by a resident's words.  Folding is for comparing only; nothing folded is stored."""

import unicodedata
from collections.abc import Sequence
from itertools import chain, zip_longest

from services.intake.domain.procedure import Procedure

NEAREST, SHOWN = 3, 3
HIRAGANA_FROM = 0x60
KATAKANA = range(ord("ァ"), ord("ヶ") + 1)


def fold(text: str) -> str:
    """Width, case and katakana folded away."""
    wide = unicodedata.normalize("NFKC", text).casefold()
    return "".join(chr(ord(char) - HIRAGANA_FROM) if ord(char) in KATAKANA else char for char in wide)


def find(procedures: Sequence[Procedure], query: str) -> list[Procedure]:
    """The procedures that have every word of the query, in kana order."""
    words = fold(query).split()
    found = [one for one in procedures if all(word in _haystack(one) for word in words)]
    return sorted(found, key=lambda one: one.kana)


def nearest(procedures: Sequence[Procedure], query: str) -> list[Procedure]:
    """The three procedures that share most pairs of characters with the query."""
    wanted = _pairs(fold(query))
    return sorted(procedures, key=lambda one: -len(wanted & _pairs(_haystack(one))))[:NEAREST]


def examples(procedures: Sequence[Procedure]) -> list[str]:
    """Three words that find something: the first of each procedure, then the second of each."""
    frequent = sorted(procedures, key=lambda one: (one.frequent == 0, one.frequent))
    words = chain.from_iterable(zip_longest(*(one.search_words for one in frequent)))
    return list(dict.fromkeys(word for word in words if word))[:SHOWN]


def _haystack(procedure: Procedure) -> str:
    return fold(" ".join((procedure.name, procedure.kana, procedure.summary.lead, *procedure.search_words)))


def _pairs(text: str) -> set[str]:
    return {text[place : place + 2] for place in range(len(text) - 1)}
