"""Secrets of one instance: made at the first start, kept in ``secrets.json`` (mode 0600)."""

import json
import os
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path

from infra.local.layout import SERVICES


def names() -> Iterator[str]:
    """Everything that needs a secret."""
    yield from ("postgres/superuser", "rabbitmq/admin", "erlang/cookie", "s3-a/admin", "s3-b/admin")
    yield from ("softhsm/pin", "softhsm/so-pin")
    for service in SERVICES:
        yield from (f"postgres/{service}_owner", f"postgres/{service}_runtime", f"rabbitmq/{service}")
        yield from (f"s3-a/{service}", f"s3-b/{service}", f"web/{service}", f"oidc/{service}")


def load_or_make(path: Path) -> Mapping[str, str]:
    """All secrets; what is missing is made and written at once."""
    known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    missing = [name for name in names() if name not in known]
    if missing:
        known |= {name: secrets.token_hex(20) for name in missing}
        write_private(path, json.dumps(known, indent=1))
    return known


def write_private(path: Path, text: str) -> None:
    """Replace a file that only its owner may read, all at once."""
    fresh = path.with_suffix(path.suffix + ".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    fresh.replace(path)
