"""What every journey of the demo has: its people with a browser each, its steps with their times, its case."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import ClassVar
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

KEEPER = "s-satake"
SIGNING_SECONDS = 90


class DemoError(Exception):
    """A step failed; the text says which and why."""


class Journey:
    """One case on its way.  ``title``: what is shown before it; ``procedure``: of the application."""

    title: ClassVar[str] = ""
    procedure: ClassVar[str] = ""
    resident: ClassVar[str] = ""
    mail: ClassVar[str] = ""

    def __init__(self, layout: Layout, console: Console) -> None:
        self.layout = layout
        self.steps = Steps(console)
        self.people = everyone(REPOSITORY / "infra" / "town")
        self.visitors: dict[str, Visitor] = {}
        self.number = self.document_number = self.mail_before = ""

    def acts(self) -> tuple[Callable[[], None], ...]:
        """What happens, in order."""
        raise NotImplementedError

    def run(self) -> None:
        """From the first form to the end.  Raises DemoError."""
        for act in self.acts():
            act()

    def document(self) -> report.Document:
        """The case as the report tells it."""
        return report.case_document(self.number, self.procedure, self.case_id, self.steps.seconds, self.layout)

    @property
    def case_id(self) -> UUID:
        """What the services call the case."""
        return UUID(cases(self.layout)[self.number].subject)

    def person(self, sub: str) -> Person:
        """Who that is."""
        return self.people[sub]

    def sign_in(self, sub: str, page: str) -> Visitor:
        """A person sits down at a browser."""
        visitor = self.visitors[sub] = Visitor(self.layout.url, self.person(sub).name)
        with self.step(f"sign_in_{sub}", sub, "signs in"):
            applying.sign_in(visitor, page)
        return visitor

    def apply(self, answers: Mapping[str, applying.Values]) -> None:
        """The resident fills in every topic with a phone photo, and sends."""
        resident = self.sign_in(self.resident, "/apply/cases")
        with self.step("form", self.resident, f"fills in {len(answers)} topics and attaches a phone photo"):
            photo = {"photos": ("IMG_0412.jpg", applying.phone_photo(), "image/jpeg")}
            applying.apply(resident, answers, photo, self.procedure)
        with self.step("submit", self.resident, "sends the application"):
            self.number = applying.send(resident)
        self.show(f"reception number {self.number}")

    def examine(self, officer: str) -> None:
        """The officer takes the case."""
        visitor = self.sign_in(officer, "/desk/")
        with self.step("examine", officer, "finds the case in the e-kessai queue and takes it into examination"):
            deciding.examine(visitor, self.number)

    def draft(self, officer: str, outcome: str = "", values: Mapping[str, str] | None = None) -> None:
        """The officer, who has the case, drafts, and sees the notice checked."""
        visitor = self.visitors[officer]
        with self.step("draft", officer, "drafts the decision"):
            deciding.draft(visitor, self.number, outcome, values)
        with self.step("check", officer, "sees the notice as it will be, checked by the notice compiler"):
            deciding.see_checked(visitor, self.number)

    def approve(self, chief: str) -> None:
        """The next post agrees."""
        visitor = self.sign_in(chief, "/desk/")
        with self.step("approve", chief, "approves"):
            deciding.act(visitor, self.number, deciding.APPROVE)

    def decide(self, head: str) -> None:
        """The one who has the power decides."""
        visitor = self.sign_in(head, "/desk/")
        with self.step("decide", head, "decides by the power that the by-laws delegate"):
            deciding.act(visitor, self.number, deciding.DECIDE)
        self.document_number = self.said("decision_made").envelope.data["document_number"]
        self.show(f"document number {self.document_number}")

    def permit(self) -> None:
        """The seal keeper permits, and the notice is signed."""
        self.mail_before = receiving.newest_mail(Visitor(self.layout.url), self.mail)
        keeper = self.sign_in(KEEPER, "/seal/")
        with self.step("permit", KEEPER, "permits the seal"):
            deciding.permit_seal(keeper, self.document_number)
        with self.step("sign", "signing", "renders, seals, checks, stores on both sites, reads back from both"):
            self.wait_for("document_signed", SIGNING_SECONDS)

    def receive(self, file: str) -> None:
        """The resident is alerted, opens the notice and saves the PDF as ``file`` of the demo's folder."""
        resident = self.visitors[self.resident]
        with self.step("mail", self.resident, "is alerted by a mail without personal data"):
            receiving.read_mail(Visitor(self.layout.url), self.mail, self.mail_before)
        with self.step("open", self.resident, "opens the notice in the inbox"):
            receiving.read_notice(resident, self.number)
        with self.step("download", self.resident, "saves the signed PDF"):
            notice = receiving.save_notice(resident)
        self.keep(file, notice)

    def keep(self, file: str, pdf: bytes) -> None:
        """Write a PDF to the demo's folder, if our own verifier calls it valid.  Raises DemoError."""
        path = report.folder(self.layout) / file
        path.write_bytes(pdf)
        with self.step(f"verify_{path.stem}", "todoke verify", f"checks {report.relative(path)}"):
            (verdict,) = verify_files([path], None, self.layout)
        if verdict["verdict"] != "valid":
            raise DemoError(f"{path} is {verdict['verdict']}: {', '.join(verdict['reasons'])}")

    def archive(self) -> None:
        """The archive has entered the document."""
        with self.step("archive", "archive", "has looked at both copies and entered the document"):
            self.wait_for("document_archived")

    def require(self, page_says: Mapping[str, bool]) -> None:
        """Raises DemoError with the first thing that a page ought to say, or ought not to, and does otherwise."""
        for what, holds in page_says.items():
            if not holds:
                raise DemoError(f"{self.number}: {what}")

    @contextmanager
    def step(self, key: str, who: str, what: str) -> Iterator[None]:
        """One act of one person, or of the system.  Raises DemoError."""
        person = self.people.get(who)
        with self.steps.step(key, f"{person.name} ({person.note})" if person else who, what):
            try:
                yield
            except (VisitError, TooLateError, RequestException) as error:
                raise DemoError(f"{what}: {error}") from error

    def show(self, text: str) -> None:
        """A result below a step."""
        self.steps.console.print(f"            → {text}", highlight=False)

    def heard(self, fact: str) -> Said | None:
        """The newest of these facts that was said of the case."""
        said = said_of(self.case_id, self.layout)
        return next((one for one in reversed(said) if one.fact == fact), None)

    def said(self, fact: str) -> Said:
        """The same, waited for."""
        return until(lambda: self.heard(fact), f"{fact} of {self.number}")

    def wait_for(self, fact: str, seconds: float = 60) -> None:
        """Until it was said."""
        until(lambda: self.heard(fact), f"{fact} of {self.number}", seconds)
