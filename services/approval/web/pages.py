"""The desk's lists: cases by whose turn it is, a search, work that was not handed over."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any, get_args
from urllib.parse import urlencode

from flask import Flask, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.approval import queries, use_cases
from services.approval.queries import Only, Tab
from services.approval.settings import ApprovalSettings, load
from services.approval.store import SqlHandovers
from services.approval.town import read_town
from services.approval.web import acts, cases, contracts, corrections, files, forms, sums
from services.approval.web.house import SERVICE, House, house, id_or_none, names, pages, staff
from services.approval.web.people import NotStaffError
from services.approval.web.rows import RowView
from services.chassis.clock import now, today
from services.chassis.database import work_on
from services.chassis.handling import NotYet
from services.chassis.objects import Objects
from services.chassis.web import create_web, engine, signed_in

MENU = [
    ("/desk/", "案件の一覧"),
    ("/desk/contracts", "契約の一覧"),
    ("/post/", "紙で送る通知書"),
    ("/desk/sum", "毎日の件数"),
    ("/desk/keys", "キー操作の一覧"),
]
__all__ = ["acts", "cases", "contracts", "corrections", "create_app", "files", "sums"]


def create_app(settings: ApprovalSettings | None = None) -> Flask:
    """What gunicorn serves.  Raises TownDataError when the town's data is wrong."""
    settings = settings or load()
    app = create_web(settings, blueprints=[pages], prefix="/desk", frame="desk")
    app.extensions[SERVICE] = House(read_town(settings.town_dir), Objects.of(settings))
    return app


@pages.app_context_processor
def words() -> dict[str, Any]:
    """What every page may name."""
    return {"words": forms, "names": names(), "desk_menu": MENU}


@pages.get("/desk/")
@signed_in
def get_cases() -> str:
    """One tab of cases; the first is whose turn it is."""
    viewer = staff().viewer
    tab, page, only = _tab(), max(1, request.args.get("page", 1, type=int)), _only()
    with engine().connect() as connection:
        counts = {one: queries.count(connection, one, viewer) for one in get_args(Tab)}
        count = queries.count(connection, tab, viewer, only)
        rows = queries.rows(connection, tab, viewer, page=page, only=only)
        parked, delayed = queries.count_parked(connection), queries.delayed(connection)
    return render_template(
        "approval/cases.html",
        tab=tab,
        counts=counts | {"handovers": parked},
        delayed=delayed,
        rows=[RowView(one, names()) for one in rows],
        procedures=house().town.names,
        narrowed=only != queries.ALL,
        page=page,
        pages=-(-count // queries.PER_PAGE),
        address=_address,
    )


@pages.get("/desk/search")
@signed_in
def get_search() -> str:
    """Cases by number, name or procedure."""
    viewer, query = staff().viewer, request.args.get("q", "").strip()
    with engine().connect() as connection:
        found = queries.search(connection, query, viewer) if query else []
    return render_template("approval/search.html", query=query, rows=[RowView(one, names()) for one in found])


@pages.get("/desk/handovers")
@signed_in
def get_handovers() -> str:
    """Work of any service that waits for a person, or for an outside server."""
    viewer = staff().viewer
    with engine().connect() as connection:
        counts = {one: queries.count(connection, one, viewer) for one in get_args(Tab)}
        waiting, parked = queries.count_parked(connection), queries.parked(connection)
        delayed = queries.delayed(connection)
        readable = queries.readable(connection, [one.handover.case_id for one in parked], viewer)
    return render_template(
        "approval/handovers.html",
        tab="handovers",
        counts=counts | {"handovers": waiting},
        parked=parked,
        delayed=delayed,
        readable=readable,
    )


@pages.post("/desk/handovers")
@signed_in
def post_handovers() -> ResponseReturnValue:
    """Ask the service to try again; a second click asks nothing more."""
    actor = staff().actor
    parking_id = id_or_none(request.form.get("parking_id", "")) or abort(HTTPStatus.NOT_FOUND, forms.NOT_PARKED)
    try:
        with work_on(engine(), SERVICE) as work:
            use_cases.request_retry(parking_id, actor.sub, SqlHandovers(work.connection), work.say, now())
    except NotYet:
        abort(HTTPStatus.NOT_FOUND, forms.NOT_PARKED)
    return redirect(url_for("approval.get_handovers", asked=1), HTTPStatus.SEE_OTHER)


@pages.get("/desk/keys")
@signed_in
def get_keys() -> str:
    """What the keys do."""
    staff()
    return render_template("approval/keys.html")


@pages.errorhandler(NotStaffError)
def on_not_staff(_error: NotStaffError) -> ResponseReturnValue:
    """Who holds no post today is told what to do."""
    return render_template("approval/not_staff.html"), HTTPStatus.FORBIDDEN


def _only() -> Only:
    """What the list is narrowed to; an unknown word narrows nothing."""
    days = forms.WITHIN.get(request.args.get("due", ""))
    until = today() + timedelta(days=days) if days is not None else None
    return Only(procedure_id=request.args.get("procedure", ""), due_until=until)


def _address(**changed: Any) -> str:
    """The list's address with what it is narrowed to; ``{page}`` stays as it is."""
    kept = {name: request.args[name] for name in ("tab", "procedure", "due") if request.args.get(name)}
    return f"{url_for('approval.get_cases')}?{urlencode(kept | changed, safe='{}')}"


def _tab() -> Tab:
    asked = request.args.get("tab", "")
    found: Tab = next((one for one in get_args(Tab) if one == asked), "mine")
    return found

