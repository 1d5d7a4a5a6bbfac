"""``todoke verify``: one verdict per file, with the roots and revocation lists that lie on this machine."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import structlog

from infra.local.layout import REPOSITORY, Layout
from services.chassis.web.town import read_town
from services.signing.examining import Examiners
from services.signing.verdict import Verdict
from services.signing.verifier.known import FOLDER, Authority, Known, read_other_towns
from services.signing.verifier.report import report_of

UNREADABLE_FILE = "UNREADABLE_FILE"


def verify_files(
    files: Iterable[Path], trust: Path | None, layout: Layout, towns: Path | None = None
) -> list[dict[str, Any]]:
    """``towns``: folder with the roots of other towns; that of infra/town, if none is given.

    Raises FileNotFoundError when there is no root to trust.
    """
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))  # the answer alone is on stdout
    known = known_here(trust or layout.state / "pki" / "root.pem", towns, layout)
    examiners = Examiners()
    try:
        return [verdict_of(path, known, examiners) for path in files]
    finally:
        examiners.close()


def known_here(roots: Path, towns: Path | None, layout: Layout) -> Known:
    """The roots are this town's.  Raises OSError, KeyError or tomllib.TOMLDecodeError."""
    town = REPOSITORY / "infra" / "town"
    own, others = Authority(read_town(town).name, roots.read_bytes()), read_other_towns(towns or town / FOLDER)
    return Known((own, *others.authorities), tuple(revocation_lists(roots, layout)))


def revocation_lists(roots: Path, layout: Layout) -> Iterator[bytes]:
    """DER of every CRL beside the roots, or of this system's authority."""
    beside = roots.parent / "crls"
    folder = beside if beside.is_dir() else layout.state / "pki" / "crls"
    for path in sorted(folder.glob("*.crl")):
        yield path.read_bytes()


def verdict_of(path: Path, known: Known, examiners: Examiners) -> dict[str, Any]:
    """A file that cannot be read has a verdict too.  Each is examined in a bounded process of its own."""
    try:
        pdf = path.read_bytes()
    except OSError as error:
        return {"file": str(path), "verdict": "indeterminate", "reasons": [UNREADABLE_FILE, error.strerror or ""]}
    found = examiners.verify(pdf, known).as_json()
    return {"file": str(path), "verdict": found.pop("status")} | found


def write_report(verdict: dict[str, Any], path: Path) -> None:
    """What ``verdict_of`` has found as a validation report (ETSI TS 119 102-2, XML).  Raises OSError."""
    path.write_bytes(report_of(Verdict.from_json(verdict | {"status": verdict["verdict"]})))
