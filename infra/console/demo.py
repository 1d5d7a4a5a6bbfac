"""The demo: every journey on the running system, one after the other, and what they leave in ``demo``."""

from rich.console import Console

from infra.console import consenting, report
from infra.console.journeys import JOURNEYS, DemoError
from infra.console.journeys.contract import OFFICER as BUYER
from infra.console.journeys.grant import CHIEF, HEAD, OFFICER, RESIDENT
from infra.console.journeys.journey import KEEPER
from infra.local.layout import REPOSITORY, Layout
from infra.local.signin.people import everyone

__all__ = ["DemoError", "run"]
PAGES = {RESIDENT: "/inbox/", OFFICER: "/desk/", CHIEF: "/desk/", HEAD: "/desk/", KEEPER: "/seal/"} | {
    consenting.SUB: "/sign/",
    BUYER: "/desk/contracts",
}


def run(layout: Layout, console: Console) -> None:
    """Run the journeys, write ``demo`` below the state directory, say where to look.  Raises DemoError."""
    cases = []
    for kind in JOURNEYS:
        console.print(f"\n{kind.title}:", highlight=False)
        journey = kind(layout, console)
        journey.run()
        cases.append(journey.document())
        report.write(cases, layout)
    written = sorted(report.relative(path) for path in report.folder(layout).iterdir())
    console.print(f"\nwritten: {', '.join(written)}", highlight=False)
    show_where(layout, console)


def show_where(layout: Layout, console: Console) -> None:
    """Where a person clicks on from here, and who can sign in."""
    people = everyone(REPOSITORY / "infra" / "town")
    console.print(f"\nLook at {layout.url} (the caught mail: {layout.url}/dev/mail/). Sign in as:", highlight=False)
    for sub, page in PAGES.items():
        person = people[sub]
        console.print(f"  {person.name}  {person.group} {person.note}  {layout.url}{page}", highlight=False)
