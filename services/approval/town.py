"""Reads infra/town: organisation, by-laws, how each procedure is decided.  Wrong data stops the process."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from services.approval.domain.act import Kind
from services.approval.domain.bylaws import Bylaws, Rulebook
from services.approval.domain.contract import ALWAYS as IN_CONTRACTS
from services.approval.domain.contract import OUTCOME, ContractKind, Contractor, Party
from services.approval.domain.dues import GOOD_OUTCOMES
from services.approval.domain.notice import ALWAYS, Appeal, Issuer, Letterhead, Procedure
from services.approval.domain.organisation import Holding, Member, Organisation, Post, Rank, Section, VacantPostError
from services.chassis.handling import PermanentError
from services.chassis.holidays import Holidays, read_holidays

T = TypeVar("T")
NO_APPEAL = "none"
WITH_SENTENCES = (Kind.REQUEST_CORRECTION.value, Kind.SEND_BACK.value)
DELIVERY = "delivery"
# A table of a file is named for one of its entries, a field of the domain for all of them.
BYLAWS = {"article": "articles", "proxy": "proxies", "row": "rows"}


class TownDataError(Exception):
    """A file of the town's folder cannot be used.  ``path``, ``key`` and ``problem`` say which, where and why."""

    def __init__(self, path: Path, key: str, problem: str) -> None:
        super().__init__(f"{path}: {key}: {problem}")
        self.path, self.key, self.problem = path, key, problem


class UnknownProcedureError(PermanentError):
    """The town has no such version of a procedure."""

    def __init__(self, procedure_id: str, version: date) -> None:
        super().__init__(f"{procedure_id} from {version}")
        self.procedure_id, self.version = procedure_id, version


class UnknownDocumentTypeError(PermanentError):
    """infra/town/document_types.toml has no such type."""

    def __init__(self, document_type: str) -> None:
        super().__init__(document_type)
        self.document_type = document_type


class UnknownContractorError(PermanentError):
    """infra/town/contractors.toml has no such contractor."""

    def __init__(self, contractor: str) -> None:
        super().__init__(contractor)
        self.contractor = contractor


@dataclass(frozen=True, kw_only=True)
class DocumentType:
    """Title and seal of one kind of document; ``legend``: of the seal, None means （公印省略）."""

    title: str
    seal: str | None
    legend: str | None


@dataclass(frozen=True, kw_only=True)
class AppealText:
    """教示 of one variant from a day on."""

    variant: str
    since: date
    text: str


@dataclass(frozen=True, kw_only=True)
class Town:
    """What approval reads of the town."""

    rulebook: Rulebook
    procedures: Mapping[tuple[str, date], Procedure]
    types: Mapping[str, DocumentType]
    appeals: tuple[AppealText, ...]
    mayor_title: str
    holidays: Holidays
    name: str
    address: str
    kinds: Mapping[tuple[str, date], ContractKind]
    contractors: Mapping[str, Contractor]
    sentences: Mapping[str, tuple[str, ...]]

    def first_open_day(self, day: date) -> date:
        """This day, or the next one on which the office is open."""
        while self.holidays.is_closed(day):
            day += timedelta(days=1)
        return day

    def procedure(self, procedure_id: str, version: date) -> Procedure:
        """One version of a procedure, or of how a kind of contract is decided.  Raises UnknownProcedureError."""
        if kind := self.kinds.get((procedure_id, version)):
            return kind.procedure
        found = self.procedures.get((procedure_id, version))
        if found is None:
            raise UnknownProcedureError(procedure_id, version)
        return found

    @property
    def names(self) -> Mapping[str, str]:
        """What procedures and kinds of contracts are called, by id."""
        kinds = (one.procedure for one in self.kinds.values())
        return {one.id: one.name for one in (*self.procedures.values(), *kinds)}

    def kind(self, kind_id: str, version: date) -> ContractKind:
        """One version of a kind of contract.  Raises UnknownProcedureError."""
        found = self.kinds.get((kind_id, version))
        if found is None:
            raise UnknownProcedureError(kind_id, version)
        return found

    def kind_on(self, kind_id: str, day: date) -> ContractKind:
        """The version in force on a day.  Raises UnknownProcedureError."""
        held = [version for known, version in self.kinds if known == kind_id and version <= day]
        return self.kind(kind_id, max(held, default=day))

    def contractor(self, contractor_id: str) -> Contractor:
        """Raises UnknownContractorError."""
        found = self.contractors.get(contractor_id)
        if found is None:
            raise UnknownContractorError(contractor_id)
        return found

    def party(self, day: date) -> Party:
        """The town as a contract names it.  Raises VacantPostError."""
        mayor = self._issuer(day)
        return Party(name=self.name, address=self.address, title=mayor.title, person=mayor.name)

    def letterhead(self, document_type: str, appeal_variant: str, day: date) -> Letterhead:
        """Raises UnknownDocumentTypeError, VacantPostError."""
        kind = self.types.get(document_type)
        if kind is None:
            raise UnknownDocumentTypeError(document_type)
        return Letterhead(
            town=self.name,
            address=self.address,
            document_type=document_type,
            title=kind.title,
            issuer=self._issuer(day),
            seal=kind.seal,
            seal_legend=kind.legend,
            appeal=self._appeal(appeal_variant, day),
        )

    def _issuer(self, day: date) -> Issuer:
        organisation = self.rulebook.organisation
        mayors = [post for post in organisation.posts if post.rank is Rank.MAYOR and post.holds_on(day)]
        for post in mayors:
            for holder in organisation.holders(post.id, day):
                return Issuer(title=self.mayor_title, name=holder.name)
        raise VacantPostError(self.mayor_title, day)

    def _appeal(self, variant: str, day: date) -> Appeal | None:
        held = [one for one in self.appeals if one.variant == variant and one.since <= day]
        if variant == NO_APPEAL or not held:
            return None
        return Appeal(variant=variant, text=max(held, key=lambda one: one.since).text.strip())


