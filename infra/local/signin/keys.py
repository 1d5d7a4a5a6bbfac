"""Keys that outlive a restart: what signs ID tokens, and what signs the provider's own cookie."""

import json
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from joserfc.jwk import KeySet, RSAKey

BITS = 2048


def signing_keys(state: Path) -> KeySet:
    """The set in jwks.json, made at the first start."""
    text = _kept(state / "jwks.json", _new_keys)
    return KeySet.import_key_set(json.loads(text))


def cookie_key(state: Path) -> str:
    """Made at the first start."""
    return _kept(state / "cookie.key", lambda: secrets.token_hex(32))


def _new_keys() -> str:
    key = RSAKey.generate_key(BITS, {"use": "sig", "alg": "RS256"}, private=True, auto_kid=True)
    return json.dumps(KeySet([key]).as_dict(private=True))


def _kept(path: Path, make: Callable[[], str]) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(make())
        fresh.replace(path)
    return path.read_text("utf-8")
