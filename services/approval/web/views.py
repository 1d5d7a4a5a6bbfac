"""What the templates of the desk show."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from flask import url_for
from markupsafe import Markup, escape

from services.approval.domain.bylaws import Part, Step
from services.approval.domain.case import AFTER_DECISION, WITH_THE_DRAFTER, Act, Case, Draft, Kind, State
from services.approval.domain.notice import Procedure
from services.approval.domain.organisation import Organisation
from services.approval.queries import Row
from services.approval.web import forms
from services.approval.web.house import Staff
from services.chassis.web.filters import lines, wareki_time
from services.messages import Finding

PERSONAL = ("name", "kana", "address")
LATER = {
    State.PERMITTED: "公印の承認",
    State.SIGNED: "署名",
    State.AVAILABLE: "交付",
    State.OPENED: "開封",
}
SHOWN_OK = 2
ICONS = {
    Kind.EXAMINE: "person",
    Kind.DRAFT: "file",
    Kind.APPROVE: "check",
    Kind.DECIDE: "circle_check",
    Kind.SEND_BACK: "back",
}
EVENTS = {
    State.SEAL_REFUSED: ("公印の承認がありませんでした", "back"),
    State.PERMITTED: ("公印の使用が承認されました", "seal"),
    State.SIGNED: ("署名し、2つの拠点に保存しました", "lock"),
    State.AVAILABLE: ("受信箱に届きました", "mail"),
    State.OPENED: ("申請者が開封しました", "mail"),
}


@dataclass(frozen=True)
class Due:
    """How long until the last day (標準処理期間)."""

    text: str
    late: bool

    @classmethod
    def of(cls, due_on: date, today: date) -> "Due":
        """あと10日, 今日まで, 1日過ぎています."""
        days = (due_on - today).days
        if days < 0:
            return cls(f"{-days}日過ぎています", late=True)
        return cls(f"あと{days}日" if days else "今日まで", late=False)


@dataclass(frozen=True)
class Entry:
    """One line of the route or of the log."""

    title: str
    state: str = "done"
    at: datetime | None = None
    text: Markup | str = ""
    icon: str = ""

    @property
    def stamp(self) -> Markup:
        """Time and who, below a line of the log."""
        time = wareki_time(self.at) if self.at else Markup()
        return time + (Markup("　") + escape(self.text) if self.text else Markup())


@dataclass(frozen=True)
class CaseView:
    """One case before one member of the staff."""

    case: Case
    staff: Staff
    procedure: Procedure
    organisation: Organisation
    today: date

    @property
    def draft(self) -> Draft | None:
        """The newest version."""
        return self.case.draft

    @property
    def state(self) -> tuple[str, str]:
        """State in words and its colour."""
        step = self.case.step
        if step:
            return f"{step.post_name}の{forms.PARTS[step.part]}待ち", "key"
        return ("差戻し", "warn") if self.sent_back else forms.STATES[self.case.state]

    @property
    def due(self) -> Due | None:
        """Nothing once the decision is made."""
        return None if self.case.state in AFTER_DECISION else Due.of(self.case.due_on, self.today)

    @property
    def sent_back(self) -> Act | None:
        """Why the drafter has it again, if it was sent back."""
        last = self.case.acts[-1] if self.case.acts else None
        return last if last and last.kind is Kind.SEND_BACK else None

    @property
    def is_of_office(self) -> bool:
        """Whether this person belongs to the section in charge."""
        return not self.organisation.posts_in(self.case.section, self.today).isdisjoint(self.staff.actor.posts)

    @property
    def may_examine(self) -> bool:
        """Whether this person can begin the examination."""
        return self.case.state is State.ACCEPTED and self.is_of_office

    @property
    def may_draft(self) -> bool:
        """Whether this person can draft, or draft anew."""
        return self.is_of_office and self.case.may_draft

    @property
    def is_drafters_turn(self) -> bool:
        """Whether this person is the one who drafts next."""
        return self.may_draft and self.case.state in WITH_THE_DRAFTER and self.case.officer == self.staff.actor.sub

    @property
    def is_my_step(self) -> bool:
        """Whether a post of this person is asked for now."""
        return bool(self.case.step and self.case.step.post in self.staff.actor.posts)

    @property
    def is_decided(self) -> bool:
        """Whether only others' work is left."""
        return self.case.state in AFTER_DECISION

    @cached_property
    def route(self) -> Sequence[Entry]:
        """Each act on the newest version, the steps to come, and what becomes of the decided notice."""
        if self.draft is None:
            return ()
        return (*self._past(self.draft), *self._future(self.draft), *self._later())

    @cached_property
    def log(self) -> Sequence[Entry]:
        """What has happened, the newest first."""
        return sorted(self._events(), key=lambda one: one.at or self.case.submitted_at, reverse=True)

    @property
    def topics(self) -> Iterator[tuple[str, list[Mapping[str, str]]]]:
        """The answers in the resident's words; name and address stand above them."""
        for topic in self.case.application.shown:
            items = [one for one in topic["items"] if one["id"] not in PERSONAL]
            if items:
                yield topic["name"], items

    @property
    def values(self) -> Iterator[tuple[str, int | str]]:
        """What the drafter entered, with the labels of the form."""
        draft = self.draft
        outcome = self.procedure.outcome(draft.outcome) if draft else None
        for field in outcome.fields if draft and outcome else ():
            yield field.label, draft.values.get(field.id, "") if draft else ""

    def name_of(self, sub: str) -> str:
        """Full name; the sub of one whom the organisation does not know."""
        member = self.organisation.member(sub)
        return member.name if member else sub

    def short_name_of(self, sub: str) -> str:
        """鈴木さん."""
        return f"{self.name_of(sub).replace('　', ' ').split(' ')[0]}さん"

    def holders(self, post: str) -> str:
        """Who holds a post today."""
        return "、".join(one.name for one in self.organisation.holders(post, self.today))

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
    def files(self) -> list[tuple[str, str, str]]:
        """Address, name, address of the small picture."""
        number = self.case.reception_number
        return [
            (url_for("approval.get_file", number=number, file_id=one["id"]), one["name"], "")
            for one in self.case.application.attachments
        ]

    @property
    def section_name(self) -> str:
        """The section in charge, with its 課."""
        return self.organisation.full_name(self.case.section, self.today)

    @property
    def waiting_title(self) -> str:
        """Above what happens next."""
        return "終わりました" if self.case.state is State.OPENED else "いまは、待つだけです"

    @property
    def next_words(self) -> str:
        """Who is next, and what for."""
        step = self.case.step
        if step:
            holders = self.holders(step.post)
            who = f"{step.post_name}（{holders}）" if holders else step.post_name
            return f"次は、{who}の{forms.PARTS[step.part]}です。"
        return forms.NEXT[self.case.state].format(officer=self.name_of(self.case.officer), section=self.section_name)

    @property
    def match_number(self) -> str:
        """Eight digits of the draft's hash, for comparing by eye with the seal keeper's page."""
        digits = self.case.seen.content_sha256
        return f"{digits[:4]}-{digits[4:8]}"

    def _past(self, draft: Draft) -> Iterator[Entry]:
        for act in self.case.acts:
            if act.version == draft.version:
                state = "ask" if act.kind is Kind.SEND_BACK else "done"
                yield Entry(f"{forms.KINDS[act.kind]}　{self.name_of(act.sub)}", state, act.at, self._about(act))

    def _future(self, draft: Draft) -> Iterator[Entry]:
        if self.case.step is None:
            return
        done = len(self.case.approvals)
        for place, step in enumerate(draft.route.steps[done:]):
            yield Entry(
                f"{forms.PARTS[step.part]}　{self.holders(step.post) or '（空席）'}",
                "next" if place else "now",
                text=self._post(step, draft),
            )

    def _later(self) -> Iterator[Entry]:
        if self.case.state is State.SEAL_REFUSED:
            at = self.case.reached.get(State.SEAL_REFUSED)
            yield Entry("公印の承認なし", "ask", at, escape(self.case.seal_refusal))
            return
        waits = self.is_decided
        for state, title in LATER.items():
            at = self.case.reached.get(state) if self.is_decided else None
            yield Entry(title, "done" if at else "now" if waits else "next", at)
            waits = waits and at is not None

    def _post(self, step: Step, draft: Draft) -> str:
        power = "（専決）" if step.part is Part.DECIDE and draft.route.delegated else ""
        you = "　あなた" if step.post in self.staff.actor.posts else ""
        return f"{step.post_name}{power}{you}"

    def _about(self, act: Act) -> Markup:
        comment = Markup("<br>「{}」").format(lines(act.comment)) if act.comment else Markup()
        return escape(act.post_name) + comment

    def _events(self) -> Iterator[Entry]:
        case = self.case
        yield Entry("申請を受け付けました", at=case.submitted_at, icon="file")
        for act in case.acts:
            yield Entry(self._event(act), at=act.at, text=self._who(act), icon=ICONS[act.kind])
        for check in case.checks:
            yield Entry(f"通知書の点検が終わりました（第{check.version}版）", at=check.checked_at, icon="check")
        for state, (title, icon) in EVENTS.items():
            if state in case.reached:
                yield Entry(title, at=case.reached[state], icon=icon)

    def _event(self, act: Act) -> str:
        number = next((one.document_number for one in self.case.decisions if one.decided_at == act.at), "")
        version = f"（第{act.version}版）" if act.kind is Kind.DRAFT else ""
        return f"{forms.ACTS[act.kind]}{version}{'　' if number else ''}{number}"

    def _who(self, act: Act) -> Markup:
        return escape(f"{act.post_name}　{self.name_of(act.sub)}")


