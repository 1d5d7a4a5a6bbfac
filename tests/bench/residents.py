"""Residents who have filled in everything and stand before the last button: only that press is measured."""

import re
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from uuid import uuid4

import requests

from infra.console import applying
from infra.console.houses import settings_of
from infra.local.system import System
from services.chassis.clock import now, today
from services.chassis.database import engine, work_on
from services.chassis.objects import Objects, ref_of
from services.chassis.web.sessions import open_session
from services.intake import use_cases
from services.intake.domain.draft import Attachment
from services.intake.domain.procedure import Procedure
from services.intake.store import SqlDrafts
from services.intake.town import read_town
from tests.chaos.crowd import small_photo

SECONDS, PREPARERS, SEE_OTHER = 60, 2, 303
COOKIE = "todoke-intake-session"
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
WHO = {"name": ["試験 花子"], "address": ["高畠町大字高畠436番地"]}
BORN = {"birthdate-era": ["showa"], "birthdate-y": ["58"], "birthdate-m": ["2"], "birthdate-d": ["3"]}


@dataclass
class Resident:
    """One person with one browser, on the check page of one draft."""

    browser: requests.Session
    url: str
    form: dict[str, str]

    def press(self) -> tuple[str, float]:
        """Send the form: the reception number, and the seconds from the press to the redirect that names it."""
        begun = time.perf_counter()
        answer = self.browser.post(self.url, data=self.form, allow_redirects=False, timeout=SECONDS)
        took = time.perf_counter() - begun
        if answer.status_code != SEE_OTHER or "/done/" not in answer.headers["Location"]:
            raise AssertionError(f"no number but {answer.status_code}")
        return answer.headers["Location"].rsplit("/", 1)[-1], took


class Residents:
    """Prepares people; each has a draft of their own."""

    def __init__(self, system: System) -> None:
        settings = settings_of("intake", system.layout)
        self._url = system.layout.url
        self._source = engine(settings)
        self._objects = Objects.of(settings)
        self._town = read_town(settings.town_dir)
        self._numbers = count(1)

    def prepare(self, number: int) -> list[Resident]:
        """So many people before the last button; the clock does not run yet."""
        with ThreadPoolExecutor(PREPARERS) as pool:
            return list(pool.map(lambda _: self._one(), range(number)))

    def close(self) -> None:
        """Give the connections back."""
        self._source.dispose()

    def _one(self) -> Resident:
        sub = f"r-bench-{next(self._numbers)}"
        procedure = self._town.procedure(applying.PROCEDURE, today())
        assert procedure
        self._fill(sub, procedure)
        browser = requests.Session()
        browser.trust_env = False
        with self._source.begin() as connection:
            browser.cookies.set(COOKIE, open_session(connection, {"sub": sub, "name": WHO["name"][0]}, now()))
        url = f"{self._url}/apply/{procedure.id}/check"
        return Resident(browser, url, dict(HIDDEN.findall(browser.get(url, timeout=SECONDS).text)))

    def _fill(self, sub: str, procedure: Procedure) -> None:
        answers = applying.answers("しけん はなこ", "bench@example.jp")
        with work_on(self._source, "intake") as work:
            drafts = SqlDrafts(work.connection)
            draft = drafts.open(sub, procedure.id, today())
            photo = self._photo(str(draft.case_id))
            for topic in procedure.form.topics:
                for question in topic.questions:
                    if question.id == photo.question:
                        use_cases.attach_file(draft, question, photo, drafts, now())
                given = answers[topic.id].items()
                typed = {name: [value] if isinstance(value, str) else value for name, value in given}
                more = WHO | BORN if topic.id == "applicant" else {}
                reading = use_cases.save_topic(draft, topic, typed | more, drafts, now())
                assert not reading.faults, reading.faults

    def _photo(self, owner: str) -> Attachment:
        data = small_photo()
        ref = ref_of(owner, data, "image/jpeg")
        self._objects.put(ref, data)
        return Attachment(
            id=uuid4(), question="photos", name="IMG_1.jpg", media_type=ref.media_type, size=ref.size, sha256=ref.sha256
        )


@dataclass
class Pressed:
    """What came of a block of presses."""

    numbers: list[str]
    seconds: list[float]
    lasted: float


def press_all(residents: Sequence[Resident], clients: int) -> Pressed:
    """Let ``clients`` press at the same time, each one form after the other, until all are sent."""
    begun = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        answers = list(pool.map(Resident.press, residents))
    lasted = time.perf_counter() - begun
    return Pressed([number for number, _ in answers], [took for _, took in answers], lasted)
