"""The demo's journeys, each one case from its first form to its end, over real HTTP, by those who do it."""

from infra.console.journeys.contract import Contract
from infra.console.journeys.grant import Grant
from infra.console.journeys.journey import DemoError, Journey
from infra.console.journeys.outline import Outline
from infra.console.journeys.paper import Paper
from infra.console.journeys.refusal import Refusal

# In the order in which the demo shows them; each leaves its case in the report.
JOURNEYS: tuple[type[Journey], ...] = (Grant, Refusal, Outline, Paper, Contract)

__all__ = ["JOURNEYS", "Contract", "DemoError", "Grant", "Journey", "Outline", "Paper", "Refusal"]
