"""Each outside server is stopped, or hangs, and comes back while people apply and decide.

The resident always gets a number, or an honest "try again" with the form kept; work goes on by itself when the server
is back; what waits meanwhile is shown with its age; nothing is lost and nothing is there twice.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pytest

from infra.console import facts
from infra.console.status import status
from infra.console.visitor import Page, VisitError, Visitor
from infra.local.layout import REPOSITORY, Layout
from infra.local.system import System
from tests.chaos.crowd import RESIDENTS, Crowd, fill_in, send_one
from tests.chaos.proxy import Mode, Proxy
from tests.chaos.results import note
from tests.chaos.tally import Tally, mails, quiet
from tests.conftest import STATE, instance, ports

DETOUR = 50  # between the ports of the servers and those of the next instance
SEND, AGAIN, KEPT = "この内容で申請する", "もう一度送る", "入力した内容で続ける"
UNAVAILABLE, UNAUTHORIZED, FORBIDDEN = 503, 401, 403
# A person who looks at a page that does not come gives up about then.
LONGEST_PAGE, LONGEST_RECOVERY = 15.0, 180.0
LONGEST_OUTAGE = 90.0
# The desk is told of a wait after a minute, when the services next look.
LONGEST_UNTOLD = 120.0
PAGES = ("/apply/cases", "/desk/", "/seal/", "/inbox/", "/archive/", "/")


@dataclass(frozen=True)
class Server:
    """What stands for it here: ``programs`` of the instance behind ``doors`` of the layout."""

    programs: tuple[str, ...]
    doors: tuple[str, ...]
    waits: Callable[[dict[str, Any]], bool]


def waiting_for(service: str, server: str) -> Callable[[dict[str, Any]], bool]:
    """Whether the status shows messages that wait for a server, with the time since when."""

    def shown(found: dict[str, Any]) -> bool:
        kept = found["services"][service].get("kept", [])
        return any(one["state"] == "waiting" and one["reason"] == server and one["since"] for one in kept)

    return shown


def unpublished(found: dict[str, Any]) -> bool:
    """Whether the status shows facts that the broker has not got, with the time since when."""
    return bool(found["services"]["intake"]["unpublished"] and found["services"]["intake"]["since"]["unpublished"])


def unstored(found: dict[str, Any]) -> bool:
    """The same of documents that no site has got."""
    return bool(found["services"]["intake"]["unstored"] and found["services"]["intake"]["since"]["unstored"])


def without_a(found: dict[str, Any]) -> bool:
    """Whether the site's absence shows, and what one site still lacks."""
    debts = [one for one in found["services"].values() if one["repair_debts"] and one["since"]["repair_debts"]]
    return not found["sites"]["a"]["up"] and bool(debts)


SERVERS = {
    "broker": Server(("rabbitmq",), ("amqp",), unpublished),
    "database": Server(("postgres",), ("postgres",), lambda found: "unknown" in found["services"]["intake"]),
    "one site": Server(("site-a",), ("site-a",), without_a),
    "both sites": Server(("site-a", "site-b"), ("site-a", "site-b"), unstored),
    "timestamps": Server(("pki",), ("pki",), waiting_for("signing", "tsa")),
    "mail": Server(("mail",), ("smtp",), waiting_for("delivery", "mail")),
    "identity": Server(("signin",), ("signin",), lambda _: True),
}
SAMPLE = [("broker", "hung"), ("database", "hung"), ("both sites", "stopped")]
ALL = [(server, how) for server in SERVERS for how in ("stopped", "hung")]
# Long enough for time-outs and heartbeats; and for what happens when they have happened a few times.
SHORT, LONG = 12.0, 30.0


@dataclass
class Outage:
    """One server of the town away, and back again."""

    town: System
    proxy: Proxy
    server: Server
    how: str
    seconds: float

    def begin(self) -> None:
        """Stop it, or let it hang."""
        if self.how == "stopped":
            self._each_program(self.town.stop_program)
        self._ways("refuse" if self.how == "stopped" else "hang")

    def end(self) -> None:
        """Bring it back; harmless when it is there."""
        self._ways("pass")
        self._each_program(lambda name: self.town.runs(name) or self.town.start_program(name))

    def _ways(self, mode: Mode) -> None:
        for door in self.server.doors:
            self.proxy.become(door, mode)

    def _each_program(self, act: Callable[[str], object]) -> None:
        with ThreadPoolExecutor() as pool:
            list(pool.map(act, self.server.programs))


