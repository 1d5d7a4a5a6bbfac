"""What the demo leaves behind: ``var/demo/report.json`` (shape: README, promise to scripts and validators)."""

import json
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
    return {
        "reception_number": number,
        "procedure": procedure,
        "outcome": _outcome(said),
        "states": [{"state": one.state, "at": one.at.isoformat(), "service": one.service} for one in said if one.state],
        "document": next((_document(one) for one in said if one.fact == "document_signed"), None),
        "seconds": seconds,
    }


def _outcome(said: list[Said]) -> str:
    decided = (one.envelope.data["outcome"] for one in said if one.fact == "decision_made")
    return next(decided, "withdrawn")


def _document(signed: Said) -> Document:
    document, kept = signed.envelope.data["document"], signed.envelope.data["versions"]
    return {
        "sha256": document["sha256"],
        "size": document["size"],
        "sites": {site: {"version_id": kept[site]} for site in ("a", "b")},
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
