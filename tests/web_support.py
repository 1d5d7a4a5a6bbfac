"""Signing in without the provider: what the tests of all services' pages share."""

import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from services.chassis.clock import now
from services.chassis.web.sessions import open_session
from services.chassis.web.shelf import engine
from services.chassis.web.signin import session_cookie


def sign_in_as(
    app: Flask, client: FlaskClient, sub: str, name: str = "", *, host: str = "localhost", **claims: Any
) -> None:
    """Give this browser a session of ``sub``, as the way back from the provider does.  ``claims``: of OpenID.

    ``host``: where it asks, for its cookie is for that only.
    """
    with app.test_request_context(), engine().begin() as connection:
        session_id = open_session(connection, {"sub": sub, "name": name} | claims, now())
        cookie = session_cookie()
    client.set_cookie(cookie, session_id, domain=host)


def read(html: str) -> str:
    """A page as it is read: without the marks that keep numbers and dates on one line."""
    return re.sub(r"</?(?:span|time)\b[^>]*>", "", html)
