"""What delivery does, one function per act."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from services.delivery.domain.inbox import ArrivalRule, InboxItem, NotTheRecipientError
from services.delivery.domain.notice import Decision, Notice
from services.delivery.domain.paper import PaperDelivery, Posting
from services.delivery.domain.recipient import Recipient
from services.messages import (
    ApplicationCorrected,
    ApplicationSubmitted,
    CorrectionRequested,
    DecisionMade,
    DeliveryChosen,
    DeliveryFailed,
    DocumentExtended,
    DocumentRef,
    DocumentSigned,
    Fact,
    NoticeArrived,
    NoticeDelivered,
    NoticeOpened,
    PaperPosted,
)

Say = Callable[[Fact], object]
RuleAt = Callable[[datetime], ArrivalRule]


class AlreadyDeliveredError(Exception):
    """The notice is there, or on its way: how it is received can no longer be changed."""


class AddressRefusedError(Exception):
    """There is no mail address, or its mail server refuses it for good."""


class Rules(Protocol):
    """The town's dated rules of delivery."""

    def rule_at(self, time: datetime) -> ArrivalRule:
        """The arrival rule for a notice made available at ``time``.  Raises NoArrivalRuleError."""
        ...

    def post_until(self, time: datetime) -> date:
        """Until when a notice that goes on paper from ``time`` on is to be posted."""
        ...


class Register(Protocol):
    """Notes an act of a person in the ledger: ids only."""

    def __call__(self, act: str, case_id: UUID, actor: str) -> None: ...


@dataclass(frozen=True, kw_only=True)
class PostPaper:
    """``by``: ``sub`` of who posted it; ``signed_on``: the day before which nothing can have been posted."""

    document_id: UUID
    posting: Posting
    by: str
    signed_on: date
    today: date


@dataclass(frozen=True, kw_only=True)
class SignedCopy:
    """The sealed PDF that belongs to a notice.  ``level``: PAdES baseline level."""

    document: DocumentRef
    pages: int
    level: str
    signed_at: datetime


class Deliveries(Protocol):
    """What delivery remembers.  Rows are loaded for update; adding what is there already changes nothing."""

    def add_recipient(self, recipient: Recipient) -> None: ...

    def recipient(self, case_id: UUID) -> Recipient:
        """Raises NotYet when the application has not been heard."""
        ...

    def recipient_to_change(self, case_id: UUID) -> Recipient:
        """The same, held against others until the commit.  Raises NotYet."""
        ...

    def save_recipient(self, recipient: Recipient) -> None: ...

    def is_delivered(self, case_id: UUID) -> bool:
        """Whether a notice of the case lies in the inbox or goes on paper."""
        ...

    def add_decision(self, decision: Decision) -> None: ...

    def require_decision(self, document_id: UUID) -> None:
        """Raises NotYet when the decision has not been heard."""
        ...

    def has_item(self, document_id: UUID) -> bool: ...

    def require_notice(self, case_id: UUID, document_id: UUID) -> None:
        """Raises NotYet when a resident's notice is still to come."""
        ...

    def replace_copy(self, document_id: UUID, edition: int, document: DocumentRef, level: str) -> None:
        """Nothing changes when the file here is as new, or there is none."""
        ...

    def add_item(self, item: InboxItem, notice: Notice, copy: SignedCopy) -> None: ...

    def item(self, document_id: UUID) -> InboxItem:
        """Raises NotYet when there is none."""
        ...

    def item_to_alert(self, document_id: UUID) -> InboxItem:
        """Nobody else gets it before this work is over, yet its row is not locked.  Raises NotYet when there is none.
        """
        ...

    def save_item(self, item: InboxItem) -> None: ...

    def has_paper(self, document_id: UUID) -> bool: ...

    def add_paper(self, paper: PaperDelivery, notice: Notice, copy: SignedCopy) -> None: ...

    def paper(self, document_id: UUID) -> PaperDelivery:
        """Raises NotYet when the notice does not go on paper."""
        ...

    def save_paper(self, paper: PaperDelivery) -> None: ...


