"""The provider over HTTP: its endpoints, and the page on which one picks who one is."""

import os
import time
import uuid
from datetime import timedelta
from typing import Any

import flask
from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2 import OAuth2Error
from flask.typing import ResponseReturnValue

from infra.local import practice
from infra.local.signin import keys, people, provider
from infra.local.signin.settings import PREFIX, Settings

SESSION_LIFE = timedelta(hours=12)


def create_app(settings: Settings) -> flask.Flask:
    """The whole application below ``/dev/signin``."""
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # loopback without TLS: this is a stand-in
    app = practice.application(__name__, "signin")
    app.secret_key = keys.cookie_key(settings.state)
    app.config.update(
        SESSION_COOKIE_NAME="todoke-dev-signin",
        SESSION_COOKIE_PATH=PREFIX,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=SESSION_LIFE,
    )
    signing_keys = keys.signing_keys(settings.state)
    app.register_blueprint(_blueprint(settings, provider.server(app, settings, signing_keys)), url_prefix=PREFIX)
    public_keys = signing_keys.as_dict(private=False)
    app.add_url_rule(f"{PREFIX}/jwks.json", "jwks", lambda: public_keys)
    return app


def _blueprint(settings: Settings, server: AuthorizationServer) -> flask.Blueprint:
    pages = Pages(settings, server)
    blueprint = flask.Blueprint("signin", __name__)
    blueprint.add_url_rule("/", "start", pages.get_start)
    blueprint.add_url_rule("/.well-known/openid-configuration", "metadata", lambda: provider.metadata(settings))
    blueprint.add_url_rule("/authorize", "authorize", pages.authorize, methods=["GET", "POST"])
    blueprint.add_url_rule("/token", "token", server.create_token_response, methods=["POST"])
    blueprint.add_url_rule("/sign-out", "sign_out", pages.sign_out, methods=["GET", "POST"])
    return blueprint


class Pages:
    """Pages for people."""

    def __init__(self, settings: Settings, server: AuthorizationServer) -> None:
        self.settings, self.server = settings, server

    def get_start(self) -> ResponseReturnValue:
        """Who can sign in, and who is."""
        return flask.render_template("signin/start.html", groups=self._groups(), person=self._person())

    def authorize(self) -> ResponseReturnValue:
        """Ask who it is, unless the browser is known already; then back to the client with a code."""
        person = self._picked() or self._person()
        try:
            grant = self.server.get_consent_grant(end_user=person)
        except OAuth2Error as error:
            return self._refuse(error)
        if "cancel" in flask.request.form:
            return self._answer(None, grant)
        if person is None or (flask.request.method == "GET" and grant.prompt):
            return flask.render_template("signin/pick.html", groups=self._groups())
        return self._answer(person, grant)

    def sign_out(self) -> ResponseReturnValue:
        """End the session here and at every client; ask first if nothing proves who asks."""
        try:
            asked = self.server.validate_endpoint_request("end_session")
        except OAuth2Error as error:
            return self._refuse(error)
        if not provider.is_proven(asked) and flask.request.method == "GET" and self._person():
            return flask.render_template("signin/sign_out.html")
        return self.server.create_endpoint_response("end_session", asked) or flask.render_template(
            "signin/signed_out.html"
        )

    def _picked(self) -> people.Person | None:
        person = people.everyone(self.settings.town).get(flask.request.form.get("person", ""))
        if person:
            flask.session.clear()
            flask.session.update(sub=person.sub, sid=str(uuid.uuid4()), auth_time=int(time.time()))
            flask.session.permanent = True
        return person

    def _person(self) -> people.Person | None:
        return people.everyone(self.settings.town).get(flask.session.get("sub", ""))

    def _groups(self) -> dict[str, list[people.Person]]:
        known = people.everyone(self.settings.town).values()
        return {group: [person for person in known if person.group == group] for group in people.GROUPS}

    def _answer(self, person: people.Person | None, grant: Any) -> ResponseReturnValue:
        """Back to the client, as ``person`` or, cancelled, as nobody."""
        response: ResponseReturnValue = self.server.create_authorization_response(grant_user=person, grant=grant)
        return response

    def _refuse(self, error: Any) -> ResponseReturnValue:
        if getattr(error, "redirect_uri", None):
            response: ResponseReturnValue = self.server.handle_error_response(None, error)
            return response
        return flask.render_template("signin/refused.html", reason=self._reason(), error=error), 400

    def _reason(self) -> str:
        client = self.settings.clients.get(flask.request.values.get("client_id", ""))
        if client is None:
            return "呼び出したシステムが、登録されていません。"
        if flask.request.values.get("redirect_uri") not in client.redirect_uris:
            return "もどり先のアドレスが、登録したものとちがいます。"
        return "呼び出しに、足りないものかまちがいがあります。"
