"""The second engine: our own look at a signed PDF, its revisions, its signatures' bytes and their CMS objects."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from services.signing.cms_form import UNBOUND, CmsFormError, inspect_cms
from services.signing.dss import DssFormError
from services.signing.dss_form import inspect_data
from services.signing.structure import (
    Hole,
    Inspected,
    StructureError,
    contents_of,
    covered_by,
    data_after,
    holes_of,
    loose_contents,
)
from services.signing.verifier.changes import ChangedError, check_changes
from services.signing.verifier.digests import mismatches
from services.signing.verifier.fields import Signed, signatures_of
from services.signing.verifier.revisions import Revisions, State, read_object, read_revisions, start_before
from services.signing.verifier.shape import active_parts, hidden_objects, is_rightly_certified, page_count
from services.signing.verifier.values import Name, OddFileError, Text

Codes = dict[str, None]
VISIBLE = frozenset({"CHANGED_PAGE", "OLD_OBJECT_REVIVED"})


@dataclass
class Inspection:
    """Codes, in the order in which they were found.

    ``broken``: the signature says so itself, whoever signed.  ``general``: no rightly signed document has this.
    ``form``: ours never have it.  ``doubts``: what keeps a document from being called valid without being a fault.
    ``signatures``: how many there are, document timestamps included.
    """

    broken: Codes = field(default_factory=dict)
    general: Codes = field(default_factory=dict)
    form: Codes = field(default_factory=dict)
    doubts: Codes = field(default_factory=dict)
    signatures: int = 0

    @property
    def has_changes(self) -> bool:
        """Whether something that readers see was changed after the signature, whatever else a writer may have done."""
        return not VISIBLE.isdisjoint(self.general)


def inspect_file(pdf: bytes, roots: tuple[bytes, ...]) -> Inspection:
    """``roots``: DER of those that are trusted.  Raises TooComplexError and MemoryError."""
    found = Inspection()
    try:
        holes = holes_of(pdf)
    except StructureError as error:
        found.general[error.code] = None
        return found
    found.signatures = len(holes)
    for hole in holes:
        _inspect_hole(pdf, hole, found)
    _inspect_form(pdf, holes, roots, found)
    try:
        _inspect_revisions(pdf, holes, found)
    except OddFileError as error:
        found.general[error.code] = None
    return found


def _inspect_hole(pdf: bytes, hole: Hole, found: Inspection) -> None:
    found.broken |= dict.fromkeys(mismatches(loose_contents(pdf, hole), covered_by(pdf, hole)))


def _inspect_form(pdf: bytes, holes: list[Hole], roots: tuple[bytes, ...], found: Inspection) -> None:
    """What a signature does not bind has one form here, in the hole and behind the last signature."""
    try:
        signatures = tuple(contents_of(pdf, hole) for hole in holes)
        for der in signatures:
            inspect_cms(der, roots)
        inspect_data(Inspected(signatures, data_after(pdf, holes[-1].covered)), roots)
    except CmsFormError as error:
        (found.doubts if error.code == UNBOUND else found.form)[error.code] = None
    except (StructureError, DssFormError) as error:
        found.form[error.code] = None
    except Exception:  # Any: a certificate with a key of a kind that nobody knows, and what else is made to break it.
        found.form["CMS"] = None


def _inspect_revisions(pdf: bytes, holes: list[Hole], found: Inspection) -> None:
    revisions = read_revisions(pdf)
    whole, last = revisions.state(len(pdf)), holes[-1].covered
    head = whole.sections[-1].start
    if start_before(pdf, len(pdf)) != head or (last < len(pdf) and head < last):
        found.broken["BYTES_AFTER_SIGNATURE"] = None
    page_count(whole)
    signatures = signatures_of(whole)
    found.general |= dict.fromkeys(_misplaced(revisions, whole, signatures, holes))
    found.general |= dict.fromkeys(_changes(whole, signatures, holes))
    if not is_rightly_certified(whole):
        found.general["CERTIFICATION"] = None
    if hidden_objects(revisions, whole):
        found.general["HIDDEN_OBJECT"] = None
    found.doubts |= dict.fromkeys(active_parts(whole))


def _misplaced(revisions: Revisions, whole: State, signatures: list[Signed], holes: list[Hole]) -> Iterator[str]:
    """The signatures that the form shows are those that were found in the bytes, each in its own object."""
    unseen = {(hole.start, hole.end, hole.covered): hole for hole in holes}
    if len(signatures) != len(holes):
        yield "COUNT"
    for one in signatures:
        hole = unseen.pop(_claimed(whole, one), None)
        place = whole.place(one.number)
        if hole is None or place is None or place.stream:
            yield "SIGNATURE_ELSEWHERE"
            continue
        _, _, end = read_object(revisions.pdf, place.at, revisions.budget, whole)
        contents = one.dictionary.get(Name("Contents"))
        if not (place.at < hole.start < end <= hole.covered and place.at < hole.at < end):
            yield "SIGNATURE_ELSEWHERE"
        if contents != Text(loose_contents(revisions.pdf, hole)):
            yield "HOLE"
    for hole in holes:
        state = revisions.state(hole.covered)
        if not state.sections or start_before(revisions.pdf, hole.covered) != state.sections[-1].start:
            yield "STARTXREF"


def _claimed(whole: State, signature: Signed) -> tuple[int, int, int]:
    numbers = whole.items(signature.dictionary.get(Name("ByteRange")))
    if len(numbers) != 4 or not all(isinstance(one, int) for one in numbers):  # noqa: PLR2004 - two pairs
        raise OddFileError("BYTE_RANGE")
    _, length, second, rest = (int(one) for one in numbers if isinstance(one, int))
    return length, second, second + rest


def _changes(whole: State, signatures: list[Signed], holes: list[Hole]) -> Iterator[str]:
    """Since the first signature that is no timestamp."""
    ends = {(hole.start, hole.end, hole.covered): hole.covered for hole in holes}
    covered = [ends[claim] for one in signatures if not one.is_timestamp and (claim := _claimed(whole, one)) in ends]
    if not covered:
        yield "COUNT"
        return
    try:
        check_changes(whole, min(covered))
    except ChangedError as error:
        yield error.code
