"""``todoke verify``: one verdict per file, with the roots and revocation lists that lie on this machine."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from infra.local.layout import Layout
from services.signing.pades import load_trust
from services.signing.verification import verify

UNREADABLE_FILE = "UNREADABLE_FILE"


def verify_files(files: Iterable[Path], trust: Path | None, layout: Layout) -> list[dict[str, Any]]:
    """Raises FileNotFoundError when there is no root certificate to trust."""
    roots = trust or layout.state / "pki" / "root.pem"
    known = load_trust(roots, revocation_lists(roots, layout))
    return [verdict_of(path, known) for path in files]


def revocation_lists(roots: Path, layout: Layout) -> Iterator[bytes]:
    """DER of every CRL beside the roots, or of this system's authority."""
    beside = roots.parent / "crls"
    folder = beside if beside.is_dir() else layout.state / "pki" / "crls"
    for path in sorted(folder.glob("*.crl")):
        yield path.read_bytes()


def verdict_of(path: Path, known: Any) -> dict[str, Any]:
    """A file that cannot be read has a verdict too."""
    try:
        pdf = path.read_bytes()
    except OSError as error:
        return {"file": str(path), "verdict": "indeterminate", "reasons": [UNREADABLE_FILE, error.strerror or ""]}
    found = verify(pdf, known).as_json()
    return {"file": str(path), "verdict": found.pop("status")} | found
