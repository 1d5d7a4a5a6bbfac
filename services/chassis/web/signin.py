"""Who is signed in: the decorator for pages, the person, and the routes of sign-in and sign-out.

An ended session never loses a form: it is kept and its sender sends it again by one button.
"""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ParamSpec
from urllib.parse import urlencode

from flask import Blueprint, current_app, g, make_response, redirect, render_template, request
from flask import session as browser
from flask.typing import ResponseReturnValue
from werkzeug import Response

from services.chassis.clock import now
from services.chassis.logging import get_logger
from services.chassis.web import kept_forms, sessions
from services.chassis.web.forms import has_files, typed_of
from services.chassis.web.kept_forms import KeptForm
from services.chassis.web.provider import LogoutTokenError, Provider, ProviderDownError, SignInRefusedError
from services.chassis.web.shelf import engine, is_https, prefix, settings

log = get_logger()
P = ParamSpec("P")
View = Callable[P, ResponseReturnValue]
signin = Blueprint("signin", __name__)
UNAUTHORIZED = 401
READING = frozenset({"GET", "HEAD"})
EVERYONE_OUT = "Cache-Control", "no-store"


@dataclass(frozen=True)
class Person:
    """What the provider said of the person: from the claims of OpenID Connect Core 1.0, 5.1."""

    sub: str
    name: str
    address: str
    birthdate: date | None
    gender: str

    @property
    def family_name(self) -> str:
        """The part before the space."""
        return self.name.replace("　", " ").split(" ", 1)[0]


def signed_in(view: View[P]) -> View[P]:
    """For pages that need a signed-in person: reading goes to sign-in and comes back, a form is kept."""

    @functools.wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        if person_or_none() is None:
            return _sign_in_first() if request.method in READING else _signed_out()
        answer = view(*args, **kwargs)
        return answer if request.method in READING else _without_kept_form(answer)

    return guarded


def person() -> Person:
    """The signed-in person of this request.  Raises RuntimeError outside pages marked ``signed_in``."""
    found = person_or_none()
    if found is None:
        raise RuntimeError("nobody is signed in: mark the page with @signed_in")
    return found


def person_or_none() -> Person | None:
    """The signed-in person, if any."""
    session = _session()
    return _person_of(session.claims) if session and session.is_live(now()) else None


def sign_in_of_person() -> tuple[str, datetime]:
    """The provider's session (``sid``) of the signed-in person, and since when.  Raises RuntimeError outside pages."""
    session = _session()
    if session is None:
        raise RuntimeError("nobody is signed in: mark the page with @signed_in")
    return session.sid, session.created_at


def forget_person() -> None:
    """Nobody, for the rest of this request: an error page must not ask the database."""
    g.session = None


def session_cookie() -> str:
    """The name of this service's session cookie; with HTTPS bound to this host (RFC 6265bis, 4.1.3.2)."""
    return _cookie("session")


@signin.get("/sign-in")
def get_sign_in() -> ResponseReturnValue:
    """Go to the provider."""
    back_to = _own_path(request.args.get("next", ""))
    callback = f"{settings().public_url}{prefix()}/signed-in"
    return redirect(_provider().sign_in_url(callback, back_to))


@signin.get("/signed-in")
def get_signed_in() -> ResponseReturnValue:
    """Come back from the provider, as somebody."""
    claims, back_to = _provider().signed_in()
    with engine().begin() as connection:
        _close_here(connection)
        session_id = sessions.open_session(connection, claims, now())
    browser.clear()
    response = redirect(_own_path(back_to))
    _set_cookie(response, session_cookie(), session_id)
    log.info("signed_in")
    return response


@signin.post("/sign-out")
def post_sign_out() -> ResponseReturnValue:
    """End the session here and at the provider, which ends those of the other services."""
    session = _session()
    with engine().begin() as connection:
        _close_here(connection)
    browser.clear()
    forget_person()
    home = f"{settings().public_url}/"
    response = redirect(_provider().sign_out_url(home, session.sid if session else "") or home, 303)
    response.delete_cookie(session_cookie())
    return response


@signin.post("/signed-out-elsewhere")
def post_signed_out_elsewhere() -> ResponseReturnValue:
    """The provider says that a person signed out (OpenID Back-Channel Logout 1.0, 2.8)."""
    sid, sub = _provider().read_logout_token(request.form.get("logout_token", ""))
    with engine().begin() as connection:
        ended = sessions.close_elsewhere(connection, sid, sub)
    log.info("signed_out_elsewhere", sessions=ended)
    return "", 200, [EVERYONE_OUT]


