"""The journey of the demo: one application from the form to the signed notice, over real HTTP, by those who do it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from requests import RequestException
from rich.console import Console

from infra.console import applying, deciding, receiving, report
from infra.console.facts import Said, cases, said_of
from infra.console.steps import Steps, TooLateError, until
from infra.console.verify import verify_files
from infra.console.visitor import VisitError, Visitor
from infra.local.layout import REPOSITORY, Layout
from infra.local.signin.people import Person, everyone

RESIDENT, OFFICER, CHIEF, HEAD, KEEPER = "r-takahashi", "s-kanno", "s-endo", "s-takeda", "s-satake"
MAIL = "minori@example.jp"
KANA = "たかはし みのり"


class DemoError(Exception):
    """A step failed; the text says which and why."""


class Journey:
    """One case on its way.  Every person has a browser of their own."""

    def __init__(self, layout: Layout, console: Console) -> None:
        self.layout = layout
        self.steps = Steps(console)
        self.people = everyone(REPOSITORY / "infra" / "town")
        self._visitors: dict[str, Visitor] = {}
        self.number = self.document_number = self.mail_before = ""

    def run(self) -> None:
        """From the form to the officer who sees that the notice was opened.  Raises DemoError."""
        for act in (
            self._apply,
            self._draft,
            self._approve,
            self._decide,
            self._permit,
            self._receive,
            self._look_back,
        ):
            act()

    @property
    def case_id(self) -> UUID:
        """What the services call the case."""
        return UUID(cases(self.layout)[self.number].subject)

    def person(self, sub: str) -> Person:
        """Who that is."""
        return self.people[sub]

    def _apply(self) -> None:
        resident = self._sign_in(RESIDENT, "/apply/cases")
        with self._step("form", RESIDENT, "fills in six topics, attaches a phone photo, chooses the digital result"):
            photo = {"photos": ("IMG_0412.jpg", applying.phone_photo(), "image/jpeg")}
            applying.apply(resident, applying.answers(KANA, MAIL), photo)
        with self._step("submit", RESIDENT, "sends the application"):
            self.number = applying.send(resident)
        self._show(f"reception number {self.number}")

    def _draft(self) -> None:
        officer = self._sign_in(OFFICER, "/desk/")
        with self._step("examine", OFFICER, "finds the case in the e-kessai queue and takes it into examination"):
            deciding.examine(officer, self.number)
        with self._step("draft", OFFICER, "drafts the decision"):
            deciding.draft(officer, self.number)
        with self._step("check", OFFICER, "sees the notice as it will be, checked by the notice compiler"):
            deciding.see_checked(officer, self.number)

    def _approve(self) -> None:
        chief = self._sign_in(CHIEF, "/desk/")
        with self._step("approve", CHIEF, "approves"):
            deciding.act(chief, self.number, deciding.APPROVE)

    def _decide(self) -> None:
        head = self._sign_in(HEAD, "/desk/")
        with self._step("decide", HEAD, "decides by the power that the by-laws delegate"):
            deciding.act(head, self.number, deciding.DECIDE)
        self.document_number = self._said("decision_made").envelope.data["document_number"]
        self._show(f"document number {self.document_number}")

    def _permit(self) -> None:
        self.mail_before = receiving.newest_mail(Visitor(self.layout.url), MAIL)
        keeper = self._sign_in(KEEPER, "/seal/")
        with self._step("permit", KEEPER, "permits the seal"):
            deciding.permit_seal(keeper, self.document_number)
        with self._step("sign", "signing", "renders, seals, checks, stores on both sites, reads back from both"):
            until(lambda: self._heard("document_signed"), f"the signed document of {self.number}", 90)

    def _receive(self) -> None:
        resident = self._visitors[RESIDENT]
        with self._step("mail", RESIDENT, "is alerted by a mail without personal data"):
            receiving.read_mail(Visitor(self.layout.url), MAIL, self.mail_before)
        with self._step("open", RESIDENT, "opens the notice in the inbox"):
            receiving.read_notice(resident, self.number)
        with self._step("download", RESIDENT, "saves the signed PDF"):
            notice = receiving.save_notice(resident)
        path = report.folder(self.layout) / "notice.pdf"
        path.write_bytes(notice)
        self._verify(path)

    def _verify(self, path: Path) -> None:
        with self._step("verify", "todoke verify", f"checks {report.relative(path)}"):
            (verdict,) = verify_files([path], None, self.layout)
        if verdict["verdict"] != "valid":
            raise DemoError(f"{path} is {verdict['verdict']}: {', '.join(verdict['reasons'])}")

    def _look_back(self) -> None:
        officer = self._visitors[OFFICER]
        with self._step("opened", OFFICER, "sees that the notice was opened"):
            deciding.see_opened(officer, self.number)
        with self._step("archive", "archive", "has looked at both copies and entered the document"):
            until(lambda: self._heard("document_archived"), f"the archive's record of {self.number}")

    def _sign_in(self, sub: str, page: str) -> Visitor:
        visitor = self._visitors[sub] = Visitor(self.layout.url, self.person(sub).name)
        with self._step(f"sign_in_{sub}", sub, "signs in"):
            applying.sign_in(visitor, page)
        return visitor

    @contextmanager
    def _step(self, key: str, who: str, what: str) -> Iterator[None]:
        person = self.people.get(who)
        with self.steps.step(key, f"{person.name} ({person.note})" if person else who, what):
            try:
                yield
            except (VisitError, TooLateError, RequestException) as error:
                raise DemoError(f"{what}: {error}") from error

    def _show(self, text: str) -> None:
        self.steps.console.print(f"            → {text}", highlight=False)

    def _heard(self, fact: str) -> Said | None:
        said = said_of(self.case_id, self.layout)
        return next((one for one in said if one.fact == fact), None)

    def _said(self, fact: str) -> Said:
        return until(lambda: self._heard(fact), f"{fact} of {self.number}")


def run(layout: Layout, console: Console) -> None:
    """Run the journey, write ``demo`` below the state directory, say where to look.  Raises DemoError."""
    console.print("One application, from the form to the signed notice:")
    journey = Journey(layout, console)
    journey.run()
    seconds = journey.steps.seconds
    document = report.case_document(journey.number, applying.PROCEDURE, journey.case_id, seconds, layout)
    path = report.write([document], layout)
    console.print(f"\nwritten: {report.relative(path.parent / 'notice.pdf')} and {report.relative(path)}")
    show_where(journey, console)


def show_where(journey: Journey, console: Console) -> None:
    """Where a person clicks on from here, and who can sign in."""
    url = journey.layout.url
    console.print(f"\nLook at {url} (the caught mail: {url}/dev/mail/). Sign in as:", highlight=False)
    pages = {RESIDENT: "/inbox/", OFFICER: "/desk/", CHIEF: "/desk/", HEAD: "/desk/", KEEPER: "/seal/"}
    for sub, page in pages.items():
        person = journey.person(sub)
        console.print(f"  {person.name}  {person.group} {person.note}  {url}{page}", highlight=False)
