"""What the page of one case shows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from flask import url_for

from services.approval.domain.act import Act, Kind
from services.approval.domain.case import AFTER_DECISION, WITH_THE_DRAFTER, Case, Draft, State
from services.approval.domain.notice import Field, Outcome, Procedure
from services.approval.domain.paper import Finding
from services.approval.web import forms
from services.approval.web.contract_words import Texts, texts_of
from services.approval.web.course import Course
from services.approval.web.people import Names, Staff
from services.approval.web.rows import Due
from services.chassis.web.filters import wareki_text

# The applicant's, which stand above the other answers.
PERSONAL = frozenset({"name", "kana", "address"})
SHOWN_OK = 2
PICTURES = ("image/jpeg", "image/png", "image/heic")


@dataclass(frozen=True)
class Attached:
    """An attachment: what it is about (``label``), its name, where it is.  ``picture``: it can be shown here."""

    label: str
    name: str
    size: int
    href: str
    picture: bool

    @property
    def small(self) -> str:
        """Address of the small picture, if there is one."""
        return f"{self.href}/small.jpg" if self.picture else ""

    @property
    def large(self) -> str:
        """Address of what a click opens."""
        return f"{self.href}/large.jpg" if self.picture else self.href


@dataclass(frozen=True)
class Value:
    """What the drafter entered in one field.  ``computed``: what the town's rule gives, where it is another amount."""

    label: str
    value: int | str
    computed: int | None = None


@dataclass(frozen=True)
class Version:
    """An earlier version of the draft, and what the next one changed."""

    draft: Draft
    changes: Sequence[tuple[str, int | str, int | str]]


