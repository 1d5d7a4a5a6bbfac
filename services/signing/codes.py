"""One-time codes: six digits for a person to type, and the keyed hash that is all we keep of them."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from uuid import UUID

from pydantic import SecretStr

from services.signing.domain.contracts import CODE_DIGITS


@dataclass(frozen=True)
class CodeMaker:
    """``key``: of the service.  A plain hash of six digits is guessed in no time: so it is keyed (RFC 2104)."""

    key: SecretStr

    def mint(self) -> str:
        """Six random digits."""
        return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"

    def digest(self, code_id: UUID, code: str) -> str:
        """HMAC-SHA256 over the request's id, which is the salt, and the code."""
        text = f"consent-code:{code_id}:{code}".encode()
        return hmac.new(self.key.get_secret_value().encode(), text, hashlib.sha256).hexdigest()

    def same(self, one: str, other: str) -> bool:
        """In constant time."""
        return hmac.compare_digest(one, other)