@dataclass(frozen=True)
class RowView:
    """One line of a list."""

    row: Row
    organisation: Organisation
    today: date
    due: Due

    @property
    def state(self) -> tuple[str, str]:
        """A word and its colour."""
        if self.row.waits_for:
            return ("専決" if self.row.delegated else "決裁", "key") if self.is_decision else ("承認", "key")
        if self.row.state is State.EXAMINING and self.row.headline:
            return "差戻し", "warn"
        return forms.STATES[self.row.state]

    @property
    def asked(self) -> str:
        """What is asked for, and of whom."""
        if self.row.waits_for:
            return f"{self._post}が{'決裁' if self.is_decision else '承認'}します"
        return forms.ASKED.get(self.row.state, "")

    @property
    def is_decision(self) -> bool:
        """Whether the post that is asked decides."""
        return self.row.waits_for == self.row.decider

    @property
    def is_open(self) -> bool:
        """Whether the desk still has to do something."""
        return self.row.state not in AFTER_DECISION

    @property
    def drafter(self) -> str:
        """Name and section of the one who drafted or examines."""
        sub = self.row.drafted_by or self.row.officer
        member = self.organisation.member(sub)
        if member is None:
            return sub
        posts = self.organisation.posts_of(sub, self.today)
        section = self.organisation.section(posts[0].section, self.today).name if posts else ""
        return f"{member.name}（{section}）" if section else member.name

    @property
    def _post(self) -> str:
        post = self.organisation.post(self.row.waits_for, self.today)
        return post.name if post else self.row.waits_for
