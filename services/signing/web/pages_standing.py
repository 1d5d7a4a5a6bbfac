"""Standing permits: which types of documents bear the seal for a time without a permit of their own."""

from collections.abc import Sequence
from contextlib import suppress
from http import HTTPStatus
from uuid import UUID, uuid4

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.chassis.clock import now, today
from services.chassis.database import work_on
from services.chassis.web import Mistake, engine, signed_in, typed_of
from services.chassis.web.forms import Typed, day_fields, day_of, empty, too_long
from services.signing.domain.standing import (
    AlreadyWithdrawnError,
    PeriodError,
    StandingPermit,
    Wish,
    end_of_fiscal_year,
    grant,
)
from services.signing.store.standing import LedgerNote, SqlStandingPermits, permits_of
from services.signing.town import DocumentType
from services.signing.use_cases.standing import grant_standing, withdraw_standing
from services.signing.web import forms
from services.signing.web.keeping import keeper, town

blueprint = Blueprint("standing", __name__, template_folder="templates")
NOT_FOUND = "この包括の承認は見つかりません。"
PICK_TYPE = "承認する文書の種類を選んでください。"
PERIODS = {
    "past": ("since", "始める日は、今日からあとの日にしてください。"),
    "backwards": ("until", "終わる日は、始める日からあとの日にしてください。"),
    "too_long": ("until", "終わる日は、始める日の年度のうち（3月31日まで）にしてください。"),
}
NO_DAY = "{}を確かめてください。例：8年12月1日"
DAYS = {"since": "始める日", "until": "終わる日"}


@blueprint.get("/seal/standing")
@signed_in
def get_permits() -> str:
    """What is in force, what was, and a form for a new one."""
    first = today()
    return page(day_fields("since", first) | day_fields("until", end_of_fiscal_year(first)), [])


@blueprint.post("/seal/standing")
@signed_in
def post_permit() -> ResponseReturnValue:
    """Permit a type for a time."""
    typed, actor = typed_of(request.form), keeper()
    wish, mistakes = wish_of(typed)
    if wish is None or mistakes:
        return page(typed, mistakes), HTTPStatus.UNPROCESSABLE_ENTITY
    with work_on(engine(), "signing") as work:
        grant_standing(wish, actor, SqlStandingPermits(work.connection), LedgerNote(work), today(), now())
    return redirect(url_for("standing.get_permits"), HTTPStatus.SEE_OTHER)


@blueprint.get("/seal/standing/<uuid:permit_id>/withdraw")
@signed_in
def get_withdraw(permit_id: UUID) -> ResponseReturnValue:
    """Why it ends."""
    permit = permit_or_404(permit_id)
    if permit.withdrawn_at is not None:
        return redirect(url_for("standing.get_permits"))
    return render_template("signing/standing_end.html", permit=permit, seals=town(), words=forms)


@blueprint.post("/seal/standing/<uuid:permit_id>/withdraw")
@signed_in
def post_withdraw(permit_id: UUID) -> ResponseReturnValue:
    """End it, from now on."""
    permit, reason = permit_or_404(permit_id), request.form.get("reason", "")
    if mistakes := forms.reason_mistakes(forms.WHY_ENDED, reason):
        typed = typed_of(request.form)
        values = {"permit": permit, "seals": town(), "words": forms, "mistakes": mistakes, "typed": typed}
        return render_template("signing/standing_end.html", **values), HTTPStatus.UNPROCESSABLE_ENTITY
    with suppress(AlreadyWithdrawnError), work_on(engine(), "signing") as work:
        withdraw_standing(permit_id, keeper(), reason, SqlStandingPermits(work.connection), LedgerNote(work), now())
    return redirect(url_for("standing.get_permits"), HTTPStatus.SEE_OTHER)


def page(typed: Typed, mistakes: list[Mistake]) -> str:
    """The list with the form as it was typed."""
    found, day = permits(), today()
    return render_template(
        "signing/standing.html",
        current=[one for one in found if one.withdrawn_at is None and one.until >= day],
        past=[one for one in found if one.withdrawn_at is not None or one.until < day],
        types=[(one.id, one.title) for one in allowed()],
        limit=forms.LONGEST_REASON,
        seals=town(),
        today=day,
        permit_id="".join(typed.get("permit_id", [])[:1]) or str(uuid4()),
        typed=typed,
        mistakes=mistakes,
    )


def permits() -> Sequence[StandingPermit]:
    """Of the seals that this person keeps."""
    with engine().connect() as connection:
        return permits_of(connection, keeper().posts)


def permit_or_404(permit_id: UUID) -> StandingPermit:
    """One of them."""
    found = next((one for one in permits() if one.permit_id == permit_id), None)
    return found or abort(HTTPStatus.NOT_FOUND, NOT_FOUND)


def allowed() -> Sequence[DocumentType]:
    """Types under a seal of this person's that may have a standing permit."""
    return [one for one in town().types.values() if one.standing and town().keeper_post(one.id) in keeper().posts]


def wish_of(typed: Typed) -> tuple[Wish | None, list[Mistake]]:
    """What was typed, and what is wrong with it."""
    kind = next((one for one in allowed() if [one.id] == typed.get("type")), None)
    days = {name: day_of(typed, name) for name in DAYS}
    basis = "".join(typed.get("basis", [])[:1])
    mistakes = [] if kind else [Mistake("type", PICK_TYPE)]
    mistakes += [Mistake(name, NO_DAY.format(DAYS[name]), f"{name}-y") for name, day in days.items() if day is None]
    if not basis.strip():
        mistakes.append(Mistake("basis", empty("承認する理由")))
    elif len(basis) > forms.LONGEST_REASON:
        mistakes.append(Mistake("basis", too_long("理由", forms.LONGEST_REASON, basis)))
    since, until = days["since"], days["until"]
    if mistakes or kind is None or since is None or until is None:
        return None, mistakes
    wish = Wish(
        permit_id=permit_id_of(typed),
        document_type=kind.id,
        keeper_post=town().keeper_post(kind.id),
        allowed=kind.standing,
        since=since,
        until=until,
        basis=basis,
    )
    return wish, period_mistakes(wish)


def permit_id_of(typed: Typed) -> UUID:
    """The form's own, so that it can be sent twice; a new one, when it is none."""
    with suppress(ValueError):
        return UUID("".join(typed.get("permit_id", [])[:1]))
    return uuid4()


def period_mistakes(wish: Wish) -> list[Mistake]:
    """Tried without being kept."""
    try:
        grant(wish, keeper(), today(), now())
    except PeriodError as error:
        field, text = PERIODS[error.code]
        return [Mistake(field, text, f"{field}-y")]
    return []
