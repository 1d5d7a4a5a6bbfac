"""Every page in every state and width holds to the checklist (pages.md, part d); a few of them in every run."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from infra.console.journeys import Grant
from infra.local.system import System
from tests.e2e.browsing import PHONE, Person
from tests.e2e.checklist import (
    Watch,
    focus_problems,
    forced_colour_problems,
    problems,
    spacing_problems,
    summary_problems,
    zoom_problems,
)
from tests.e2e.registry import NO_PAGE, VISITS, Visit
from tests.e2e.world import World

WIDTHS = (390, 640, 1280)
HEIGHT = 900
SAMPLE = tuple(one for one in VISITS if one.sampled)


@pytest.fixture(scope="module")
def world(town: System, journey: Grant) -> World:
    return World.of(town.layout, journey.number, (town.layout.state / "demo" / "notice.pdf").read_bytes())


@pytest.fixture(scope="module")
def titles() -> dict[str, set[str]]:
    """Pages by title, as far as they were visited."""
    return {}


@pytest.fixture
def visitor(browser: Browser, world: World, request: pytest.FixtureRequest) -> Iterator[Person]:
    person = Person(browser, world.layout.url, request.node.callspec.params["visit"].who, PHONE)
    yield person
    person.close()


def look(visit: Visit, person: Person, world: World, widths: tuple[int, ...]) -> list[str]:
    """All that is wrong with the page in this state."""
    watch = Watch(person.page)
    person.open(visit.address.format(**world.names))
    if visit.act:
        visit.act(person, world)
    found = summary_problems(person.page)
    person.page.evaluate("() => document.querySelectorAll('details.disclosure').forEach((one) => (one.open = true))")
    for width in widths:
        person.page.set_viewport_size({"width": width, "height": HEIGHT})
        wrong = problems(person.page, resident=visit.is_of_residents, framed=visit.is_framed)
        wrong += [*focus_problems(person.page), *spacing_problems(person.page)]
        found += [f"at {width} px: {one}" for one in wrong]
    return [*found, *zoom_problems(person.page), *forced_colour_problems(person.page), *watch.found]


def led_elsewhere(visit: Visit, person: Person, world: World) -> bool:
    """Whether the service answered with another page, such as the first topic that is not complete."""
    asked = urlsplit(visit.address.format(**world.names)).path
    return visit.act is None and urlsplit(person.page.url).path != asked


@pytest.mark.parametrize("visit", SAMPLE, ids=str)
def test_a_page_of_the_sample_holds_to_the_checklist(visit: Visit, visitor: Person, world: World) -> None:
    assert look(visit, visitor, world, (390, 1280)) == []


@pytest.mark.all
@pytest.mark.parametrize("visit", VISITS, ids=str)
def test_every_page_holds_to_the_checklist_in_every_state_and_width(
    visit: Visit, visitor: Person, world: World, titles: dict[str, set[str]]
) -> None:
    found = look(visit, visitor, world, WIDTHS)
    if visit.page != "gateway" and not led_elsewhere(visit, visitor, world):
        titles.setdefault(visitor.page.title(), set()).add(visit.page)
    assert found == []


@pytest.mark.all
def test_no_two_pages_have_the_same_title(titles: dict[str, set[str]]) -> None:
    assert {title: pages for title, pages in titles.items() if len(pages) > 1} == {}


def test_every_page_that_a_service_answers_is_visited_or_said_to_be_none(world: World) -> None:
    answered = {endpoint for endpoint, methods in world.endpoints().items() if "GET" in methods}
    known = {one.page for one in VISITS} | set(NO_PAGE)
    assert answered - known == set(), "add a line to tests/e2e/registry.py"
    assert known - set(world.endpoints()) <= {"error", "gateway"}, "these pages are gone"
