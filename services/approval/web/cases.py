"""The page of one case: what was applied for, the draft and its notice, what this person can do now."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from flask import render_template, request
from flask.typing import ResponseReturnValue

from services.approval import queries
from services.approval.domain.bylaws import Bylaws, NoDeciderError
from services.approval.domain.case import Case
from services.approval.domain.notice import Outcome, Procedure, propose
from services.approval.domain.organisation import VacantPostError
from services.approval.use_cases import AMOUNT
from services.approval.web import asking, forms
from services.approval.web.contract_views import ContractView
from services.approval.web.corrected import rounds
from services.approval.web.course import Entry
from services.approval.web.house import case_or_404, house, names, pages, staff
from services.approval.web.refusals import Refusal
from services.approval.web.views import CaseView
from services.chassis.clock import today
from services.chassis.web import Mistake, engine, signed_in
from services.chassis.web.forms import Typed


@dataclass(frozen=True)
class Turn:
    """Where a case stands among those whose turn is this person's.  ``place``: from 1, 0 when it is not there."""

    place: int
    count: int
    before: str
    after: str

    @classmethod
    def of(cls, number: str, mine: Sequence[str]) -> "Turn":
        """From the numbers in the order of the list."""
        if number not in mine:
            return cls(0, len(mine), "", mine[0] if mine else "")
        at = mine.index(number)
        return cls(at + 1, len(mine), mine[at - 1] if at else "", mine[at + 1] if at + 1 < len(mine) else "")


@pages.get("/desk/cases/<number>")
@signed_in
def get_case(number: str) -> ResponseReturnValue:
    """The case.  ``outcome``: which decision the draft's form is about; ``done``: what this person has just done."""
    return case_page(case_or_404(number))


def case_page(
    case: Case, *, typed: Typed | None = None, mistakes: Sequence[Mistake] = (), refusal: Refusal | None = None
) -> ResponseReturnValue:
    """The case as it is now, with what was typed, and why an act was refused."""
    view = view_of(case)
    outcome = outcome_of(view.procedure, case)
    drafting = view.is_drafters_turn or (view.may_draft and "outcome" in request.values)
    values = values_for(case, view.procedure, outcome)
    with engine().connect() as connection:
        parked, delayed = queries.count_parked(connection, case.case_id), queries.delayed(connection, case.case_id)
        turn = Turn.of(case.reception_number, queries.numbers(connection, view.staff.viewer))
    page = render_template(
        "approval/contract.html" if case.agreement else "approval/case.html",
        view=view,
        case=case,
        outcome=outcome,
        drafting=drafting,
        typed=typed or forms.offered(values),
        mistakes=mistakes,
        refusal=refusal,
        kept=list(kept(view, outcome, drafting, typed)) if refusal and typed else [],
        done=just_done(case),
        expected=expected_route(view, outcome, values) if drafting else [],
        bylaws=bylaws_of(case),
        parked=parked,
        delayed=delayed,
        turn=turn,
        rounds=rounds(case),
    )
    return page, refusal.status if refusal else HTTPStatus.UNPROCESSABLE_ENTITY if mistakes else HTTPStatus.OK


def view_of(case: Case) -> CaseView:
    """The case before this person."""
    view = ContractView if case.agreement else CaseView
    return view(case, staff(), procedure_of(case), names())


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


def expected_route(view: CaseView, outcome: Outcome, values: dict[str, int | str]) -> list[Entry]:
    """Who would see and decide a draft with these values; nothing when nobody could."""
    amount = values.get(AMOUNT)
    try:
        route = house().town.rulebook.route(
            matter=outcome.matter,
            amount=amount if isinstance(amount, int) else None,
            section=view.case.section,
            drafter=view.staff.actor.sub,
            day=today(),
        )
    except (NoDeciderError, VacantPostError):
        return []
    return view.course.expected(route)


def bylaws_of(case: Case) -> Bylaws | None:
    """The version that the newest draft's route follows."""
    return house().town.rulebook.in_force(case.draft.route.valid_from) if case.draft else None


def just_done(case: Case) -> str:
    """承認しました, if that is the last thing that happened and this person has done it."""
    last = case.acts[-1] if case.acts else None
    is_it = last and last.sub == staff().actor.sub and last.kind == request.args.get("done")
    return forms.ACTS[last.kind] if last and is_it else ""


def kept(view: CaseView, outcome: Outcome, drafting: bool, typed: Typed) -> Iterator[tuple[str, str]]:
    """What was typed and has no field on the page any more."""
    fields = [] if drafting else [(one.label, forms.FIELD + one.id) for one in outcome.fields]
    comments = [] if view.is_my_step else [("意見・理由", "comment")]
    texts = [(label, "".join(typed.get(name, []))) for label, name in (*fields, *comments)]
    for label, text in (*texts, *asking.kept(typed, asking.topics_of(view.case.application, view.procedure))):
        if text.strip():
            yield label, text

