"""What the provider must be told, by environment variables."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from authlib.oauth2.rfc6749 import ClientMixin

PREFIX = "/dev/signin"
TOWN = Path(__file__).parents[2] / "town"


@dataclass(frozen=True)
class Client(ClientMixin):  # type: ignore[misc]  # Authlib has no types
    """One of the web processes.  The names of the fields are those of OpenID Connect's client registration."""

    client_id: str
    client_secret: str
    redirect_uris: tuple[str, ...]
    post_logout_redirect_uris: tuple[str, ...]
    backchannel_logout_uri: str

    def get_client_id(self) -> str:
        """See ClientMixin."""
        return self.client_id

    def get_default_redirect_uri(self) -> None:
        """There is none: OpenID Connect Core 3.1.2.1 requires redirect_uri."""

    def get_allowed_scope(self, scope: str) -> str:
        """Every scope that the provider knows is anyone's."""
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        """Exactly one of the registered."""
        return redirect_uri in self.redirect_uris

    def check_client_secret(self, client_secret: str) -> bool:
        """See ClientMixin."""
        return bool(client_secret) and client_secret == self.client_secret

    def check_endpoint_auth_method(self, method: str, _endpoint: str) -> bool:
        """All clients are confidential."""
        return method in {"client_secret_basic", "client_secret_post"}

    def check_response_type(self, response_type: str) -> bool:
        """Code flow only."""
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        """Code flow only."""
        return grant_type == "authorization_code"

    @property
    def client_metadata(self) -> dict[str, Any]:
        """What Authlib's sign-out asks for."""
        return {"post_logout_redirect_uris": self.post_logout_redirect_uris}


@dataclass(frozen=True)
class Settings:
    """``public_url`` without a slash at its end; ``state``: where keys are kept."""

    public_url: str
    state: Path
    town: Path
    clients: dict[str, Client]

    @property
    def issuer(self) -> str:
        """Name of the provider, and where its addresses begin."""
        return f"{self.public_url}{PREFIX}"


def load() -> Settings:
    """From TODOKE_PUBLIC_URL, TODOKE_STATE_DIR, TODOKE_SIGNIN_CLIENTS and, if set, TODOKE_TOWN_DIR.

    Raises KeyError (a variable is missing), OSError or ValueError (the clients' file).
    """
    state = Path(os.environ["TODOKE_STATE_DIR"]) / "signin"
    listed = json.loads(Path(os.environ["TODOKE_SIGNIN_CLIENTS"]).read_text("utf-8"))["clients"]
    clients = {each["client_id"]: _client(each) for each in listed}
    town = Path(os.environ.get("TODOKE_TOWN_DIR") or TOWN)
    return Settings(os.environ["TODOKE_PUBLIC_URL"].rstrip("/"), state, town, clients)


def _client(registered: dict[str, Any]) -> Client:
    return Client(
        registered["client_id"],
        registered["client_secret"],
        tuple(registered["redirect_uris"]),
        tuple(registered["post_logout_redirect_uris"]),
        registered["backchannel_logout_uri"],
    )
