"""One function per act of intake.  The caller gives the time, the ports and the way to say a fact, and commits."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from services.intake.domain.answers import Fields, Reading, Values, read
from services.intake.domain.application import Application, ReceptionNumber, State
from services.intake.domain.calendar import JAPAN, Calendar
from services.intake.domain.document import Shown, form_document
from services.intake.domain.draft import Attachment, Draft, UnknownDraftError
from services.intake.domain.procedure import Procedure, Question, Topic
from services.messages import (
    ApplicationSubmitted,
    ApplicationWithdrawn,
    DecisionDrafted,
    DecisionMade,
    DeliveryChosen,
    DeliveryFailed,
    DocumentRef,
    DocumentSigned,
    ExaminationStarted,
    Fact,
    NoticeDelivered,
    NoticeOpened,
    PaperPosted,
    SealPermitted,
)

Say = Callable[[Fact], object]
APRIL = 4
# What a case reaches by a fact, and the field that tells when.
FOLLOWED: dict[type[Fact], tuple[State, str]] = {
    ExaminationStarted: (State.EXAMINING, "started_at"),
    DecisionDrafted: (State.DRAFTED, "drafted_at"),
    DecisionMade: (State.DECIDED, "decided_at"),
    SealPermitted: (State.PERMITTED, "permitted_at"),
    DocumentSigned: (State.SIGNED, "signed_at"),
    NoticeDelivered: (State.AVAILABLE, "available_at"),
    NoticeOpened: (State.OPENED, "opened_at"),
    DeliveryFailed: (State.FALLBACK, "failed_at"),
    PaperPosted: (State.POSTED, "posted_at"),
}


class Drafts(Protocol):
    """The drafts, each locked from its loading to the commit."""

    def load(self, case_id: UUID, sub: str) -> Draft:
        """Raises UnknownDraftError; also for a draft of another person."""
        ...

    def open(self, sub: str, procedure_id: str, today: date) -> Draft:
        """The person's draft of this procedure that is not submitted, or a new one."""
        ...

    def save(self, draft: Draft) -> None:
        """Keep what has changed; the draft's next version."""
        ...

    def keep(self, draft: Draft) -> None:
        """Keep what was typed and not yet saved; the version stays."""
        ...

    def add_submitted(self, draft: Draft) -> bool:
        """Keep a draft that became an application at once; False when one of this id is there."""
        ...

    def discard_expired(self, today: date) -> int:
        """Delete the drafts that are no longer kept; returns how many."""
        ...


class Applications(Protocol):
    """The applications, each locked from its loading to the commit."""

    def find(self, case_id: UUID) -> Application | None:
        """None: the case is of another kind, and no business of intake."""
        ...

    def add(self, application: Application) -> None:
        """Record a new application."""
        ...

    def save(self, application: Application) -> None:
        """Keep what has changed."""
        ...


class Numbers(Protocol):
    """The counter of each 年度; a count belongs to the commit that took it, so there are no gaps."""

    def following(self, fiscal_year: int) -> ReceptionNumber:
        """The next number."""
        ...


class Consents(Protocol):
    """Who takes results digitally, per procedure, since when and until when (デジタル手続法7条1項)."""

    def give(self, sub: str, procedure_id: str, at: datetime) -> None:
        """Record consent; consent that stands keeps its date."""
        ...

    def revoke(self, sub: str, procedure_id: str, at: datetime) -> None:
        """End consent, if there is any."""
        ...


class Documents(Protocol):
    """Documents on their way to the store."""

    def keep(self, owner: UUID, value: Mapping[str, Any], retention: str) -> DocumentRef:
        """Keep a JSON value as a document; the facts of this commit go out once it is stored."""
        ...


@dataclass(frozen=True, kw_only=True)
class Ports:
    """All that a submission writes to, within one commit."""

    drafts: Drafts
    applications: Applications
    numbers: Numbers
    consents: Consents
    documents: Documents
    say: Say


