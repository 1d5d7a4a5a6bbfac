"""The page of one case: what was applied for, the draft and its notice, what this person can do now."""

from http import HTTPStatus

from flask import render_template, request
from flask.typing import ResponseReturnValue

from services.approval import queries
from services.approval.domain.case import Case, Kind
from services.approval.domain.notice import Outcome, Procedure, propose
from services.approval.web import forms
from services.approval.web.house import case_or_404, house, organisation, pages, staff
from services.approval.web.refusals import Refusal
from services.approval.web.views import CaseView
from services.chassis.clock import today
from services.chassis.web import Mistake, engine, signed_in
from services.chassis.web.forms import Typed


@pages.get("/desk/cases/<number>")
@signed_in
def get_case(number: str) -> ResponseReturnValue:
    """The case; ``outcome``: which decision the draft's form is about; ``done``: what this person has just done."""
    return case_page(case_or_404(number))


def case_page(
    case: Case, *, typed: Typed | None = None, mistakes: list[Mistake] | None = None, refusal: Refusal | None = None
) -> ResponseReturnValue:
    """The case as it is now, with what was typed, and why an act was refused."""
    view = view_of(case)
    outcome = outcome_of(view.procedure, case)
    with engine().connect() as connection:
        parked = [one for one in queries.parked(connection, case.case_id) if one.handover.asked_at is None]
    page = render_template(
        "approval/case.html",
        view=view,
        case=case,
        outcome=outcome,
        drafting=view.is_drafters_turn or (view.may_draft and "outcome" in request.values),
        typed=typed or forms.offered(values_for(case, view.procedure, outcome)),
        mistakes=mistakes or [],
        refusal=refusal,
        done=just_done(case),
        parked=parked,
    )
    return page, refusal.status if refusal else HTTPStatus.UNPROCESSABLE_ENTITY if mistakes else HTTPStatus.OK


def view_of(case: Case) -> CaseView:
    """The case before this person."""
    return CaseView(case, staff(), procedure_of(case), organisation(), today())


def procedure_of(case: Case) -> Procedure:
    """The version that the application was made with."""
    return house().town.procedure(case.procedure_id, case.procedure_version)


def outcome_of(procedure: Procedure, case: Case) -> Outcome:
    """The one that was asked for, that of the newest draft, or the first."""
    drafted = case.draft.outcome if case.draft else ""
    asked = procedure.outcome(request.values.get("outcome", ""))
    return asked or procedure.outcome(drafted) or procedure.outcomes[0]


def values_for(case: Case, procedure: Procedure, outcome: Outcome) -> dict[str, int | str]:
    """What the form offers: the newest draft's values, or what the town's rules propose."""
    if case.draft and case.draft.outcome == outcome.id:
        return dict(case.draft.values)
    return propose(procedure, outcome, case.application.answers)


def just_done(case: Case) -> str:
    """承認しました, if that is the last thing that happened and this person has done it."""
    last = case.acts[-1] if case.acts else None
    if last is None or last.sub != staff().actor.sub or last.kind != request.args.get("done"):
        return ""
    return forms.ACTS[Kind(last.kind)]