@signin.get("/kept-form")
@signed_in
def get_kept_form() -> ResponseReturnValue:
    """The kept form with one button."""
    with engine().connect() as connection:
        form = kept_forms.find(connection, _kept_token(), person().sub, now())
    if form is None:
        return redirect(_own_path(""))
    return render_template("shelf/kept_form.html", form=form)


@signin.app_errorhandler(ProviderDownError)
def on_provider_down(_error: ProviderDownError) -> ResponseReturnValue:
    """Say so, and that what was typed is kept."""
    log.warning("sign_in_unavailable")
    forget_person()
    again = request.full_path if request.method in READING else f"{prefix()}/"
    return render_template("shelf/sign_in_down.html", again=again, kept=bool(_kept_token())), 503


@signin.app_errorhandler(SignInRefusedError)
def on_sign_in_refused(_error: SignInRefusedError) -> ResponseReturnValue:
    """Somebody who is signed in already (a reload, a second tab) goes on; all others begin again."""
    if person_or_none():
        return redirect(_own_path(""))
    log.info("sign_in_refused")
    return render_template("shelf/sign_in_again.html"), 400


@signin.errorhandler(LogoutTokenError)
def on_logout_token(error: LogoutTokenError) -> ResponseReturnValue:
    """What the specification wants to hear."""
    log.warning("logout_token_refused", reason=error.reason)
    return {"error": "invalid_request", "error_description": error.reason}, 400, [EVERYONE_OUT]


def _sign_in_first() -> ResponseReturnValue:
    return redirect(_sign_in_at(request.full_path.removesuffix("?")))


def _signed_out() -> ResponseReturnValue:
    """What a script sends is not kept: the page still has it, and its sender sends the page itself next."""
    by_script = request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate"
    return ("", UNAUTHORIZED) if by_script else _keep_form()


def _keep_form() -> ResponseReturnValue:
    form = KeptForm(request.path, typed_of(request.form), has_files(request.files))
    session = _session()
    with engine().begin() as connection:
        token = kept_forms.keep(connection, form, session.sub if session else None, now())
    log.info("form_kept", page=request.endpoint)
    page = render_template("shelf/signed_out.html", sign_in=_sign_in_at(f"{prefix()}/kept-form"), form=form)
    response = make_response(page, UNAUTHORIZED)
    _set_cookie(response, _cookie("kept"), token, int(kept_forms.KEPT.total_seconds()))
    return response


def _without_kept_form(answer: ResponseReturnValue) -> ResponseReturnValue:
    token = _kept_token()
    if not token:
        return answer
    with engine().begin() as connection:
        kept_forms.forget(connection, token)
    response = make_response(answer)
    response.delete_cookie(_cookie("kept"))
    return response


def _sign_in_at(back_to: str) -> str:
    return f"{prefix()}/sign-in?{urlencode({'next': back_to})}"


def _own_path(path: str) -> str:
    """A path of this site (never ``//host`` or ``/\\host``), or the service's first page."""
    is_own = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if is_own else f"{prefix()}/"


def _session() -> sessions.Session | None:
    if "session" not in g:
        g.session = _find_session(request.cookies.get(session_cookie(), ""))
    found: sessions.Session | None = g.session
    return found


def _find_session(session_id: str) -> sessions.Session | None:
    if not session_id:
        return None
    with engine().begin() as connection:
        return sessions.find(connection, session_id, now())


def _close_here(connection: Any) -> None:
    session_id = request.cookies.get(session_cookie())
    if session_id:
        sessions.close(connection, session_id)


def _person_of(claims: Mapping[str, Any]) -> Person:
    address = claims.get("address", "")
    if isinstance(address, Mapping):
        address = address.get("formatted", "")
    born = str(claims.get("birthdate", ""))
    return Person(
        sub=str(claims["sub"]),
        name=str(claims.get("name", "")),
        address=str(address),
        birthdate=_date_or_none(born),
        gender=str(claims.get("gender", "")),
    )


def _date_or_none(text: str) -> date | None:
    """A birthdate may be unknown or a year only (OpenID Connect Core 1.0, 5.1)."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _cookie(purpose: str) -> str:
    return f"{'__Host-' if is_https() else ''}todoke-{settings().service}-{purpose}"


def _set_cookie(response: Response, name: str, value: str, seconds: int | None = None) -> None:
    response.set_cookie(name, value, max_age=seconds, httponly=True, samesite="Lax", secure=is_https())


def _kept_token() -> str:
    return request.cookies.get(_cookie("kept"), "")


def _provider() -> Provider:
    found: Provider = current_app.extensions["todoke.provider"]
    return found