@dataclass(frozen=True, kw_only=True)
class SubmitApplication:
    """``case_id`` and ``seen_version``: the draft as the resident saw it; ``claims``: from the sign-in."""

    case_id: UUID
    sub: str
    seen_version: int
    claims: Mapping[str, str]
    shown: Shown


@dataclass(frozen=True, kw_only=True)
class FileApplication:
    """A whole form at once, from another programme of the person.

    ``draft``: with its files and in no database; ``values``: per topic, without faults; ``shown``: them in words.
    """

    draft: Draft
    values: Mapping[str, Values]
    claims: Mapping[str, str]
    shown: Callable[[Draft], Shown]


@dataclass(frozen=True)
class Submission:
    """``again``: the draft had been submitted before; this is the number it got then."""

    number: ReceptionNumber
    again: bool


def save_topic(draft: Draft, topic: Topic, fields: Fields, drafts: Drafts, now: datetime) -> Reading:
    """Keep the answers of one topic if all of them can be accepted."""
    today = local_date(now)
    reading = read(topic, fields, today, draft.count_files())
    if not reading.faults:
        draft.save_topic(topic, reading.values, now, today)
        drafts.save(draft)
    return reading


def leave_topic(draft: Draft, topic: Topic, fields: Fields, drafts: Drafts, now: datetime) -> None:
    """Keep one topic as far as it is filled in: its answers if all can be accepted, else what was typed."""
    if save_topic(draft, topic, fields, drafts, now).faults:
        keep_typed(draft, topic, fields, drafts, now)


def keep_typed(draft: Draft, topic: Topic, fields: Fields, drafts: Drafts, now: datetime) -> None:
    """Keep what was typed so far, whatever it is; what another tab has in view stays as it is."""
    draft.keep_typed(topic, fields, local_date(now))
    drafts.keep(draft)


def attach_file(draft: Draft, question: Question, attachment: Attachment, drafts: Drafts, now: datetime) -> None:
    """Enter a file that the store already has.

    Raises TooManyFilesError, FilesTooLargeError, AlreadySubmittedError.
    """
    draft.attach(question, attachment, local_date(now))
    drafts.save(draft)


def remove_file(draft: Draft, attachment_id: UUID, drafts: Drafts) -> None:
    """Take a file out of the draft.  Raises AlreadySubmittedError."""
    draft.remove_file(attachment_id)
    drafts.save(draft)


def submit_application(
    command: SubmitApplication,
    procedure_on: Callable[[str, date], Procedure],
    calendar: Calendar,
    ports: Ports,
    now: datetime,
) -> Submission:
    """Make the draft an application; a draft that is one already gives the same number again.

    Raises UnknownDraftError, IncompleteDraftError, DraftChangedError, ProcedureClosedError.
    """
    draft = ports.drafts.load(command.case_id, command.sub)
    if known := ports.applications.find(draft.case_id):
        return Submission(known.number, again=True)
    today = local_date(now)
    procedure = procedure_on(draft.procedure_id, today)
    draft.submit(procedure, command.seen_version, today)
    ports.drafts.save(draft)
    number = _accept(draft, procedure, command.claims, command.shown, calendar, ports, now)
    return Submission(number, again=False)


def file_application(
    command: FileApplication, procedure: Procedure, calendar: Calendar, ports: Ports, now: datetime
) -> Submission:
    """Make an application of a whole form, beside whatever draft the person has; once for each case id.

    Raises IncompleteDraftError, ProcedureClosedError, UnknownDraftError.
    """
    draft, today = command.draft, local_date(now)
    if known := ports.applications.find(draft.case_id):
        return Submission(known.number, again=True)
    for topic in procedure.form.topics:
        draft.save_topic(topic, command.values[topic.id], now, today)
    draft.submit(procedure, draft.version, today)
    if not ports.drafts.add_submitted(draft):  # sent twice at the same moment
        return _number_of_twin(draft, ports)
    number = _accept(draft, procedure, command.claims, command.shown(draft), calendar, ports, now)
    return Submission(number, again=False)


