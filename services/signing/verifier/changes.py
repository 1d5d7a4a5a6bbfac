"""What was added after a signature, and whether a reader of the document could see it.

Allowed are only validation data (DSS), document timestamps in fields that show nothing, and a further signature in a
field that was there, empty, when the first one was made.  Everything else is a change: incremental saving, shadow
attacks (hide, replace, hide and replace), and annotations or signature pictures added to a certified file (EAA, SSA).
See pdf-insecurity.org, and ETSI EN 319 142-1 5.5 for what must be allowed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from services.signing.verifier.fields import FT, KIDS, SIG, TYPE, V, terminal_fields
from services.signing.verifier.revisions import PREV, ROOT, SIZE, Section, State, read_object
from services.signing.verifier.values import Name, Ref, Stream, Value

Dictionary = dict[Name, Value]
OF_SECTION = {SIZE, PREV, TYPE, Name("W"), Name("Index"), Name("Filter"), Name("DecodeParms"), Name("Length")}
DSS_KEYS = {TYPE, Name("Certs"), Name("CRLs"), Name("OCSPs"), Name("VRI")}
VRI_KEYS = {TYPE, Name("Cert"), Name("CRL"), Name("OCSP"), Name("TU"), Name("TS")}
DSS, FORM, FIELDS, ANNOTS, EXTENSIONS = (Name(one) for one in ("DSS", "AcroForm", "Fields", "Annots", "Extensions"))
INFO, METADATA, ID = Name("Info"), Name("Metadata"), Name("ID")
OF_CATALOG = {DSS, FORM, EXTENSIONS, METADATA, Name("Version")}
OF_FORM = {FIELDS, Name("SigFlags")}
OF_TEXT_FIELDS = {Name("DA"), Name("DR")}
# Of a page: what of it is seen.
SHOWN = set(map(Name, ("Contents", "Resources", "MediaBox", "CropBox", "Rotate", "UserUnit", "Parent")))
OF_INFO = {Name("ModDate"), Name("Producer")}
# Of a field that was empty when the document was signed, and of the widget of a document timestamp.
FILLED = {V, Name("AP"), Name("M"), Name("F")}
INVISIBLE = {
    *(TYPE, FT, V, KIDS),
    *map(Name, ("Subtype", "T", "TU", "F", "Rect", "P", "StructParent", "MK", "Border", "BS", "Ff", "DA", "AP", "M")),
}
STAMP_KEYS = {
    *(TYPE, Name("Contents"), Name("ByteRange")),
    *map(
        Name,
        ("Filter", "SubFilter", "M", "V", "Name", "Reason", "Location", "ContactInfo", "Prop_Build", "Prop_AuthTime"),
    ),
}
MOST_ADDED = 20_000
NOTHING = re.compile(rb"[\r\n\t ]{0,8}")
CLOSING = re.compile(rb"[\r\n ]{0,8}startxref[\r\n ]{1,4}[0-9]{1,10}[\r\n ]{1,4}%%EOF(?:\r\n|\n|\r)?")


class ChangedError(Exception):
    """After the signature something was changed that is not allowed.  ``code``: what."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class Step:
    """From one state of the file to the next.  ``reached``: new objects that what is allowed leads to."""

    before: State
    after: State
    added: Section
    reached: set[int] = field(default_factory=set)

    def check(self) -> None:
        """Raises ChangedError, OddFileError, TooComplexError."""
        self._trailer()
        for number, place in self.added.places.items():
            known = self.before.place(number)
            if place.is_free:
                _require(known is None, "OBJECT_REMOVED")
            elif known is not None:
                self._changed(number)
        for number in self.added.places:
            self._new(number)

    def _trailer(self) -> None:
        before, after = self.before.trailer, self.added.trailer
        _require(before.get(ROOT) == after.get(ROOT), "CATALOG_REPLACED")
        _require(set(after) - set(before) <= OF_SECTION | {INFO, ID}, "TRAILER")
        if before.get(INFO) != after.get(INFO):
            self._info(self.before.of(before.get(INFO)), self.after.of(after.get(INFO)))
            self._reach(after.get(INFO))

    def _changed(self, number: int) -> None:
        """An object that was there has a new version."""
        old, new = self.before.get(number), self.after.get(number)
        if old == new:
            return
        if isinstance(old, list) and isinstance(new, list):
            self._grown(old, new)
        elif isinstance(old, Stream) and isinstance(new, Stream):
            self._metadata(number, old, new)
        elif isinstance(old, dict) and isinstance(new, dict):
            self._changed_dictionary(number, old, new)
        else:
            raise ChangedError("CHANGED_OBJECT")

    def _changed_dictionary(self, number: int, old: Dictionary, new: Dictionary) -> None:
        root = self.before.root
        if self._is(self.before.trailer.get(ROOT), number):
            self._catalog(old, new)
        elif self._is(root.get(FORM), number):
            self._form(old, new)
        elif self._is(root.get(DSS), number):
            self._dss(old, new)
        elif self._is(self.before.trailer.get(INFO), number):
            self._info(old, new)
        elif old.get(TYPE) == Name("Page"):
            self._differ_only(old, new, {*old, *new} - SHOWN, "CHANGED_PAGE")
            self._differ_only(old, new, {ANNOTS}, "CHANGED_PAGE_ENTRY")
            self._grown(self.before.items(old.get(ANNOTS)), self.after.items(new.get(ANNOTS)))
        elif old.get(FT) == SIG and old.get(V) is None and KIDS not in old:
            self._filled(old, new)
        else:
            raise ChangedError("CHANGED_OBJECT")

    @staticmethod
    def _is(value: Value, number: int) -> bool:
        return isinstance(value, Ref) and value.number == number

    def _catalog(self, old: Dictionary, new: Dictionary) -> None:
        self._differ_only(old, new, OF_CATALOG, "CHANGED_CATALOG")
        if old.get(FORM) != new.get(FORM):
            one, other = self.before.of(old.get(FORM)), self.after.of(new.get(FORM))
            _require(isinstance(one, dict | None) and isinstance(other, dict), "CHANGED_FORM")
            self._form(one or {}, other)  # type: ignore[arg-type]
            self._reach(new.get(FORM))
        if old.get(DSS) != new.get(DSS):
            one, other = self.before.of(old.get(DSS)), self.after.of(new.get(DSS))
            _require(isinstance(one, dict | None) and isinstance(other, dict), "CHANGED_DSS")
            self._dss(one or {}, other)  # type: ignore[arg-type]
            self._reach(new.get(DSS))
        if old.get(METADATA) != new.get(METADATA):
            self._replaced_metadata(self.before.of(old.get(METADATA)), self.after.of(new.get(METADATA)))
            self._reach(new.get(METADATA))
        self._inert(new.get(EXTENSIONS), 0)
        self._inert(new.get(Name("Version")), 0)

    def _form(self, old: Dictionary, new: Dictionary) -> None:
        has_signatures_only = all(kind == SIG for _, _, kind in terminal_fields(self.before))
        self._differ_only(old, new, OF_FORM | (OF_TEXT_FIELDS if has_signatures_only else set()), "CHANGED_FORM")
        self._reach_all(new.get(Name("DR")))
        self._grown(self.before.items(old.get(FIELDS)), self.after.items(new.get(FIELDS)))
        if isinstance(new.get(FIELDS), Ref):
            self._reach(new.get(FIELDS))

    def _dss(self, old: Dictionary, new: Dictionary) -> None:
        _require(set(old) | set(new) <= DSS_KEYS and new.get(TYPE) in (None, DSS), "CHANGED_DSS")
        for key in DSS_KEYS - {TYPE, Name("VRI")}:
            self._data(new.get(key))
        for each in self.after.dictionary(new.get(Name("VRI"), {})).values():
            entry = self.after.dictionary(each)
            _require(set(entry) <= VRI_KEYS, "CHANGED_DSS")
            self._reach(each)
            for key in VRI_KEYS - {TYPE, Name("TU")}:
                value = entry.get(key)
                self._data([value] if isinstance(value, Ref) and key == Name("TS") else value)
        self._reach(new.get(Name("VRI")))

    def _data(self, value: Value) -> None:
        """A list of streams, each a certificate, a CRL, an OCSP response or a timestamp."""
        self._reach(value)
        for each in self.after.items(value):
            found = self.after.of(each)
            _require(
                isinstance(found, Stream) and not {Name("Type"), Name("Subtype")} & set(found.entries), "CHANGED_DSS"
            )
            self._reach(each)

    def _grown(self, old: list[Value], new: list[Value]) -> None:
        """A list of fields, of annotations, or of validation data: what stood in it stands there still."""
        _require(new[: len(old)] == old, "CHANGED_OBJECT")
        for each in new[len(old) :]:
            _require(isinstance(each, Ref) and self.before.place(each.number) is None, "CHANGED_OBJECT")
            found = self.after.of(each)
            if isinstance(found, dict):
                self._stamp_field(found)
            else:
                _require(isinstance(found, Stream) and self._is_of_dss(old), "CHANGED_OBJECT")
            self._reach(each)

    def _is_of_dss(self, old: list[Value]) -> bool:
        dss = self.before.of(self.before.root.get(DSS))
        return isinstance(dss, dict) and any(self.before.of(value) is old for value in dss.values())

    def _stamp_field(self, found: Dictionary) -> None:
        """A document timestamp's field, which is its widget too, and shows nothing (ISO 32000-2 12.8.5)."""
        rectangle = self.after.items(found.get(Name("Rect")))
        _require(set(found) <= INVISIBLE and found.get(FT) == SIG, "ADDED_FIELD")
        _require(found.get(Name("Subtype")) in (None, Name("Widget")), "ADDED_FIELD")
        _require(len(rectangle) in (0, 4) and rectangle[:2] == rectangle[2:], "ADDED_VISIBLE_FIELD")
        value = self.after.dictionary(found.get(V))
        _require(value.get(TYPE) == Name("DocTimeStamp") and set(value) <= STAMP_KEYS, "ADDED_SIGNATURE")
        self._reach(found.get(V))
        for kid in self.after.items(found.get(KIDS)):
            _require(not set(self.after.dictionary(kid)) - INVISIBLE - {Name("Parent")}, "ADDED_FIELD")
            rectangle = self.after.items(self.after.dictionary(kid).get(Name("Rect")))
            _require(rectangle[:2] == rectangle[2:], "ADDED_VISIBLE_FIELD")
            self._reach(kid)
        self._reach_all(found.get(Name("AP")))

    def _filled(self, old: Dictionary, new: Dictionary) -> None:
        self._differ_only(old, new, FILLED, "CHANGED_FIELD")
        value = self.after.dictionary(new.get(V))
        _require(value.get(TYPE) in (SIG, None, Name("DocTimeStamp")), "CHANGED_FIELD")
        self._reach(new.get(V))
        self._reach_all(new.get(Name("AP")))
        self._reach_all(value)

    def _info(self, old: Value, new: Value) -> None:
        _require(isinstance(old, dict | None) and isinstance(new, dict), "CHANGED_INFO")
        self._differ_only(old or {}, new, OF_INFO, "CHANGED_INFO")  # type: ignore[arg-type]

    def _metadata(self, number: int, old: Stream, new: Stream) -> None:
        _require(self._is(self.before.root.get(METADATA), number), "CHANGED_STREAM")
        self._replaced_metadata(old, new)

    @staticmethod
    def _replaced_metadata(old: Value, new: Value) -> None:
        """Descriptions (XMP) change with every writer; no page shows them."""
        _require(
            isinstance(new, Stream)
            and isinstance(old, Stream | None)
            and new.entries.get(TYPE) == METADATA
            and new.entries.get(Name("Subtype")) == Name("XML")
            and (old is None or old.entries.get(TYPE) == METADATA),
            "CHANGED_METADATA",
        )

    @staticmethod
    def _differ_only(old: Dictionary, new: Dictionary, allowed: set[Name], code: str) -> None:
        differing = {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)}
        _require(differing <= allowed, code)

    def _inert(self, value: Value, level: int) -> None:
        """Dictionaries of names and numbers (12.7.2.2): nothing that leads anywhere but to new ones of the kind."""
        _require(level < 4, "CHANGED_CATALOG")  # noqa: PLR2004 - extensions of a developer, and their base
        self._reach(value)
        found = self.after.of(value)
        _require(not isinstance(found, Stream), "CHANGED_CATALOG")
        for each in found.values() if isinstance(found, dict) else found if isinstance(found, list) else ():
            self._inert(each, level + 1)

    def _reach(self, value: Value) -> None:
        if isinstance(value, Ref):
            self.reached.add(value.number)

    def _reach_all(self, value: Value) -> None:
        waiting = [value]
        while waiting:
            each = waiting.pop()
            if isinstance(each, Ref) and each.number not in self.reached and each.number in self.added.places:
                self.reached.add(each.number)
                _require(len(self.reached) < MOST_ADDED, "CHANGED_OBJECT")
                waiting.append(self.after.get(each.number))
            elif isinstance(each, Stream):
                waiting += each.entries.values()
            elif isinstance(each, dict | list):
                waiting += each.values() if isinstance(each, dict) else each

    def _new(self, number: int) -> None:
        """Whatever is new belongs to what is allowed: nothing lies ready for a later change."""
        if self.added.places[number].is_free or self.before.place(number) or number in self.reached:
            return
        value = self.after.get(number)
        is_of_file = isinstance(value, Stream) and value.entries.get(TYPE) in (Name("XRef"), Name("ObjStm"))
        _require(is_of_file or self._is_length(number, value), "ADDED_OBJECT")

    def _is_length(self, number: int, value: Value) -> bool:
        """An indirect length of a stream that is new too."""
        return isinstance(value, int) and any(
            isinstance(found, Stream) and self._is(found.entries.get(Name("Length")), number)
            for found in map(self.after.get, self.reached)
        )


