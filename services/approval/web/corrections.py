"""補正: the page on which the office asks the applicant to put something right, and what goes on without an answer."""

from collections.abc import Sequence
from datetime import date
from http import HTTPStatus

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.approval import use_cases
from services.approval.domain.act import Kind, MovedOnError
from services.approval.domain.case import Case
from services.approval.domain.correction import USUAL_TIME
from services.approval.use_cases import RequestCorrection
from services.approval.web import asking, ready
from services.approval.web.acts import acted, seen
from services.approval.web.asking import Asking, Topics
from services.approval.web.cases import case_page, procedure_of, view_of
from services.approval.web.house import SERVICE, case_or_404, house, names, pages, ports, staff
from services.approval.web.refusals import REFUSALS, Refusal, refusal
from services.chassis.clock import now, today
from services.chassis.database import work_on
from services.chassis.web import Mistake, engine, signed_in, typed_of
from services.chassis.web.forms import day_fields

LOOK = "look"


@pages.get("/desk/cases/<number>/correction")
@signed_in
def get_correction(number: str) -> ResponseReturnValue:
    """Which answers are to be put right, why, and until when."""
    case = case_or_404(number)
    if not view_of(case).may_ask:
        return redirect(url_for("approval.get_case", number=number))
    return correction_page(case)


@pages.post("/desk/cases/<number>/correction")
@signed_in
def post_correction(number: str) -> ResponseReturnValue:
    """Ask the applicant (補正を求める)."""
    case = case_or_404(number)
    offered = ready.sentences(Kind.REQUEST_CORRECTION)
    asked, mistakes = asking.read(topics_of(case), typed_of(request.form), today(), offered)
    if asked is None:
        return correction_page(case, mistakes=mistakes) if view_of(case).may_ask else refused(case, moved_on(case))
    if LOOK in request.form and view_of(case).may_ask:
        return correction_page(case, shown=asked)
    command = RequestCorrection(
        case_id=case.case_id,
        actor=staff().actor,
        seen=seen(),
        questions=asked.questions,
        message=asked.message,
        answer_by=asked.answer_by,
    )
    try:
        with work_on(engine(), SERVICE) as work:
            use_cases.request_correction(command, ports(work), now())
    except REFUSALS as error:
        return done(number) if is_own_double(case_or_404(number), asked) else refused(case_or_404(number), error)
    return done(number)


@pages.post("/desk/cases/<number>/go-on")
@signed_in
def post_go_on(number: str) -> ResponseReturnValue:
    """Examine on without the answer, once its day has passed."""
    case, actor = case_or_404(number), staff().actor
    return acted(number, Kind.GO_ON, lambda to: use_cases.go_on(case.case_id, actor, to, now()))


def correction_page(
    case: Case, *, mistakes: Sequence[Mistake] = (), why_not: Refusal | None = None, shown: Asking | None = None
) -> ResponseReturnValue:
    """The form's questions with the applicant's answers.  ``shown``: the request, to be looked at before it is sent."""
    page = render_template(
        "approval/correction.html",
        view=view_of(case),
        case=case,
        topics=topics_of(case),
        typed=typed_of(request.form) or day_fields(asking.UNTIL, usual_day()),
        mistakes=mistakes,
        refusal=why_not,
        sentences=ready.sentences(Kind.REQUEST_CORRECTION),
        shown=shown,
        labels={(one.topic, one.question): one.label for _, choices in topics_of(case) for one in choices},
    )
    return page, why_not.status if why_not else HTTPStatus.UNPROCESSABLE_ENTITY if mistakes else HTTPStatus.OK


def topics_of(case: Case) -> Topics:
    """What can be asked for anew."""
    return asking.topics_of(case.application, procedure_of(case))


def usual_day() -> date:
    """The day that the form offers: two weeks from today, or the next one on which the office is open."""
    return house().town.first_open_day(today() + USUAL_TIME)


def done(number: str) -> ResponseReturnValue:
    """To the case, which says so."""
    address = url_for("approval.get_case", number=number, done=Kind.REQUEST_CORRECTION.value)
    return redirect(address, HTTPStatus.SEE_OTHER)


def refused(case: Case, error: Exception) -> ResponseReturnValue:
    """Why not, and what was typed: on the form while it can be sent, else on the page of the case."""
    said = refusal(error, names().short)
    if view_of(case).may_ask:
        return correction_page(case, why_not=said)
    return case_page(case, typed=typed_of(request.form), refusal=said)


def moved_on(case: Case) -> MovedOnError:
    """Nothing can be asked now: what happened last."""
    return MovedOnError(case.acts[-1] if case.acts else None)


def is_own_double(case: Case, asked: Asking) -> bool:
    """Whether the last act is just this request, by this person."""
    last = case.acts[-1] if case.acts else None
    is_it = last and (last.kind, last.sub) == (Kind.REQUEST_CORRECTION, staff().actor.sub)
    return bool(is_it and asked.is_same(case.corrections[-1]))