def choose_delivery(draft: Draft, consents: Consents, now: datetime) -> None:
    """Record consent to digital delivery as of when it was given, or its end."""
    if draft.consented_at:
        consents.give(draft.sub, draft.procedure_id, draft.consented_at)
    else:
        consents.revoke(draft.sub, draft.procedure_id, now)


def withdraw_application(case_id: UUID, applications: Applications, say: Say, now: datetime) -> None:
    """Take an application back, once.  Raises NotWithdrawableError."""
    application = applications.find(case_id)
    if application and application.withdraw(now):
        applications.save(application)
        say(ApplicationWithdrawn(case_id=case_id, withdrawn_at=now))


def follow_choice(fact: DeliveryChosen, applications: Applications, consents: Consents) -> None:
    """The resident has changed, in the inbox' settings, how the result is received; consent is given or ended there."""
    application = applications.find(fact.case_id)
    if application is None or not application.choose_delivery(fact.digital):
        return
    applications.save(application)
    if fact.digital:
        consents.give(application.sub, application.procedure_id, fact.chosen_at)
    else:
        consents.revoke(application.sub, application.procedure_id, fact.chosen_at)


def follow_case(fact: Fact, applications: Applications) -> None:
    """Note on the resident's timeline what another service says about the case."""
    application = applications.find(fact.case_id)
    if application and application.reach(*progress(fact)):
        applications.save(application)


def progress(fact: Fact) -> tuple[State, datetime]:
    """The state that a case reaches by a fact, and when.  Raises KeyError for facts that are not followed."""
    state, moment = FOLLOWED[type(fact)]
    return state, getattr(fact, moment)


def local_date(at: datetime) -> date:
    """The date in Japan."""
    return at.astimezone(JAPAN).date()


def fiscal_year(day: date) -> int:
    """年度 of a day, as the year of its April."""
    return day.year if day.month >= APRIL else day.year - 1


def _number_of_twin(draft: Draft, ports: Ports) -> Submission:
    known = ports.applications.find(draft.case_id)
    if known is None:
        raise UnknownDraftError(str(draft.case_id))
    return Submission(known.number, again=True)


def _accept(
    draft: Draft,
    procedure: Procedure,
    claims: Mapping[str, str],
    shown: Shown,
    calendar: Calendar,
    ports: Ports,
    now: datetime,
) -> ReceptionNumber:
    """What a submitted draft brings with it: consent, number, application, form document, fact."""
    choose_delivery(draft, ports.consents, now)
    # The counter last: from here to the commit all other submissions wait for it.
    number = ports.numbers.following(fiscal_year(local_date(now)))
    application = _application(draft, procedure, number, calendar, now)
    ports.applications.add(application)
    form = form_document(draft, application, procedure, claims, shown)
    ports.say(_submitted(draft, application, ports.documents.keep(draft.case_id, form, procedure.retention)))
    return number


def _application(
    draft: Draft, procedure: Procedure, number: ReceptionNumber, calendar: Calendar, now: datetime
) -> Application:
    return Application(
        case_id=draft.case_id,
        sub=draft.sub,
        number=number,
        procedure_id=procedure.id,
        procedure_version=procedure.valid_from,
        submitted_at=now,
        due_on=calendar.due_on(local_date(now), procedure.standard_period),
        digital=draft.consented_at is not None,
        reached={State.ACCEPTED: now},
    )


def _submitted(draft: Draft, application: Application, form: DocumentRef) -> ApplicationSubmitted:
    return ApplicationSubmitted(
        case_id=application.case_id,
        reception_number=str(application.number),
        procedure_id=application.procedure_id,
        applicant=application.sub,
        submitted_at=application.submitted_at,
        due_on=application.due_on,
        form=form,
        attachments=tuple(reference(draft.case_id, one) for one in draft.attachments),
        digital=application.digital,
        digital_consent_at=draft.consented_at,
    )


def reference(case_id: UUID, attachment: Attachment) -> DocumentRef:
    """Where the store has an attachment."""
    return DocumentRef(str(case_id), attachment.sha256, attachment.media_type, attachment.size)
