"""What a signed document must not hold at all: what lies hidden in it for a later change, and what acts by itself."""

import re
from collections.abc import Iterator
from itertools import islice

from services.signing.verifier.fields import SIG, form_of, signatures_of, terminal_fields
from services.signing.verifier.revisions import Revisions, State
from services.signing.verifier.values import Name, OddFileError, Ref, TooComplexError, Value

PAGES, ANNOTATIONS = 5_000, 2_000
HARMLESS = {Name(one) for one in ("URI", "GoTo", "Named")}
OBJECT = re.compile(rb"(?<![0-9A-Za-z])([0-9]{1,10}) ([0-9]{1,5}) obj(?![A-Za-z0-9])")
STREAM_LENGTH = re.compile(rb"/Length[\x00\t\n\x0c\r ]{1,4}([0-9]{1,10})(?![0-9 ]{1,8}R)")
GO_TO = {Name("GoTo"), Name("GoToR")}


def page_count(state: State) -> int:
    """As the page tree says it.  Raises OddFileError, and TooComplexError for more than any document here has."""
    pages = state.dictionary(state.root.get(Name("Pages")))
    count = pages.get(Name("Count"))
    if not isinstance(count, int) or count < 0:
        raise OddFileError("PAGES")
    if count > PAGES:
        raise TooComplexError
    return count


def active_parts(state: State) -> Iterator[str]:
    """What makes a document look otherwise at another time, or do something (ISO 32000-2 12.6): shown as it is, it is
    not what was signed.
    """
    root, form = state.root, form_of(state)
    names = state.of(root.get(Name("Names")))
    opens = state.of(root.get(Name("OpenAction")))
    if Name("AA") in root or (isinstance(names, dict) and Name("JavaScript") in names):
        yield "ACTIVE"
    if isinstance(opens, dict) and state.of(opens.get(Name("S"))) not in GO_TO:
        yield "ACTIVE"
    if Name("XFA") in form or form.get(Name("NeedAppearances")) is True:
        yield "ACTIVE"
    fields = {number: kind for number, _, kind in terminal_fields(state)}
    if set(fields.values()) - {SIG}:
        yield "FORM_FIELDS"
    yield from _active_annotations(state, set(fields))


def _active_annotations(state: State, fields: set[int]) -> Iterator[str]:
    """Beside links and the form's own widgets nothing lies upon a page."""
    for reference in islice(_annotations(state), ANNOTATIONS):
        found = state.of(reference)
        kind = found.get(Name("Subtype")) if isinstance(found, dict) else None
        if kind == Name("Widget") and isinstance(reference, Ref) and isinstance(found, dict):
            parent = found.get(Name("Parent"))
            if not {reference.number, parent.number if isinstance(parent, Ref) else -1} & fields:
                yield "FORM_FIELDS"
        elif kind != Name("Link") or not isinstance(found, dict):
            yield "ANNOTATIONS"
        elif _acts(state.of(found.get(Name("A")))):
            yield "ACTIVE"


def _acts(action: Value) -> bool:
    return isinstance(action, dict) and action.get(Name("S")) not in HARMLESS


def _annotations(state: State) -> Iterator[Value]:
    waiting: list[Value] = [state.root.get(Name("Pages"))]
    seen: set[int] = set()
    while waiting:
        reference = waiting.pop()
        if not isinstance(reference, Ref) or reference.number in seen:
            raise OddFileError("PAGES")
        seen.add(reference.number)
        if len(seen) > 2 * PAGES:
            raise TooComplexError
        page = state.dictionary(reference)
        waiting += state.items(page.get(Name("Kids")))
        yield from state.items(page.get(Name("Annots")))


def certified_by(state: State) -> int | None:
    """Object number of the certifying signature, as the catalog names it.  Raises OddFileError."""
    permissions = state.of(state.root.get(Name("Perms")))
    if not isinstance(permissions, dict) or Name("DocMDP") not in permissions:
        return None
    found = permissions[Name("DocMDP")]
    if not isinstance(found, Ref):
        raise OddFileError("CERTIFICATION")
    return found.number


def is_rightly_certified(state: State) -> bool:
    """The certifying signature is one of the form's, and only one claims to be it (12.8.2.2)."""
    signatures = signatures_of(state)
    claiming = [one.number for one in signatures if _claims_certification(state, one.dictionary.get(Name("Reference")))]
    certified = certified_by(state)
    return claiming in ([], [certified]) and (certified is None or certified in [one.number for one in signatures])


def _claims_certification(state: State, references: Value) -> bool:
    found = [state.of(one) for one in state.items(references)]
    return any(isinstance(one, dict) and one.get(Name("TransformMethod")) == Name("DocMDP") for one in found)


def hidden_objects(revisions: Revisions, state: State) -> bool:
    """Whether the file holds a second version of an object in use that no cross-reference section knows: what a shadow
    attack puts there, to be shown later.
    """
    known = {place.at for section in revisions.sections for place in section.places.values() if not place.stream}
    known |= {section.start for section in revisions.sections}
    return any(at not in known and state.place(number) is not None for number, at in _definitions(revisions.pdf))


def _definitions(pdf: bytes) -> Iterator[tuple[int, int]]:
    """Every ``N G obj`` outside of streams whose length stands in them."""
    at, closed, stream = 0, 0, 0
    while found := OBJECT.search(pdf, at):
        yield int(found[1]), found.start()
        at = found.end()
        closed, stream = _next(pdf, b"endobj", at, closed), _next(pdf, b"stream", at, stream)
        if stream < closed:
            at = _behind(pdf, at, stream)


def _next(pdf: bytes, word: bytes, at: int, known: int) -> int:
    """Where the word stands next; the file's end when it does not.  ``known``: the last answer, still right or not."""
    if known >= at:
        return known
    found = pdf.find(word, at)
    return found if found >= 0 else len(pdf)


def _behind(pdf: bytes, at: int, stream: int) -> int:
    """The end of a stream as its length tells it, where that is true; else ``at``."""
    length = STREAM_LENGTH.search(pdf, max(at, stream - 4096), stream)
    end = stream + int(length[1]) if length else 0
    return end if end > 0 and pdf.find(b"endstream", end, end + 32) >= 0 else at
