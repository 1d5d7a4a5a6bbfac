"""OpenID Connect Core 1.0, code flow with PKCE (RFC 7636), on Authlib's server side.

oidc-provider-mock was looked at first: it knows no PKCE, no prefix, no kept keys and no sign-out of the other clients.
"""

import time
from dataclasses import dataclass
from typing import Any

import flask
from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import AuthorizationCodeGrant, InvalidRequestError
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import AuthorizationCodeMixin, OpenIDCode
from authlib.oidc.rpinitiated import EndSessionEndpoint, EndSessionRequest
from joserfc.jwk import KeySet

from infra.local.signin import sign_out
from infra.local.signin.people import CLAIMS, Person
from infra.local.signin.settings import Client, Settings

CODE_SECONDS = 60
SCOPES = ("openid", *CLAIMS, "sign")


@dataclass(frozen=True)
class Code(AuthorizationCodeMixin):  # type: ignore[misc]  # Authlib has no types
    """What a code stands for until it is exchanged, once."""

    client_id: str
    redirect_uri: str
    scope: str
    nonce: str
    code_challenge: str
    code_challenge_method: str
    person: Person
    sid: str
    auth_time: int
    made_at: float

    def get_redirect_uri(self) -> str:
        """See AuthorizationCodeMixin."""
        return self.redirect_uri

    def get_scope(self) -> str:
        """See AuthorizationCodeMixin."""
        return self.scope

    def get_nonce(self) -> str:
        """See AuthorizationCodeMixin."""
        return self.nonce

    def get_auth_time(self) -> int:
        """When the person was picked, Unix time."""
        return self.auth_time

    def get_acr(self) -> None:
        """A stand-in has no level of assurance."""

    def get_amr(self) -> None:
        """Nor a method."""


class CodeGrant(AuthorizationCodeGrant):  # type: ignore[misc]
    """Codes live in this process: a restart costs whoever is just signing in another click."""

    TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic", "client_secret_post")
    codes: dict[str, Code]

    def save_authorization_code(self, code: str, request: Any) -> None:
        """See AuthorizationCodeGrant."""
        asked = request.payload.data
        self.codes[code] = Code(
            client_id=request.client.client_id,
            redirect_uri=asked["redirect_uri"],
            scope=request.payload.scope,
            nonce=asked.get("nonce", ""),
            code_challenge=asked["code_challenge"],
            code_challenge_method=asked["code_challenge_method"],
            person=request.user,
            sid=flask.session["sid"],
            auth_time=flask.session["auth_time"],
            made_at=time.monotonic(),
        )

    def query_authorization_code(self, code: str, client: Client) -> Code | None:
        """The code, taken out: whatever comes of this try, there is no second (RFC 6749, 4.1.2)."""
        found = self.codes.pop(code, None)
        young = found and time.monotonic() - found.made_at < CODE_SECONDS
        return found if found and young and found.client_id == client.client_id else None

    def delete_authorization_code(self, authorization_code: Code) -> None:
        """Done when it was asked for."""

    def authenticate_user(self, authorization_code: Code) -> Person:
        """See AuthorizationCodeGrant."""
        return authorization_code.person


class AlwaysChallenge(CodeChallenge):  # type: ignore[misc]
    """PKCE for confidential clients too (RFC 9700, 2.1.1), with S256 only."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ("S256",)

    def validate_code_challenge(self, grant: CodeGrant, redirect_uri: str) -> None:
        """Raises InvalidRequestError."""
        asked = grant.request.payload.data
        if not asked.get("code_challenge") or asked.get("code_challenge_method") != "S256":
            raise InvalidRequestError("PKCE with S256 is required", redirect_uri=redirect_uri)
        super().validate_code_challenge(grant, redirect_uri)


class IdToken(OpenIDCode):  # type: ignore[misc]
    """Claims lie in the ID token; there is no userinfo endpoint."""

    def __init__(self, settings: Settings, keys: KeySet) -> None:
        super().__init__(require_nonce=True)
        self.settings, self.keys = settings, keys

    def exists_nonce(self, _nonce: str, _request: Any) -> bool:
        """A nonce protects the client, which checks it; nothing is kept here."""
        return False

    def resolve_client_private_key(self, _client: Client) -> Any:
        """See OpenIDCode."""
        return self.keys.keys[0]

    def get_encode_header(self, _client: Client) -> dict[str, Any]:
        """See OpenIDCode."""
        return {"alg": "RS256", "kid": self.keys.keys[0].kid}

    def get_client_claims(self, client: Client) -> dict[str, Any]:
        """See OpenIDCode."""
        return {"iss": self.settings.issuer, "aud": client.client_id}

    def get_authorization_code_claims(self, authorization_code: Code) -> dict[str, Any]:
        """With the session's id, which a sign-out names (OpenID Connect Back-Channel Logout 1.0, 2.1)."""
        claims: dict[str, Any] = super().get_authorization_code_claims(authorization_code)
        return claims | {"sid": authorization_code.sid}

    def generate_user_info(self, user: Person, scope: str) -> dict[str, str]:
        """See OpenIDCode."""
        return user.claims_of(scope)


class EndSession(EndSessionEndpoint):  # type: ignore[misc]
    """OpenID Connect RP-Initiated Logout 1.0; one sign-out ends the sessions of all clients."""

    settings: Settings
    keys: KeySet

    def get_server_jwks(self) -> KeySet:
        """See EndSessionEndpoint."""
        return self.keys

    def is_post_logout_redirect_uri_legitimate(self, _request: Any, _uri: str, _client: Client, hint: str) -> bool:
        """Without an ID token: whoever names the session."""
        return names_session(hint)

    def end_session(self, end_session_request: EndSessionRequest) -> None:
        """Here and everywhere."""
        ended = flask.session or end_session_request.id_token_claims or {}
        if ended.get("sid"):
            sign_out.tell_all(self.settings, self.keys, ended["sub"], ended["sid"])
        flask.session.clear()


def is_proven(asked: EndSessionRequest) -> bool:
    """Whether a sign-out comes from a client that signed in this very session; else the person is asked."""
    return names_session((asked.id_token_claims or {}).get("sid") or asked.logout_hint or "")


def names_session(sid: str) -> bool:
    """Only the clients of a session know its id: the provider told them in their ID tokens, and nobody else."""
    return bool(sid) and sid == flask.session.get("sid")


def server(app: flask.Flask, settings: Settings, keys: KeySet) -> AuthorizationServer:
    """Authlib's server for one application."""
    app.config["OAUTH2_SCOPES_SUPPORTED"] = SCOPES
    authorization = AuthorizationServer(app, settings.clients.get, _keep_no_token)
    grant = type("Grant", (CodeGrant,), {"codes": {}})
    authorization.register_grant(grant, [AlwaysChallenge(), IdToken(settings, keys)])
    authorization.register_endpoint(type("SignOut", (EndSession,), {"settings": settings, "keys": keys}))
    return authorization


def _keep_no_token(_token: Any, _request: Any) -> None:
    """Nothing here takes an access token."""


def metadata(settings: Settings) -> dict[str, Any]:
    """OpenID Connect Discovery 1.0, 3."""
    issuer = settings.issuer
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/authorize",
        "token_endpoint": f"{issuer}/token",
        "jwks_uri": f"{issuer}/jwks.json",
        "end_session_endpoint": f"{issuer}/sign-out",
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["public"],
        "scopes_supported": SCOPES,
        "claims_supported": ["sub", "sid", "auth_time", *CLAIMS],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": CodeGrant.TOKEN_ENDPOINT_AUTH_METHODS,
        "code_challenge_methods_supported": ["S256"],
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
    }
