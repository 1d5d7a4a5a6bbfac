"""The way of a case as its page tells it: the route with who acts when, and the log."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup, escape

from services.approval.domain.act import Act, Actor, Kind
from services.approval.domain.bylaws import Part, Route, Step
from services.approval.domain.case import AFTER_DECISION, Case, State
from services.approval.domain.correction import Answer, changes
from services.approval.web import forms
from services.approval.web.people import Names
from services.chassis.web.filters import lines, wareki_time

LATER = {State.PERMITTED: "公印の承認", State.SIGNED: "署名", State.AVAILABLE: "交付", State.OPENED: "開封"}
ON_PAPER = {State.PERMITTED: "公印の承認", State.SIGNED: "署名", State.FALLBACK: "書面交付", State.POSTED: "発送"}
SIGNS = {
    Kind.EXAMINE: "person",
    Kind.DRAFT: "file",
    Kind.APPROVE: "check",
    Kind.DECIDE: "circle_check",
    Kind.SEND_BACK: "back",
    Kind.REQUEST_CORRECTION: "mail",
    Kind.GO_ON: "person",
}
EVENTS = {
    State.WITHDRAWN: ("申請者が取下げを申し出ました", "back"),
    State.SEAL_REFUSED: ("公印の使用が承認されませんでした", "back"),
    State.PERMITTED: ("公印の使用が承認されました", "seal"),
    State.SIGNED: ("署名し、2つの拠点に保存しました", "lock"),
    State.AVAILABLE: ("受信箱に届きました", "mail"),
    State.OPENED: ("申請者が開封しました", "mail"),
    State.FALLBACK: ("紙で送ることになりました", "mail"),
    State.POSTED: ("郵便で送りました", "mail"),
}


@dataclass(frozen=True)
class Entry:
    """One line of the route or of the log.  ``state``: done, ask, now or next."""

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
class Course:
    """The way of one case, told to one person."""

    case: Case
    actor: Actor
    names: Names

    def route(self) -> list[Entry]:
        """Each act on the newest version, the steps to come, and what becomes of the decided notice."""
        draft = self.case.draft
        if draft is None:
            return []
        past = [self._act(one) for one in self.case.acts if one.version == draft.version]
        return [*past, *self._to_come(draft.route), *self._later()]

    def expected(self, route: Route) -> list[Entry]:
        """The steps that a draft would begin."""
        return [Entry("起案　あなた", "now"), *(self._step(step, route, "next") for step in route.steps)]

    def log(self) -> list[Entry]:
        """What has happened, the newest first."""
        return sorted(self._events(), key=lambda one: one.at or self.case.submitted_at, reverse=True)

    def _act(self, act: Act) -> Entry:
        comment = Markup("<br>「{}」").format(lines(act.comment)) if act.comment else Markup()
        state = "ask" if act.kind is Kind.SEND_BACK else "done"
        title = f"{forms.KINDS[act.kind]}　{self.names.person(act.sub)}"
        return Entry(title, state, act.at, escape(act.post_name) + comment)

    def _to_come(self, route: Route) -> Iterator[Entry]:
        if self.case.step is None:
            return
        for place, step in enumerate(route.steps[len(self.case.approvals) :]):
            yield self._step(step, route, "next" if place else "now")

    def _step(self, step: Step, route: Route, state: str) -> Entry:
        power = "（専決）" if step.part is Part.DECIDE and route.delegated else ""
        you = "　あなた" if step.post in self.actor.posts else ""
        title = f"{forms.PARTS[step.part]}　{self.names.holders(step.post) or '（空席）'}"
        return Entry(title, state, text=f"{step.post_name}{power}{you}")

    def _later(self) -> Iterator[Entry]:
        """The seal, the signature and the delivery; an earlier decision's times do not count."""
        if self.case.state is State.SEAL_REFUSED:
            at = self.case.reached.get(State.SEAL_REFUSED)
            yield Entry("公印の承認なし", "ask", at, Markup("「{}」").format(self.case.seal_refusal))
            return
        decided = waits = self.case.state in AFTER_DECISION
        if not decided and self.case.step is None:
            return
        for state, title in self.later.items():
            at = self.case.reached.get(state) if decided else None
            yield Entry(title, "done" if at else "now" if waits else "next", at)
            waits = waits and at is not None

    @property
    def later(self) -> Mapping[State, str]:
        """What follows the decision."""
        return ON_PAPER if self.goes_on_paper else LATER

    @property
    def events(self) -> Mapping[State, tuple[str, str]]:
        """What the log tells of others."""
        return EVENTS

    @property
    def reached(self) -> Mapping[State, datetime]:
        """When others brought the case to a state."""
        return self.case.reached

    @property
    def goes_on_paper(self) -> bool:
        """Whether the notice is posted, as far as the desk knows."""
        return State.FALLBACK in self.case.reached or not (self.case.digital or State.AVAILABLE in self.case.reached)

    def _opening(self) -> Iterator[Entry]:
        yield Entry("申請を受け付けました", at=self.case.submitted_at, icon="file")

    def _events(self) -> Iterator[Entry]:
        case = self.case
        yield from self._opening()
        for act in case.acts:
            who = f"{act.post_name}　{self.names.person(act.sub)}"
            yield Entry(self._done(act), at=act.at, text=who, icon=SIGNS[act.kind])
        for check in case.checks:
            paper = "契約書" if case.agreement else "通知書"
            yield Entry(f"{paper}の点検が終わりました（第{check.version}版）", at=check.checked_at, icon="check")
        for answer in case.answers:
            who = case.application.applicant.name
            yield Entry(self._answered(answer), at=answer.answered_at, text=who, icon="file")
        for state, (title, icon) in self.events.items():
            if state in self.reached:
                yield Entry(title, at=self.reached[state], icon=icon)

    def _answered(self, answer: Answer) -> str:
        before = next(one for one in self.case.corrections if one.correction_id == answer.correction_id)
        labels = "、".join(one.label for one in changes(before.application, answer.application))
        return f"申請者が補正に答えました（{labels or '内容は同じ'}）"

    def _done(self, act: Act) -> str:
        said = forms.ACTS[act.kind]
        if act.kind is Kind.DRAFT:
            return f"{said}（第{act.version}版）"
        number = next((one.document_number for one in self.case.decisions if one.decided_at == act.at), "")
        return f"{said}　{number}" if number else said
