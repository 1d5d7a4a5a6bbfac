"""What staff do with a case.  Each act answers with the case's page: as it is now, and why not, if it was refused."""

from collections.abc import Callable, Sequence
from http import HTTPStatus

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.approval import use_cases
from services.approval.domain.act import Kind, MovedOnError, Seen
from services.approval.domain.case import Case
from services.approval.use_cases import DraftDecision, Ports, TakeStep
from services.approval.web import forms, ready
from services.approval.web.cases import case_page, procedure_of, view_of
from services.approval.web.house import SERVICE, case_or_404, names, pages, ports, staff
from services.approval.web.refusals import REFUSALS, Refusal, refusal
from services.chassis.clock import now
from services.chassis.database import work_on
from services.chassis.web import Mistake, engine, signed_in, typed_of

Act = Callable[[Ports], object]


@pages.get('/desk/cases/<number>/<any(examine, draft, approve, decide, "go-on"):_act>')
@signed_in
def get_act(number: str, _act: str) -> ResponseReturnValue:
    """An act is a button of the case's page: whoever reloads after a refusal comes back there."""
    return redirect(url_for("approval.get_case", number=number))


@pages.post("/desk/cases/<number>/examine")
@signed_in
def post_examine(number: str) -> ResponseReturnValue:
    """Begin the examination (審査); who has begun it before is told."""
    case, actor = case_or_404(number), staff().actor
    if case.officer not in ("", actor.sub):
        return refused(number, Kind.EXAMINE, MovedOnError(case.acts[-1]))
    return acted(number, Kind.EXAMINE, lambda to: use_cases.start_examination(case.case_id, actor, to, now()))


@pages.post("/desk/cases/<number>/draft")
@signed_in
def post_draft(number: str) -> ResponseReturnValue:
    """Draft the decision (起案), or draft it anew."""
    case, actor = case_or_404(number), staff().actor
    outcome = procedure_of(case).outcome(request.form.get("outcome", "")) or abort(HTTPStatus.BAD_REQUEST)
    values, mistakes = forms.read_values(outcome, typed_of(request.form))
    if mistakes:
        return case_page(case, typed=typed_of(request.form), mistakes=mistakes)
    command = DraftDecision(case_id=case.case_id, actor=actor, seen=seen(), outcome=outcome.id, values=values)
    return acted(number, Kind.DRAFT, lambda to: use_cases.draft_decision(command, to, now()))


@pages.post("/desk/cases/<number>/approve")
@signed_in
def post_approve(number: str) -> ResponseReturnValue:
    """Agree (承認)."""
    return stepped(number, Kind.APPROVE, use_cases.approve)


@pages.post("/desk/cases/<number>/decide")
@signed_in
def post_decide(number: str) -> ResponseReturnValue:
    """Decide (決裁)."""
    return stepped(number, Kind.DECIDE, use_cases.decide)


@pages.get("/desk/cases/<number>/send-back")
@signed_in
def get_send_back(number: str) -> ResponseReturnValue:
    """Why, before the draft goes back."""
    case = case_or_404(number)
    if not view_of(case).is_my_step:
        return redirect(url_for("approval.get_case", number=number))
    return send_back_page(case)


@pages.post("/desk/cases/<number>/send-back")
@signed_in
def post_send_back(number: str) -> ResponseReturnValue:
    """Give the draft back (差戻し) with the reason."""
    if mistakes := forms.comment_mistakes(comment(), needed=True):
        return send_back_page(case_or_404(number), mistakes=mistakes)
    return stepped(number, Kind.SEND_BACK, use_cases.send_back)


def stepped(number: str, kind: Kind, step: Callable[..., object]) -> ResponseReturnValue:
    """One step of the route by this person; the button 差し戻す of its form first asks why."""
    case = case_or_404(number)
    if "instead" in request.form:
        return send_back_page(case)
    if mistakes := forms.comment_mistakes(comment(), needed=False):
        return case_page(case, typed=typed_of(request.form), mistakes=mistakes)
    command = TakeStep(case_id=case.case_id, actor=staff().actor, seen=seen(), comment=comment())
    return acted(number, kind, lambda to: step(command, to, now()))


def acted(number: str, kind: Kind, act: Act) -> ResponseReturnValue:
    """Do it, or say why not."""
    try:
        with work_on(engine(), SERVICE) as work:
            act(ports(work))
    except REFUSALS as error:
        return refused(number, kind, error)
    return redirect(url_for("approval.get_case", number=number, done=kind.value), HTTPStatus.SEE_OTHER)


def refused(number: str, kind: Kind, error: Exception) -> ResponseReturnValue:
    """The freshly loaded page with what was typed; a second click of one's own act is no news."""
    case = case_or_404(number)
    if isinstance(error, MovedOnError) and is_own_double(case, kind):
        return redirect(url_for("approval.get_case", number=number, done=kind.value), HTTPStatus.SEE_OTHER)
    said = refusal(error, names().short)
    if kind is Kind.SEND_BACK and view_of(case).is_my_step:
        return send_back_page(case, why_not=said)
    return case_page(case, typed=typed_of(request.form), refusal=said)


def send_back_page(
    case: Case, *, mistakes: Sequence[Mistake] = (), why_not: Refusal | None = None
) -> ResponseReturnValue:
    """The reason is asked; what was typed as a comment is offered as the reason."""
    page = render_template(
        "approval/send_back.html",
        view=view_of(case),
        case=case,
        typed=typed_of(request.form),
        mistakes=mistakes,
        refusal=why_not,
        sentences=ready.sentences(Kind.SEND_BACK),
    )
    return page, why_not.status if why_not else HTTPStatus.UNPROCESSABLE_ENTITY if mistakes else HTTPStatus.OK


def is_own_double(case: Case, kind: Kind) -> bool:
    """Whether the last act is just this one, by this person."""
    last, version = case.acts[-1], seen().version + (kind is Kind.DRAFT)
    if (last.sub, last.kind, last.version) != (staff().actor.sub, kind, version):
        return False
    return kind is not Kind.DRAFT or is_same_draft(case)


def is_same_draft(case: Case) -> bool:
    """Whether the newest draft says what this form says; that of another tab may not."""
    draft, outcome = case.drafts[-1], procedure_of(case).outcome(request.form.get("outcome", ""))
    if outcome is None or draft.outcome != outcome.id:
        return False
    values, _ = forms.read_values(outcome, typed_of(request.form))
    return dict(draft.values) == values


def seen() -> Seen:
    """What the page showed."""
    shown = request.form
    version, answers = (shown.get(name, 0, type=int) for name in ("version", "answers"))
    return Seen(version, shown.get("content_sha256", ""), answers)


def comment() -> str:
    """The comment (意見) or the reason, with the ready sentences that were chosen on the page of the reason."""
    typed = forms.clean(request.form.get("comment", ""))
    return ready.added(typed, typed_of(request.form), ready.sentences(Kind.SEND_BACK))