@dataclass
class Person:
    """A resident with a form that is filled in, and what comes of pressing its last button."""

    visitor: Visitor
    number: str = ""
    seconds: list[float] = field(default_factory=list)

    def press(self, button: str) -> None:
        """Get a number, or the page that says "try again" and keeps the form."""
        begun = time.monotonic()
        try:
            self.number = number_on(Visitor.submit(self.visitor, button=button))
        except VisitError as error:
            assert error.status == UNAVAILABLE, error
            assert self.visitor.page is not None
            assert self.visitor.page.form(button=AGAIN).action == "/apply/housing-reform/check"
        self.seconds.append(time.monotonic() - begun)

    def press_until_there_is_a_number(self) -> None:
        """As somebody does who was told to try again in a few minutes."""
        deadline = time.monotonic() + LONGEST_RECOVERY
        while not self.number:
            assert time.monotonic() < deadline, "no number after the server came back"
            self.press(AGAIN)


@pytest.fixture(scope="module")
def proxy() -> Iterator[Proxy]:
    """Between the services and their servers; it passes everything until it is told otherwise."""
    layout = Layout((REPOSITORY / STATE / "outages").resolve(), *ports("outages"), DETOUR)
    found = Proxy(layout)
    yield found
    found.end()


@pytest.fixture(scope="module")
def detoured(proxy: Proxy) -> Iterator[System]:
    """The whole town in an instance of its own, whose services find their servers through the proxy."""
    with instance("outages", detour=DETOUR) as system:
        yield system


@pytest.mark.parametrize(("server", "how"), SAMPLE)
def test_an_outage_loses_and_doubles_nothing(detoured: System, proxy: Proxy, server: str, how: str) -> None:
    live_through(Outage(detoured, proxy, SERVERS[server], how, SHORT), f"{server} {how}")


@pytest.mark.all
@pytest.mark.timeout(600)
@pytest.mark.parametrize(("server", "how"), ALL)
def test_no_long_outage_loses_or_doubles_anything(detoured: System, proxy: Proxy, server: str, how: str) -> None:
    live_through(Outage(detoured, proxy, SERVERS[server], how, LONG), f"{server} {how}")


@pytest.mark.all
@pytest.mark.parametrize("how", ["stopped", "hung"])
def test_a_form_is_kept_whose_sender_cannot_sign_in_again(detoured: System, proxy: Proxy, how: str) -> None:
    outage = Outage(detoured, proxy, SERVERS["identity"], how, SHORT)
    with Crowd(detoured) as crowd:
        resident = filled_in(crowd, RESIDENTS[0])
        outage.begin()
        try:
            way_in = kept_without_session(resident)
            assert seconds_of(resident, way_in) < LONGEST_PAGE
        finally:
            outage.end()
        page = resident.open(way_in)
        if not page.tree.xpath(f"//form//button[contains(., '{KEPT}')]"):
            page = Visitor.submit(resident, button=resident.name)
        number = number_on(Visitor.submit(resident, button=KEPT))
        crowd.wait_for_the_end(Tally(detoured, [number]), 1, LONGEST_RECOVERY)


@pytest.mark.all
@pytest.mark.timeout(600)
def test_the_desk_shows_what_waits_for_long_until_it_goes_on(detoured: System, proxy: Proxy) -> None:
    outage = Outage(detoured, proxy, SERVERS["timestamps"], "hung", SHORT)
    with Crowd(detoured) as crowd:
        officer = crowd.member("s-kanno")
        outage.begin()
        try:
            number = send_one(crowd.resident(RESIDENTS[0]))
            told = seconds_until(lambda: "時刻の証明のサーバー" in handovers_of(officer), LONGEST_UNTOLD)
            assert "署名の処理が1件" in handovers_of(officer)
        finally:
            outage.end()
        gone = seconds_until(lambda: "時刻の証明のサーバー" not in handovers_of(officer), LONGEST_RECOVERY)
        crowd.wait_for_the_end(Tally(detoured, [number]), 1, LONGEST_RECOVERY)
    note("timestamps hung: at the desk", {"shown_after_seconds": told, "gone_after_seconds": gone})


