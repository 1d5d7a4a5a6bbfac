"""Delivery's worker: what it hears, and which act each fact asks for."""

from services.chassis.clock import now
from services.chassis.database import Work
from services.chassis.inbox import Worker, hears
from services.delivery import use_cases
from services.delivery.mailer import SmtpMailer
from services.delivery.papers import StoredPapers
from services.delivery.store import SqlDeliveries
from services.delivery.town import delivery_rules
from services.messages import (
    ApplicationCorrected,
    ApplicationSubmitted,
    CorrectionRequested,
    DecisionMade,
    DocumentSigned,
    NoticeDelivered,
)


class DeliveryWorker(Worker):
    """Parse -> use case, nothing else."""

    name = "delivery"

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

    @hears(NoticeDelivered)
    def on_notice_delivered(self, fact: NoticeDelivered, work: Work) -> None:
        """Delivery's own: the mail goes out only after the inbox shows the notice."""
        use_cases.alert_recipient(fact, SqlDeliveries(work.connection), self._mailer("/inbox/"), now())

    @hears(CorrectionRequested)
    def on_correction_requested(self, fact: CorrectionRequested, work: Work) -> None:
        """A mail says that the office asks something."""
        use_cases.alert_applicant(fact, SqlDeliveries(work.connection), self._mailer("/apply/cases"))

    @hears(ApplicationCorrected)
    def on_application_corrected(self, fact: ApplicationCorrected, work: Work) -> None:
        """The form is another one."""
        use_cases.receive_correction(fact, SqlDeliveries(work.connection), StoredPapers(self.objects))

    def _mailer(self, page: str) -> SmtpMailer:
        """``page``: where what the mail is about is read."""
        settings, rules = self.settings, delivery_rules(self.settings.town_dir)
        text = rules.mail if page == "/inbox/" else rules.correction_mail
        return SmtpMailer(settings.smtp_host, settings.smtp_port, settings.mail_from, text, settings.public_url + page)
