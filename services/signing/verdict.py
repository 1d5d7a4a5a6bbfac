"""What a verification finds, in a shape that needs no PDF library."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, Literal

Status = Literal["valid", "invalid", "indeterminate"]
Kind = Literal["signature", "timestamp"]
UNSIGNED, UNREADABLE, BROKEN, TOO_COMPLEX = "UNSIGNED", "UNREADABLE", "BROKEN", "TOO_COMPLEX"
TIMES = ("signed_at", "valid_until", "checked_at")


@dataclass(frozen=True)
class Found:
    """One signature or document timestamp of the file.

    ``status`` and ``reasons``: as of a Verdict.  ``organization``: in the certificate.  ``signed_at``: proven by a
    timestamp.  ``byte_range``: four numbers.  ``value_sha256``: of the signature value; ``certificate_sha256``: of the
    signer's certificate; ``digest``: name of the hash algorithm, ``document_digest`` of what the byte range covers.
    """

    kind: Kind
    status: Status
    reasons: tuple[str, ...]
    signer: str = ""
    organization: str = ""
    signed_at: datetime | None = None
    valid_until: datetime | None = None
    byte_range: tuple[int, ...] = ()
    digest: str = ""
    document_digest: str = ""
    value_sha256: str = ""
    certificate_sha256: str = ""


@dataclass(frozen=True)
class Verdict:
    """Valid: signed by one of ours, unchanged since.  Invalid: altered.  Indeterminate: cannot be known here.

    ``reasons``: codes (UNSIGNED and UNREADABLE are no accusation).  ``signer``: name in the certificate; ``town``:
    whose root the certificate leads to.  ``signed_at``: the timestamp authority's time.  ``valid_until``: end of the
    last timestamp's certificates, or of the signer's own where there is none.  ``level``: PAdES baseline level.
    """

    status: Status
    reasons: tuple[str, ...]
    sha256: str
    signer: str = ""
    signed_at: datetime | None = None
    level: str = ""
    town: str = ""
    valid_until: datetime | None = None
    checked_at: datetime | None = None
    found: tuple[Found, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """For ``todoke verify --json``, and for the way from one process to another."""
        return _plain(asdict(self)) | {"found": [_plain(asdict(one)) for one in self.found]}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "Verdict":
        """The reverse of ``as_json``.  Raises KeyError, TypeError or ValueError when it is something else."""
        found = tuple(Found(**_typed(Found, one)) for one in values["found"])
        return cls(**_typed(cls, values) | {"found": found})


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    times = {name: values[name].isoformat() for name in TIMES if values.get(name)}
    lists = {name: list(value) for name, value in values.items() if isinstance(value, tuple)}
    return values | lists | times


def _typed(kind: type, values: dict[str, Any]) -> dict[str, Any]:
    known = {field.name: values[field.name] for field in fields(kind)}
    times = {name: datetime.fromisoformat(known[name]) for name in TIMES if known.get(name)}
    return {name: tuple(value) if isinstance(value, list) else value for name, value in known.items()} | times