def handovers_of(officer: Visitor) -> str:
    """The desk's page of what is stopped or waits, as it is read."""
    return str(officer.open("/desk/handovers").tree.text_content())


def seconds_until(found: Callable[[], bool], longest: float) -> float:
    """How long it takes until it is so."""
    begun = time.monotonic()
    while not found():
        assert time.monotonic() < begun + longest
        time.sleep(1)
    return time.monotonic() - begun


def live_through(outage: Outage, name: str) -> None:
    """Applications on their way before the outage and pressed during it; all come to their end after it."""
    town = outage.town
    before, mails_before = set(facts.cases(town.layout)), mails(town)
    with Crowd(town) as crowd:
        numbers = [number for one in crowd.apply(len(RESIDENTS)) for number in one.result(60)]
        people = [Person(filled_in(crowd, sub)) for sub in RESIDENTS]
        outage.begin()
        try:
            slowest = while_it_is_away(outage, people)
        finally:
            outage.end()
        mended = time.monotonic()
        for person in people:
            person.press_until_there_is_a_number()
        numbers += [person.number for person in people]
        tally = Tally(town, numbers)
        crowd.wait_for_the_end(tally, len(numbers), LONGEST_RECOVERY)
        recovered = time.monotonic() - mended
    assert quiet(town) == {}
    idle = time.monotonic() - mended
    assert tally.lost == []
    assert tally.strays() == {}
    new = set(facts.cases(town.layout)) - before
    assert new == set(numbers), "somebody's form became two applications"
    # The answer to a mail that was taken may be what was lost (docs/decisions/0021).
    assert len(numbers) <= mails(town) - mails_before <= len(numbers) * (2 if name.startswith("mail") else 1)
    counts = {"cases": len(new), "lost": len(tally.lost), "double": len(new - set(numbers))}
    after = {"recovery_seconds": recovered, "nothing_waits_after_seconds": idle}
    note(f"{name}, {outage.seconds:.0f} s", figures(people) | slowest | after | counts)


def while_it_is_away(outage: Outage, people: list[Person]) -> dict[str, float]:
    """Everybody presses at once; then one looks at every page until the status shows what waits.  What took longest."""
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda person: person.press(SEND), people))
    begun, page, answer, is_shown = time.monotonic(), 0.0, 0.0, False
    while not is_shown or time.monotonic() < begun + outage.seconds:
        page = max(page, *(seconds_of(people[0].visitor, one) for one in PAGES))
        asked = time.monotonic()
        shown = status(outage.town.layout)
        answer = max(answer, time.monotonic() - asked)
        is_shown = is_shown or outage.server.waits(shown)
        assert is_shown or time.monotonic() < begun + LONGEST_OUTAGE, f"not shown: {shown['services']}"
    assert page < LONGEST_PAGE
    return {"longest_page_seconds": page, "longest_status_seconds": answer}


def filled_in(crowd: Crowd, sub: str) -> Visitor:
    """A resident on the page with the last button."""
    resident = crowd.resident(sub)
    fill_in(resident)
    return resident


def kept_without_session(resident: Visitor) -> str:
    """Press the last button when the session has ended; where the page says one signs in."""
    del resident.session.cookies["todoke-intake-session"]
    with pytest.raises(VisitError) as refused:
        Visitor.submit(resident, button=SEND)
    assert refused.value.status == UNAUTHORIZED
    assert resident.page is not None
    return resident.page.link("サインインして続ける")


def number_on(page: Page) -> str:
    """Of the page that the last button leads to."""
    return page.url.split("?")[0].rstrip("/").rsplit("/", 1)[-1]


def seconds_of(visitor: Visitor, page: str) -> float:
    """How long a page takes to come, or to say that it cannot."""
    here, begun = visitor.page, time.monotonic()
    try:
        Visitor.open(visitor, page)
    except VisitError as error:
        assert error.status in (UNAVAILABLE, FORBIDDEN), error
    finally:
        visitor.page = here
    return time.monotonic() - begun


def figures(people: list[Person]) -> dict[str, float]:
    """What the residents saw: a number at once, or to try again; and after how long."""
    return {
        "residents": len(people),
        "numbers_at_once": sum(len(person.seconds) == 1 for person in people),
        "longest_press_seconds": max(person.seconds[0] for person in people),
    }
