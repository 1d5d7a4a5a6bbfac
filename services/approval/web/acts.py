"""What staff do with a case.  Each act answers with the case's page: as it is now, and why not, if it was refused."""

from collections.abc import Callable
from http import HTTPStatus

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.approval import use_cases
from services.approval.domain.case import Case, Kind, MovedOnError, Seen
from services.approval.use_cases import DraftDecision, Ports, TakeStep
from services.approval.web import forms
from services.approval.web.cases import case_page, procedure_of, view_of
from services.approval.web.house import SERVICE, case_or_404, pages, ports, staff
from services.approval.web.refusals import REFUSALS, refusal
from services.chassis.clock import now
from services.chassis.database import work_on
from services.chassis.web import engine, signed_in, typed_of

Act = Callable[[Ports], object]


@pages.get("/desk/cases/<number>/<any(examine, draft, approve, decide):_act>")
@signed_in
def get_act(number: str, _act: str) -> ResponseReturnValue:
    """An act is a button of the case's page: whoever reloads after a refusal comes back there."""
    return redirect(url_for("approval.get_case", number=number))


@pages.post("/desk/cases/<number>/examine")
@signed_in
def post_examine(number: str) -> ResponseReturnValue:
    """Begin the examination (審査)."""
    case, actor = case_or_404(number), staff().actor
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
    return stepped(number, Kind.APPROVE, lambda command, to: use_cases.approve(command, to, now()))


@pages.post("/desk/cases/<number>/decide")
@signed_in
def post_decide(number: str) -> ResponseReturnValue:
    """Decide (決裁)."""
    return stepped(number, Kind.DECIDE, lambda command, to: use_cases.decide(command, to, now()))


@pages.get("/desk/cases/<number>/send-back")
@signed_in
def get_send_back(number: str) -> ResponseReturnValue:
    """Why, before the draft goes back."""
    view = view_of(case_or_404(number))
    if not view.is_my_step:
        return redirect(url_for("approval.get_case", number=number))
    return render_template("approval/send_back.html", view=view, case=view.case)


@pages.post("/desk/cases/<number>/send-back")
@signed_in
def post_send_back(number: str) -> ResponseReturnValue:
    """Give the draft back (差戻し) with the reason."""
    case = case_or_404(number)
    mistakes = forms.comment_mistakes(comment(), needed=True)
    if mistakes:
        view, typed = view_of(case), typed_of(request.form)
        page = render_template("approval/send_back.html", view=view, case=case, typed=typed, mistakes=mistakes)
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    return stepped(number, Kind.SEND_BACK, lambda command, to: use_cases.send_back(command, to, now()))


def stepped(number: str, kind: Kind, act: Callable[[TakeStep, Ports], object]) -> ResponseReturnValue:
    """One step of the route by this person."""
    case = case_or_404(number)
    if mistakes := forms.comment_mistakes(comment(), needed=False):
        return case_page(case, typed=typed_of(request.form), mistakes=mistakes)
    command = TakeStep(case_id=case.case_id, actor=staff().actor, seen=seen(), comment=comment())
    return acted(number, kind, lambda to: act(command, to))


def acted(number: str, kind: Kind, act: Act) -> ResponseReturnValue:
    """Do it, or say why not on the freshly loaded page, with what was typed."""
    try:
        with work_on(engine(), SERVICE) as work:
            act(ports(work))
    except REFUSALS as error:
        case = case_or_404(number)
        if isinstance(error, MovedOnError) and is_own_double(case, kind):
            return done(number, kind)
        name_of = view_of(case).short_name_of
        return case_page(case, typed=typed_of(request.form), refusal=refusal(error, name_of))
    return done(number, kind)


def done(number: str, kind: Kind) -> ResponseReturnValue:
    """The case's page, which says so."""
    return redirect(url_for("approval.get_case", number=number, done=kind.value), HTTPStatus.SEE_OTHER)


def is_own_double(case: Case, kind: Kind) -> bool:
    """Whether the last act is just this one by this person: a second click is no news."""
    last, version = case.acts[-1], seen().version + (kind is Kind.DRAFT)
    if (last.sub, last.kind, last.version) != (staff().actor.sub, kind, version):
        return False
    return kind is not Kind.DRAFT or is_same_draft(case)


def is_same_draft(case: Case) -> bool:
    """Whether the newest draft says what this form says; another tab's draft may not."""
    draft, outcome = case.drafts[-1], procedure_of(case).outcome(request.form.get("outcome", ""))
    if outcome is None or draft.outcome != outcome.id:
        return False
    values, _ = forms.read_values(outcome, typed_of(request.form))
    return dict(draft.values) == values


def seen() -> Seen:
    """The version and content that the page showed."""
    return Seen(request.form.get("version", 0, type=int), request.form.get("content_sha256", ""))


def comment() -> str:
    """The comment (意見) or the reason."""
    return forms.clean(request.form.get("comment", ""))
