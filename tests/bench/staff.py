"""The staff of the bench: bring a case to its decision, and permit the seal the moment it is asked for."""

import threading

from infra.console import applying, deciding
from infra.console.visitor import Visitor
from infra.local.layout import REPOSITORY
from infra.local.signin.people import everyone
from infra.local.system import System
from tests.chaos.crowd import STAFF, links, press

OFFICER, CHIEF, HEAD, KEEPER = STAFF
LOOK_AGAIN_SECONDS = 0.02


class Staff:
    """Inside ``with``, the seal keeper permits whatever lies before them, at once."""

    def __init__(self, system: System) -> None:
        people = everyone(REPOSITORY / "infra" / "town")
        self._visitors = {sub: Visitor(system.layout.url, people[sub].name) for sub in STAFF}
        self._over = threading.Event()
        self._keeper = threading.Thread(target=self._permit, daemon=True)

    def __enter__(self) -> "Staff":
        for sub, visitor in self._visitors.items():
            applying.sign_in(visitor, STAFF[sub][0])
        self._keeper.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._keeper.join()

    def decide(self, number: str) -> None:
        """Examine, draft, approve and decide one case."""
        officer = self._visitors[OFFICER]
        deciding.examine(officer, number)
        deciding.draft(officer, number)
        deciding.see_checked(officer, number)
        deciding.act(self._visitors[CHIEF], number, deciding.APPROVE)
        deciding.act(self._visitors[HEAD], number, deciding.DECIDE)

    def _permit(self) -> None:
        address, work, buttons = STAFF[KEEPER]
        keeper = self._visitors[KEEPER]
        while not self._over.wait(LOOK_AGAIN_SECONDS):
            for link in links(keeper.open(address), work):
                press(keeper, link, buttons)