@cache
def read_town(folder: Path) -> Town:
    """Read once per process.  Raises TownDataError: without it no service starts."""
    seals = {one["id"]: one["legend"] for one in _toml(folder / "seals.toml")["seal"]}
    about = _toml(folder / "town.toml")
    return Town(
        rulebook=_rulebook(folder),
        procedures={(one.id, one.valid_from): one for one in _procedures(folder)},
        types={one["id"]: _type(one, seals) for one in _toml(folder / "document_types.toml")["type"]},
        appeals=tuple(_appeal(one) for one in _toml(folder / "appeals.toml")["text"]),
        mayor_title=about["mayor_title"],
        name=about["name"],
        address=about["address"],
        kinds={(one.procedure.id, one.procedure.valid_from): one for one in _kinds(folder)},
        contractors={one.id: one for one in _contractors(folder / "contractors.toml")},
        holidays=read_holidays(folder),
        sentences=_sentences(folder / "sentences.toml"),
    )


def _sentences(path: Path) -> dict[str, tuple[str, ...]]:
    """By the act whose page offers them.  Raises TownDataError for an act that has no such page."""
    found = [(one["act"], one["text"]) for one in _toml(path)["sentence"]]
    for act, _ in found:
        if act not in WITH_SENTENCES:
            raise TownDataError(path, "sentence.act", f"no page of {act} offers sentences")
    return {kind: tuple(text for act, text in found if act == kind) for kind in WITH_SENTENCES}


def _rulebook(folder: Path) -> Rulebook:
    versions = [_bylaws(path) for path in sorted((folder / "bylaws").glob("*.toml"))]
    return Rulebook(_organisation(folder / "organisation.toml"), tuple(versions))


def _bylaws(path: Path) -> Bylaws:
    return _shaped(Bylaws, {BYLAWS.get(name, name): value for name, value in _toml(path).items()}, path)


def _organisation(path: Path) -> Organisation:
    file = _toml(path)
    return Organisation(
        sections=tuple(_shaped(Section, _dated(one), path) for one in file["section"]),
        posts=tuple(_shaped(Post, _dated(one), path) for one in file["post"]),
        holdings=tuple(_holdings(file["holder"], path)),
        members=tuple(Member(one["sub"], one["name"], one["kana"]) for one in file["holder"]),
    )


def _holdings(holders: list[dict[str, Any]], path: Path) -> Iterator[Holding]:
    for holder in holders:
        for one in holder["posts"]:
            yield _shaped(Holding, _dated(one) | {"sub": holder["sub"]}, path)


def _procedures(folder: Path) -> Iterator[Procedure]:
    for path in sorted(folder.glob("procedures/*/procedure.toml")):
        facts, decision_path = _toml(path), path.with_name("decision.toml")
        decision = _toml(decision_path)
        form = {"delivery": tuple(_delivery_questions(_toml(path.with_name("form.toml"))))}
        procedure = _shaped(Procedure, _facts(facts) | _decision(decision) | form, decision_path)
        for file, key, problem in (*_problems_of_dues(procedure), *_problems_of_words(procedure)):
            raise TownDataError(path.with_name(file), key, problem)
        yield procedure


