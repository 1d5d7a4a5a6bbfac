"""Every service's schema, brought up to date at each start, in this process: imports would cost more than the work."""

from collections.abc import Iterator
from threading import Lock

from infra.local.layout import SERVICES, Layout
from infra.local.program import Step
from infra.local.service_settings import settings_of

_one_at_a_time = Lock()  # Alembic's ``op`` is one for the whole process


def steps(layout: Layout) -> Iterator[Step]:
    """One per service."""
    for service in SERVICES:
        yield Step(
            name=f"{service}-tables",
            act=lambda service=service: migrate(service, layout),  # type: ignore[misc]
            after=("databases",),
        )


def migrate(service: str, layout: Layout) -> None:
    """Run what is missing in the service's database, as its owner."""
    from services.chassis.migrate import migrate as bring_up_to_date

    with _one_at_a_time:
        bring_up_to_date(settings_of(service, layout))
