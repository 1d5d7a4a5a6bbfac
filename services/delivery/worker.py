"""Delivery's worker: what it hears, and which act each fact asks for."""

from services.chassis.clock import now
from services.chassis.database import Work
from services.chassis.inbox import Tool, Worker, hears
from services.delivery import use_cases
from services.delivery.mailer import SmtpMailer, Text
from services.delivery.papers import StoredPapers
from services.delivery.settings import DeliverySettings
from services.delivery.store import SqlDeliveries
from services.delivery.town import delivery_rules
from services.messages import (
    ApplicationCorrected,
    ApplicationSubmitted,
    CorrectionRequested,
    DecisionMade,
    DocumentExtended,
    DocumentSigned,
    NoticeDelivered,
)


def mailer_of(settings: DeliverySettings) -> SmtpMailer:
    """The town's mail server, as the settings name it."""
    rules, url = delivery_rules(settings.town_dir), settings.public_url
    notice = Text(rules.mail, f"{url}/inbox/")
    correction = Text(rules.correction_mail, f"{url}/apply/cases")
    return SmtpMailer(settings.smtp_host, settings.smtp_port, settings.mail_from, notice, correction)


class MailRoom(Tool):
    """The worker's mailer: one for all handlers, so that they share what it knows of an absent mail server."""

    mailer: SmtpMailer

    def setup(self) -> None:
        """Nothing is connected to yet."""
        self.mailer = mailer_of(self.container.config["settings"])

    def of(self) -> SmtpMailer:
        """Every handler uses the same mailer."""
        return self.mailer


class DeliveryWorker(Worker):
    """Parse -> use case, nothing else."""

    name = "delivery"
    mailer = MailRoom()

    @hears(ApplicationSubmitted)
    def on_application_submitted(self, fact: ApplicationSubmitted, work: Work) -> None:
        """Somebody will receive the notice of this case."""
        use_cases.receive_application(fact, SqlDeliveries(work.connection), StoredPapers(self.objects))

    @hears(DecisionMade)
    def on_decision_made(self, fact: DecisionMade, work: Work) -> None:
        """The notice has its number and date."""
        use_cases.receive_decision(fact, SqlDeliveries(work.connection))

    @hears(DocumentSigned)
    def on_document_signed(self, fact: DocumentSigned, work: Work) -> None:
        """The notice may be delivered."""
        papers, rules = StoredPapers(self.objects), delivery_rules(self.settings.town_dir)
        use_cases.deliver_notice(fact, SqlDeliveries(work.connection), papers, rules, work.say, now())

    @hears(DocumentExtended)
    def on_document_extended(self, fact: DocumentExtended, work: Work) -> None:
        """A newer edition of a notice that lies here."""
        use_cases.replace_edition(fact, SqlDeliveries(work.connection))

    @hears(NoticeDelivered)
    def on_notice_delivered(self, fact: NoticeDelivered, work: Work) -> None:
        """Delivery's own: the mail goes out only after the inbox shows the notice."""
        use_cases.alert_recipient(fact, SqlDeliveries(work.connection), self.mailer, now())

    @hears(CorrectionRequested)
    def on_correction_requested(self, fact: CorrectionRequested, work: Work) -> None:
        """A mail says that the office asks something."""
        use_cases.alert_applicant(fact, SqlDeliveries(work.connection), self.mailer)

    @hears(ApplicationCorrected)
    def on_application_corrected(self, fact: ApplicationCorrected, work: Work) -> None:
        """The form is another one."""
        use_cases.receive_correction(fact, SqlDeliveries(work.connection), StoredPapers(self.objects))
