"""The town's OpenID Connect provider, through Authlib: code flow with PKCE S256, nonce and state.

Its description is fetched when it is first needed and kept; after any failure it is fetched anew.  Each minute it is
asked for once more, so that nobody is sent to a provider that no longer answers.
"""

import time
from collections.abc import Mapping
from typing import Any

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.flask_client import OAuth
from flask import Flask, request, session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from services.chassis.absence import Absence, StillAwayError
from services.chassis.settings import Settings

SCOPES = "openid name address birthdate gender"
SECONDS = 3
SURE_SECONDS, ASK_AGAIN_SECONDS = 60, 3
LEEWAY = 120
ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"


class ProviderDownError(Exception):
    """The provider does not answer, or not as a provider: transient."""


class SignInRefusedError(Exception):
    """This sign-in cannot be completed: begun elsewhere, too old, cancelled or forged.  The person begins again."""


class LogoutTokenError(Exception):
    """Not a logout token of our provider for us.  ``reason`` is a constant."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Provider:
    """One service's client at the provider."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self._issuer = settings.oidc_issuer
        self._absence = Absence(ASK_AGAIN_SECONDS, lambda error: isinstance(error, requests.RequestException))
        self._client = OAuth(app).register(
            "provider",
            client_id=settings.oidc_client_id,
            client_secret=settings.oidc_client_secret.get_secret_value(),
            server_metadata_url=f"{settings.oidc_issuer.rstrip('/')}/.well-known/openid-configuration",
            client_kwargs={"scope": SCOPES, "code_challenge_method": "S256", "default_timeout": SECONDS},
        )

    def sign_in_url(self, redirect_uri: str, back_to: str) -> str:
        """Where the person signs in.  ``back_to`` comes back from ``signed_in``.  Raises ProviderDownError."""
        self._described()
        started = self._client.create_authorization_url(redirect_uri)
        url = str(started.pop("url"))
        self._client.save_authorize_data(redirect_uri=redirect_uri, back_to=back_to, **started)
        return url

    def signed_in(self) -> tuple[dict[str, Any], str]:
        """The claims of the person who comes back with this request, and where to go on.

        Raises SignInRefusedError, ProviderDownError.
        """
        state = self._client.framework.get_state_data(session, request.args.get("state", ""))
        if not state:
            raise SignInRefusedError
        self._described()
        try:
            with self._absence.watch():
                return self._claims(), str(state.get("back_to", ""))
        except (requests.RequestException, StillAwayError) as error:
            self._forget()
            raise ProviderDownError from error
        except (OAuthError, JoseError, ValueError, KeyError) as error:
            self._forget()
            raise SignInRefusedError from error

    def sign_out_url(self, return_to: str, sid: str) -> str | None:
        """Where the provider's own session ends (OpenID RP-Initiated Logout 1.0), if it offers that.

        The ID token is not sent as a hint: it would put a name into an address.
        """
        try:
            if "end_session_endpoint" not in self._described():
                return None
        except ProviderDownError:
            return None
        hint = {"logout_hint": sid} if sid else {}
        url = self._client.create_logout_url(return_to, client_id=self._client.client_id, **hint)["url"]
        return str(url)

    def read_logout_token(self, token: str) -> tuple[str, str]:
        """``sid`` and ``sub`` of a logout token (OpenID Back-Channel Logout 1.0, 2.6).

        Raises LogoutTokenError, ProviderDownError.
        """
        claims = self._verified(token)
        fault = _fault_of_logout(claims, self._issuer, self._client.client_id)
        if fault:
            raise LogoutTokenError(fault)
        return str(claims.get("sid", "")), str(claims.get("sub", ""))

    def _claims(self) -> dict[str, Any]:
        token = self._client.authorize_access_token(leeway=LEEWAY)
        claims = dict(token["userinfo"])
        if self._client.server_metadata.get("userinfo_endpoint"):
            more = self._client.userinfo(token=token)
            if more.get("sub") != claims["sub"]:
                raise ValueError("userinfo speaks of another person")
            claims |= dict(more)
        return claims

    def _described(self) -> Mapping[str, Any]:
        try:
            with self._absence.watch():
                self._require_presence()
                found = self._client.load_server_metadata()
        except (requests.RequestException, StillAwayError, ValueError) as error:
            raise ProviderDownError from error
        if found.get("issuer") != self._issuer:
            self._forget()
            raise ProviderDownError
        offered = found.get("id_token_signing_alg_values_supported", ALGORITHMS)
        found["id_token_signing_alg_values_supported"] = [name for name in offered if name in ALGORITHMS]
        return dict(found)

    def _verified(self, token: str) -> Mapping[str, Any]:
        self._described()
        try:
            keys = KeySet.import_key_set(self._client.fetch_jwk_set(force=True))
            return jwt.decode(token, keys, algorithms=list(ALGORITHMS)).claims
        except requests.RequestException as error:
            raise ProviderDownError from error
        except (JoseError, ValueError) as error:
            raise LogoutTokenError("signature") from error

    def _forget(self) -> None:
        self._client.server_metadata = {}

    def _require_presence(self) -> None:
        """Raises requests.RequestException when a provider that was there a minute ago no longer answers."""
        known = self._client.server_metadata
        if known.get("_loaded_at", time.time()) < time.time() - SURE_SECONDS:
            requests.get(self._client._server_metadata_url, timeout=SECONDS).raise_for_status()
            known["_loaded_at"] = time.time()


def _fault_of_logout(claims: Mapping[str, Any], issuer: str, client_id: str) -> str:
    audience = claims.get("aud")
    events = claims.get("events")
    checks = {
        "iss": claims.get("iss") == issuer,
        "aud": client_id in (audience if isinstance(audience, list) else [audience]),
        "iat": abs(_seconds(claims.get("iat")) - time.time()) <= LEEWAY,
        "exp": "exp" not in claims or _seconds(claims["exp"]) > time.time() - LEEWAY,
        "jti": bool(claims.get("jti")),
        "events": isinstance(events, dict) and isinstance(events.get(LOGOUT_EVENT), dict),
        "subject": bool(claims.get("sid") or claims.get("sub")),
        "nonce": "nonce" not in claims,
    }
    return next((name for name, is_right in checks.items() if not is_right), "")


def _seconds(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