class Papers(Protocol):
    """Reading of stored documents.  Each raises Waiting when the store is down."""

    def mail_of(self, form: DocumentRef) -> str:
        """The applicant's mail address; empty when none was given."""
        ...

    def notice(self, notice: DocumentRef) -> Notice: ...

    def pages(self, document: DocumentRef) -> int: ...


class Mailer(Protocol):
    """The mails that say that something waits for the resident."""

    def alert(self, address: str, document_id: UUID) -> None:
        """Raises Waiting when the mail server is down, AddressRefusedError when the address is no good."""
        ...

    def ask(self, address: str, correction_id: UUID) -> None:
        """Raises the same."""
        ...


def receive_application(fact: ApplicationSubmitted, deliveries: Deliveries, papers: Papers) -> None:
    """Remember who will receive, and how; of the form only the mail address."""
    deliveries.add_recipient(
        Recipient(
            case_id=fact.case_id,
            subject=fact.applicant,
            procedure_id=fact.procedure_id,
            reception_number=fact.reception_number,
            mail=papers.mail_of(fact.form),
            digital=fact.digital,
            consented_at=fact.digital_consent_at,
        )
    )


def receive_decision(fact: DecisionMade, deliveries: Deliveries) -> None:
    """Remember the number and date that the notice will bear."""
    deliveries.add_decision(
        Decision(
            document_id=fact.document_id,
            case_id=fact.case_id,
            document_number=fact.document_number,
            outcome=fact.outcome,
            issued_on=fact.issued_on,
        )
    )


def deliver_notice(
    fact: DocumentSigned, deliveries: Deliveries, papers: Papers, rules: Rules, say: Say, now: datetime
) -> None:
    """Lay the signed notice into the resident's inbox; of one who does not take it so, let the office post it."""
    if deliveries.has_item(fact.document_id) or deliveries.has_paper(fact.document_id):
        return
    recipient = deliveries.recipient_to_change(fact.case_id)
    deliveries.require_decision(fact.document_id)
    notice = papers.notice(fact.notice)
    copy = SignedCopy(
        document=fact.document, pages=papers.pages(fact.document), level=fact.level, signed_at=fact.signed_at
    )
    if not recipient.takes_digital:
        _put_on_paper(fact, recipient, notice, copy, deliveries, rules, say, now)
        return
    item = InboxItem.make_available(fact.document_id, recipient, now)
    deliveries.add_item(item, notice, copy)
    say(NoticeDelivered(case_id=item.case_id, document_id=item.document_id, available_at=now))
    _arrive(item, deliveries, rules.rule_at, say)


def replace_edition(fact: DocumentExtended, deliveries: Deliveries) -> None:
    """The resident's file has a newer archive timestamp; what he saved before stays as good as it was.

    A contract's file has no place here.  Raises NotYet when the notice itself has not come.
    """
    deliveries.require_notice(fact.case_id, fact.document_id)
    deliveries.replace_copy(fact.document_id, fact.edition, fact.document, fact.level)


def choose_delivery(
    case_id: UUID, subject: str, digital: bool, deliveries: Deliveries, register: Register, say: Say, now: datetime
) -> None:
    """The resident receives the result of a case in another way; the same way again changes nothing.

    Raises NotTheRecipientError, AlreadyDeliveredError.
    """
    recipient = deliveries.recipient_to_change(case_id)
    if recipient.subject != subject:
        raise NotTheRecipientError
    if recipient.takes_digital == digital:
        return
    if deliveries.is_delivered(case_id):
        raise AlreadyDeliveredError
    deliveries.save_recipient(recipient.choose(digital, now))
    register("digital delivery chosen" if digital else "digital delivery ended", case_id, subject)
    say(DeliveryChosen(case_id=case_id, digital=digital, chosen_at=now))