def _kinds(folder: Path) -> Iterator[ContractKind]:
    for path in sorted(folder.glob("contracts/*.toml")):
        file = _toml(path)
        kept = {name: file[name] for name in ("articles", "closing", "answer_days", "tax_percent")}
        kind = _shaped(ContractKind, kept | {"procedure": _as_procedure(file)}, path)
        if any(one.table for one in kind.outcome.items):
            raise TownDataError(path, "items", "tables are for notices only")
        for name in sorted(kind.outcome.unknown_words(IN_CONTRACTS)):
            raise TownDataError(path, "*", f"nothing fills in {{{name}}}")
        yield kind


def _as_procedure(file: Mapping[str, Any]) -> dict[str, Any]:
    """A contract is decided like an application to a procedure with one outcome."""
    names = ("headline", "matter", "document_type", "legal_basis", "preamble", "fields", "items")
    outcome = {name: file[name] for name in names} | {"id": OUTCOME, "label": file["name"], "verdict": ""}
    kept = {name: file[name] for name in ("id", "name", "valid_from", "section", "retention", "contact")}
    return kept | {"appeal_variant": NO_APPEAL, "outcomes": [outcome]}


def _contractors(path: Path) -> Iterator[Contractor]:
    for one in _toml(path)["contractor"]:
        yield _shaped(Contractor, one, path)


def _problems_of_dues(procedure: Procedure) -> Iterator[tuple[str, str, str]]:
    known = {one.id for one in procedure.outcomes} | set(GOOD_OUTCOMES)
    for kind, entries in (("fees", procedure.fees), ("collect", procedure.collect)):
        for one in entries:
            for outcome in set(one.outcomes) - known:
                yield "procedure.toml", f"{kind}.{one.id}.outcomes", f"decision.toml has no outcome {outcome}"


def _problems_of_words(procedure: Procedure) -> Iterator[tuple[str, str, str]]:
    for outcome in procedure.outcomes:
        if any(one.table and not one.table.is_even for one in outcome.items):
            yield "decision.toml", f"outcome.{outcome.id}.items", "each row of a table is as wide as its head"
        for name in sorted(outcome.unknown_words(ALWAYS | procedure.words.keys())):
            yield "decision.toml", f"outcome.{outcome.id}", f"nothing fills in {{{name}}}"


def _facts(file: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: file[name] for name in ("id", "name", "valid_from", "section", "retention")}
    contact = {name: file["contact"][name] for name in ("section", "telephone")}
    dues = {name: file.get(name, ()) for name in ("fees", "collect")}
    return kept | dues | {"appeal_variant": file["legal_basis"]["appeal"], "contact": contact}


def _delivery_questions(form: Mapping[str, Any]) -> Iterator[str]:
    for topic in form["topics"]:
        yield from (f"{topic['id']}.{one['id']}" for one in topic["questions"] if one["kind"] == DELIVERY)


def _decision(file: Mapping[str, Any]) -> dict[str, Any]:
    """``is`` is a word of Python's: the condition's value is ``value`` in the domain."""
    found = {"outcomes": file["outcome"]}
    rule = file.get("amount_rule")
    return found | ({"amount_rule": rule | {"limits": [_limit(one) for one in rule["limits"]]}} if rule else {})


def _limit(one: Mapping[str, Any]) -> dict[str, Any]:
    when = one.get("when")
    return dict(one) | ({"when": {"answer": when["answer"], "value": when["is"]}} if when else {})


def _type(one: Mapping[str, Any], seals: Mapping[str, str]) -> DocumentType:
    seal = one.get("seal")
    return DocumentType(title=one["title"], seal=seal, legend=seals[seal] if seal else None)


def _appeal(one: Mapping[str, Any]) -> AppealText:
    return AppealText(variant=one["variant"], since=one["from"], text=one["text"])


def _dated(one: Mapping[str, Any]) -> dict[str, Any]:
    """``from`` is a word of Python's: ``since`` in the domain."""
    return {"since" if name == "from" else name: value for name, value in one.items()}


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise TownDataError(path, "*", str(error)) from error


def _shaped(shape: type[T], value: Any, path: Path) -> T:
    try:
        return TypeAdapter(shape).validate_python(value)
    except ValidationError as error:
        first = error.errors()[0]
        raise TownDataError(path, ".".join(map(str, first["loc"])), first["msg"]) from error
