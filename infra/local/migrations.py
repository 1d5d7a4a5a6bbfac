"""Every service's schema, brought up to date at each start, one after another in this process: imports cost more."""

import importlib

from infra.local.layout import SERVICES, Layout
from infra.local.program import Step


def step(layout: Layout) -> Step:
    """All five."""
    return Step(name="migrations", act=lambda: migrate(layout), after=("databases",))


def migrate(layout: Layout) -> None:
    """Run what is missing in each database, as its owner."""
    from services.chassis.migrate import migrate as bring_up_to_date

    for service in SERVICES:
        settings = importlib.import_module(f"services.{service}.settings")
        (kind,) = [
            found
            for found in vars(settings).values()
            if isinstance(found, type) and getattr(found, "service", "") == service
        ]
        bring_up_to_date(kind(_env_file=layout.run / f"{service}.env"))
