"""OpenID Connect Back-Channel Logout 1.0: every client is told that a session ended."""

import logging
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from concurrent.futures import ThreadPoolExecutor

from joserfc import jwt
from joserfc.jwk import KeySet

from infra.local.signin.settings import Client, Settings

EVENT = "http://schemas.openid.net/event/backchannel-logout"
TOKEN_SECONDS = 120
TIMEOUT = 3
log = logging.getLogger(__name__)


def tell_all(settings: Settings, keys: KeySet, sub: str, sid: str) -> None:
    """All at once; a client that is away ends the session by its own limit."""
    with ThreadPoolExecutor(len(settings.clients) or 1) as pool:
        list(pool.map(lambda client: _tell(settings, keys, client, sub, sid), settings.clients.values()))


def _tell(settings: Settings, keys: KeySet, client: Client, sub: str, sid: str) -> None:
    token = logout_token(settings.issuer, keys, client.client_id, sub, sid)
    body = urllib.parse.urlencode({"logout_token": token}).encode()
    try:
        with urllib.request.urlopen(client.backchannel_logout_uri, body, timeout=TIMEOUT):
            pass
    except (urllib.error.URLError, OSError) as error:
        log.warning("client not told of sign-out: %s %s", client.client_id, type(error).__name__)


def logout_token(issuer: str, keys: KeySet, audience: str, sub: str, sid: str) -> str:
    """Section 2.4 of the specification."""
    now = int(time.time())
    claims = {
        "iss": issuer,
        "aud": audience,
        "iat": now,
        "exp": now + TOKEN_SECONDS,
        "jti": str(uuid.uuid4()),
        "events": {EVENT: {}},
        "sub": sub,
        "sid": sid,
    }
    key = keys.keys[0]
    return jwt.encode({"typ": "logout+jwt", "alg": "RS256", "kid": key.kid}, claims, key)
