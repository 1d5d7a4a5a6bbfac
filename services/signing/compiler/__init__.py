"""The notice compiler (点検): reads a notice before the decision, so that what is approved is what can be sealed.

Each rule gives one finding: ok, warning or error, with a sentence for staff that names the article or the place.
Number and date are not there yet; ``issue_mistake`` reads them when the final notice is made.
"""

from collections.abc import Mapping
from typing import Any

from services.messages import Finding
from services.signing.compiler.appeals import appeal, old_law
from services.signing.compiler.expectation import Expectation, Rule, expectation
from services.signing.compiler.issue import Issuing, issue_mistake
from services.signing.compiler.paper import addressee, amount, body, dates, glyphs, issuer, seal, title
from services.signing.compiler.reasons import reasons
from services.signing.compiler.shape import canonical, shape
from services.signing.fonts import Faces

__all__ = [
    "Expectation",
    "Issuing",
    "Rule",
    "canonical",
    "compile_notice",
    "expectation",
    "glyphs",
    "issue_mistake",
    "may_be_sealed",
    "shape",
]
# In the order of the paper.
RULES: tuple[Rule, ...] = (
    addressee, issuer, seal, title, body, amount, dates, reasons, appeal, old_law, glyphs,
)  # fmt: skip


def compile_notice(notice: Mapping[str, Any], wanted: Expectation, faces: Faces) -> tuple[Finding, ...]:
    """All findings, in the order of the paper; of data that have another shape, that only."""
    found = shape(notice)
    if found.severity == "error":
        return (found,)
    return (found, *(rule(notice, wanted, faces) for rule in RULES))


def may_be_sealed(findings: tuple[Finding, ...]) -> bool:
    """Whether no finding is an error."""
    return all(finding.severity != "error" for finding in findings)
