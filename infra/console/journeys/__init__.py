"""The demo's journeys, each one case from its first form to its end, over real HTTP, by those who do it."""

from infra.console.journeys.contract import Contract
from infra.console.journeys.correction import Correction
from infra.console.journeys.grant import Grant
from infra.console.journeys.journey import DemoError, Journey
from infra.console.journeys.outline import Outline
from infra.console.journeys.paper import Paper
from infra.console.journeys.refusal import Refusal
from infra.console.journeys.withdrawal import Withdrawal

# In the order in which the demo shows them; each leaves its case in the report.
JOURNEYS: tuple[type[Journey], ...] = (Grant, Refusal, Outline, Paper, Correction, Withdrawal, Contract)

__all__ = [
    "JOURNEYS", "Contract", "Correction", "DemoError", "Grant", "Journey", "Outline", "Paper", "Refusal", "Withdrawal",
]  # fmt: skip
