"""What the demo leaves behind: ``var/demo/report.json`` (shape: README, promise to scripts and validators)."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from infra.console.facts import Said, said_of
from infra.console.versions import versions
from infra.local.layout import REPOSITORY, Layout

Document = dict[str, Any]


def case_document(number: str, procedure: str, case_id: UUID, seconds: dict[str, float], layout: Layout) -> Document:
    """One case: its states with their times, its document on both sites (null: none was made), how long each step took.
    """
    said = said_of(case_id, layout)
    signed = next((one for one in said if one.fact == "document_signed"), None)
    return {
        "reception_number": number,
        "procedure": procedure,
        "outcome": outcome(said),
        "states": states(said),
        "document": stored(signed, "document", "versions") if signed else None,
        "seconds": seconds,
    }


def outcome(said: Iterable[Said]) -> str:
    """What was decided; withdrawn when nothing was."""
    decided = (one.envelope.data["outcome"] for one in said if one.fact == "decision_made")
    return next(decided, "withdrawn")


def contract_document(
    number: str, kind: str, case_id: UUID, seconds: dict[str, float], files: Sequence[Path], layout: Layout
) -> Document:
    """One contract, with its certificate beside the contract itself.  ``files``: where the demo has put the two."""
    contract, certificate = map(relative, files)
    said = said_of(case_id, layout)
    concluded = next(one for one in said if one.fact == "contract_concluded")
    return {
        "contract_number": number,
        "procedure": kind,
        "outcome": concluded.state,
        "states": states(said),
        "document": {"path": contract} | stored(concluded, "document", "versions"),
        "certificate": {"path": certificate} | stored(concluded, "certificate", "certificate_versions"),
        "seconds": seconds,
    }


def states(said: Iterable[Said]) -> list[Document]:
    """The states that a case has reached, each with its time and who has brought it there."""
    return [{"state": one.state, "at": one.at.isoformat(), "service": one.service} for one in said if one.state]


def stored(said: Said, document: str, versions: str) -> Document:
    """A document on both sites, of the fact that tells it under these names."""
    ref, both = said.envelope.data[document], said.envelope.data[versions]
    return {
        "sha256": ref["sha256"],
        "size": ref["size"],
        "sites": {site: {"version_id": both[site]} for site in ("a", "b")},
    }


def write(cases: list[Document], layout: Layout) -> Path:
    """Write the report; paths in it are relative to the repository."""
    pki = layout.state / "pki"
    document = {
        "cases": cases,
        "servers": versions(layout),
        "trust": relative(pki / "root.pem"),
        "crls": [relative(path) for path in sorted((pki / "crls").glob("*.crl"))],
    }
    path = folder(layout) / "report.json"
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n")
    return path


def folder(layout: Layout) -> Path:
    """``demo`` below the state directory."""
    path = layout.state / "demo"
    path.mkdir(parents=True, exist_ok=True)
    return path


def relative(path: Path) -> str:
    """As seen from the repository, where it lies below it."""
    return str(path.relative_to(REPOSITORY)) if path.is_relative_to(REPOSITORY) else str(path)