def post_paper(command: PostPaper, deliveries: Deliveries, register: Register, say: Say, now: datetime) -> None:
    """The office has posted the copy: from now on the paper is the original, and the digital one is closed.

    Raises PostingDayError, AlreadyPostedError.
    """
    paper = deliveries.paper(command.document_id)
    day = {"today": command.today, "since": command.signed_on}
    if not paper.post(command.posting, command.by, now, **day):
        return
    deliveries.save_paper(paper)
    register("paper posted", paper.case_id, command.by)
    say(
        PaperPosted(
            case_id=paper.case_id,
            document_id=paper.document_id,
            posting_number=command.posting.number,
            posted_on=command.posting.on,
            posted_at=now,
        )
    )


def alert_recipient(fact: NoticeDelivered, deliveries: Deliveries, mailer: Mailer, now: datetime) -> None:
    """Send the mail, once.

    It is one handler's turn from the look at ``wants_alert`` to the commit, so no two send at the same time.  Only a
    process that dies after the mail server's answer and before the commit sends again when it is restarted, with the
    same Message-ID: at most one mail more for each such death.  The item's row is locked only after the mail server
    has answered: a resident who opens the notice does not wait for it.
    """
    item = deliveries.item_to_alert(fact.document_id)
    if not item.wants_alert:
        return
    is_reached = _alert(item, deliveries, mailer)
    item = deliveries.item(fact.document_id)
    if is_reached:
        item.alerted(now)
    else:
        item.unreached(now)
    deliveries.save_item(item)


def _alert(item: InboxItem, deliveries: Deliveries, mailer: Mailer) -> bool:
    try:
        mailer.alert(deliveries.recipient(item.case_id).mail, item.document_id)
    except AddressRefusedError:
        return False
    return True


def alert_applicant(fact: CorrectionRequested, deliveries: Deliveries, mailer: Mailer) -> None:
    """The office asks the applicant to look at something again: a mail says that, with the care of the one before.

    The applicant without a mail address that works sees it on the case's page.
    """
    with suppress(AddressRefusedError):
        mailer.ask(deliveries.recipient(fact.case_id).mail, fact.correction_id)


def receive_correction(fact: ApplicationCorrected, deliveries: Deliveries, papers: Papers) -> None:
    """The applicant has answered: the mail address may be another one now."""
    recipient = deliveries.recipient_to_change(fact.case_id)
    deliveries.save_recipient(replace(recipient, mail=papers.mail_of(fact.form)))


def open_notice(
    document_id: UUID, subject: str, deliveries: Deliveries, rule_at: RuleAt, say: Say, now: datetime
) -> None:
    """The recipient sees the notice, as a page or as the file.  Raises NotTheRecipientError."""
    item = deliveries.item(document_id)
    opened = item.open(subject, now)
    if opened is None:
        return
    deliveries.save_item(item)
    say(NoticeOpened(case_id=item.case_id, document_id=document_id, opened_at=opened.at))
    _arrive(item, deliveries, rule_at, say)


def _put_on_paper(
    fact: DocumentSigned,
    recipient: Recipient,
    notice: Notice,
    copy: SignedCopy,
    deliveries: Deliveries,
    rules: Rules,
    say: Say,
    now: datetime,
) -> None:
    why = recipient.why_paper
    paper = PaperDelivery(
        document_id=fact.document_id, case_id=fact.case_id, reason=why, since=now, due_on=rules.post_until(now)
    )
    deliveries.add_paper(paper, notice, copy)
    say(DeliveryFailed(case_id=fact.case_id, document_id=fact.document_id, reason=why, failed_at=now))


def _arrive(item: InboxItem, deliveries: Deliveries, rule_at: RuleAt, say: Say) -> None:
    arrived = item.arrive(rule_at(item.available_at))
    if arrived is None:
        return
    deliveries.save_item(item)
    say(NoticeArrived(case_id=item.case_id, document_id=item.document_id, arrived_at=arrived.at, rule=arrived.rule))