@dataclass(frozen=True)
class CaseView:
    """One case before one member of the staff."""

    case: Case
    staff: Staff
    procedure: Procedure
    names: Names

    @property
    def draft(self) -> Draft | None:
        """The newest version."""
        return self.case.draft

    @cached_property
    def course(self) -> Course:
        """The route and the log."""
        return Course(self.case, self.staff.actor, self.names)

    @property
    def texts(self) -> Texts:
        """The words of its kind of case."""
        return texts_of(self.case.kind)

    @property
    def label(self) -> tuple[str, str]:
        """State in words and its colour."""
        step = self.case.step
        if step:
            return f"{step.post_name}の{forms.PARTS[step.part]}待ち", "key"
        return ("差戻し", "warn") if self.sent_back else self.texts.states[self.case.state]

    @property
    def due(self) -> Due | None:
        """Nothing once the decision is made."""
        if self.is_decided or self.case.state is State.WITHDRAWN or self.case.due_on is None:
            return None
        return Due.of(self.case.due_on, self.names.day)

    @property
    def is_decided(self) -> bool:
        """Whether the desk has nothing more to do."""
        return self.case.state in AFTER_DECISION

    @property
    def sent_back(self) -> Act | None:
        """Who sent it back last, and why, while the drafter has it again."""
        last = self.case.acts[-1] if self.case.acts else None
        if self.case.state is State.WITHDRAWN:
            return None
        return last if last and last.kind is Kind.SEND_BACK else None

    @property
    def is_of_office(self) -> bool:
        """Whether this person belongs to the section in charge."""
        office = self.names.organisation.posts_in(self.case.section, self.names.day)
        return not office.isdisjoint(self.staff.actor.posts)

    @property
    def may_examine(self) -> bool:
        """Whether this person can begin the examination."""
        return self.case.state is State.ACCEPTED and self.is_of_office

    @property
    def may_draft(self) -> bool:
        """Whether this person can draft, or draft anew."""
        return self.is_of_office and self.case.may_draft

    @property
    def may_ask(self) -> bool:
        """Whether this person can ask the applicant to correct something (補正)."""
        return self.is_of_office and self.case.state is State.EXAMINING

    @property
    def is_overdue(self) -> bool:
        """Whether the applicant has let the day of the answer pass."""
        return self.case.waits_until is not None and self.case.waits_until < self.names.day

    @property
    def may_go_on(self) -> bool:
        """Whether this person can go on without the answer."""
        return self.is_overdue and self.is_of_office

    @property
    def may_post(self) -> bool:
        """Whether this person can print and post the notice."""
        return self.case.state is State.FALLBACK and self.is_of_office

    @property
    def is_drafters_turn(self) -> bool:
        """Whether this person is the one who drafts next."""
        return self.may_draft and self.case.state in WITH_THE_DRAFTER and self.case.officer == self.staff.actor.sub

    @property
    def is_my_step(self) -> bool:
        """Whether a post of this person is asked for now."""
        return bool(self.case.step and self.case.step.post in self.staff.actor.posts)

    @property
    def next_words(self) -> str:
        """Who is next, and what for."""
        step = self.case.step
        if step:
            holders = self.names.holders(step.post)
            who = f"{step.post_name}（{holders}）" if holders else step.post_name
            return f"次は、{who}の{forms.PARTS[step.part]}です。"
        officer, section = self.names.person(self.case.officer), self.names.section(self.case.section)
        said = forms.OVERDUE if self.is_overdue else self.texts.next[self.case.state]
        words = forms.AGAIN if self.sent_back else said
        until = wareki_text(self.case.waits_until) if self.case.waits_until else ""
        return words.format(officer=officer, section=section, until=until)

    @property
    def topics(self) -> Iterator[tuple[str, list[Mapping[str, str]]]]:
        """The answers in the resident's words, without what stands elsewhere on the page: the person, the files."""
        elsewhere = PERSONAL | {one["question"] for one in self.case.application.attachments}
        for topic in self.case.application.shown:
            items = [one for one in topic["items"] if one["id"] not in elsewhere]
            if items:
                yield topic["name"], items

    @cached_property
    def files(self) -> Sequence[Attached]:
        """What was attached, under the question that asked for it."""
        labels = {item["id"]: item["label"] for topic in self.case.application.shown for item in topic["items"]}
        return [
            Attached(
                label=labels.get(one["question"], ""),
                name=one["name"],
                size=one["size"],
                href=url_for("approval.get_file", number=self.case.reception_number, file_id=one["id"]),
                picture=one["media_type"] in PICTURES,
            )
            for one in self.case.application.attachments
        ]

    @property
    def outcome(self) -> Outcome | None:
        """Of the newest draft."""
        return self.procedure.outcome(self.draft.outcome) if self.draft else None

    @property
    def values(self) -> Iterator[Value]:
        """What the drafter entered, with the labels of the form."""
        draft = self.draft
        for field in self.outcome.fields if draft and self.outcome else ():
            value = draft.values.get(field.id, "") if draft else ""
            computed = self._computed(field)
            yield Value(field.label, value, computed if computed != value else None)

    @property
    def versions(self) -> Iterator[Version]:
        """Earlier versions, the newest first."""
        pairs = list(zip(self.case.drafts, self.case.drafts[1:], strict=False))
        for before, after in reversed(pairs):
            yield Version(before, list(self._changes(before, after)))

    @property
    def findings(self) -> Sequence[Finding]:
        """What asks for attention first, in the order of the paper otherwise."""
        check = self.case.check
        order = {"error": 0, "warning": 1}
        return sorted(check.findings, key=lambda one: order.get(one.severity, 2)) if check else ()

    @property
    def count_shown(self) -> int:
        """How many findings are shown at once: all that ask for attention, and two that are well."""
        return sum(one.severity != "ok" for one in self.findings) + SHOWN_OK

    @property
    def match_number(self) -> str:
        """Eight digits of the draft's hash, for comparing by eye with the seal keeper's page."""
        digits = self.case.seen.content_sha256
        return f"{digits[:4]}-{digits[4:8]}"

    def _computed(self, field: Field) -> int | None:
        """The amount by the town's rule, from the other amounts of this draft."""
        draft, rule = self.draft, self.procedure.amount_rule
        base = draft.values.get(field.proposal.share_of) if draft and field.proposal else None
        return rule.amount(base, self.case.application.answers) if rule and isinstance(base, int) else None

    def _changes(self, before: Draft, after: Draft) -> Iterator[tuple[str, int | str, int | str]]:
        old, new = self.procedure.outcome(before.outcome), self.procedure.outcome(after.outcome)
        if old and new and old != new:
            yield "決定の内容", old.label, new.label
            return
        for field in new.fields if new else ():
            values = before.values.get(field.id, ""), after.values.get(field.id, "")
            if values[0] != values[1]:
                yield field.label, *values
