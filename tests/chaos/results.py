"""Figures of outages for whoever reads them; no test compares them."""

import json
from collections.abc import Mapping

from infra.local.layout import REPOSITORY

RESULTS = REPOSITORY / "var" / "chaos" / "results.json"


def note(name: str, figures: Mapping[str, float]) -> None:
    """Keep the figures of one test, in place of those of its last run."""
    known = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    known[name] = {key: round(value, 2) for key, value in figures.items()}
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(known, indent=1))