def check_changes(whole: State, covered: int) -> None:
    """Everything from byte ``covered`` on, one revision after the other.  Raises ChangedError, OddFileError or
    TooComplexError.
    """
    end = covered
    for before, section in _steps(whole, covered):
        after = whole.revisions.state(section.start + 1)
        _require(_stands_behind(section, end, whole), "OLD_OBJECT_REVIVED")
        Step(before, after, section).check()
        end = _without_gaps(section, end, after)


def _steps(whole: State, covered: int) -> Iterator[tuple[State, Section]]:
    """A section whose predecessor stands behind it belongs to no honest update."""
    after = [section for section in whole.sections if section.start >= covered]
    _require(after == sorted(whole.sections, key=lambda one: one.start)[-len(after) :] if after else True, "REVISIONS")
    for section in after:
        yield whole.revisions.state(section.start), section


def _stands_behind(section: Section, end: int, whole: State) -> bool:
    """Objects of a revision stand in it: one that points back shows what an earlier one has replaced or hidden."""
    places = section.places
    for place in places.values():
        if place.stream:
            holder = places.get(place.stream)
            if holder is None or holder.stream or holder.is_free:
                return False
        elif not place.is_free and not end <= place.at <= section.start:
            return False
    return end <= section.start <= len(whole.revisions.pdf)


def _without_gaps(section: Section, at: int, state: State) -> int:
    """Between its objects a revision holds nothing: a later signature must not cover what nobody has looked at.

    Where the revision ends.
    """
    pdf, budget = state.revisions.pdf, state.revisions.budget
    for place in sorted(one.at for one in section.places.values() if not one.stream and not one.is_free):
        if place == section.start:
            continue
        _require(NOTHING.fullmatch(pdf, at, place) is not None, "BYTES_BETWEEN")
        _, _, at = read_object(pdf, place, budget, state)
    _require(NOTHING.fullmatch(pdf, at, section.start) is not None, "BYTES_BETWEEN")
    closed = CLOSING.match(pdf, section.end)
    return closed.end() if closed else section.end


def _require(holds: bool, code: str) -> None:
    if not holds:
        raise ChangedError(code)
