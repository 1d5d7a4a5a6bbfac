"""Intake's worker: what the other services say about a case goes onto the resident's timeline."""

from services.chassis.database import Work
from services.chassis.inbox import Worker, hears
from services.intake import use_cases
from services.intake.papers import StoredRequests
from services.intake.store import SqlApplications, SqlConsents, SqlCorrections, SqlDrafts
from services.intake.use_cases import corrections
from services.messages import (
    CorrectionRequested,
    DecisionDrafted,
    DecisionMade,
    DeliveryChosen,
    DeliveryFailed,
    DocumentSigned,
    ExaminationStarted,
    NoticeDelivered,
    NoticeOpened,
    PaperPosted,
    SealPermitted,
)


class IntakeWorker(Worker):
    """Parse -> use case, nothing else."""

    name = "intake"

    @hears(ExaminationStarted)
    def on_examination_started(self, fact: ExaminationStarted, work: Work) -> None:
        """The town looks at the application."""
        use_cases.follow_case(fact, SqlApplications(work.connection))

    @hears(CorrectionRequested)
    def on_correction_requested(self, fact: CorrectionRequested, work: Work) -> None:
        """The applicant is to look at something again."""
        corrections.hear_correction(
            fact,
            SqlApplications(work.connection),
            SqlDrafts(work.connection),
            SqlCorrections(work.connection),
            StoredRequests(self.objects),
        )

    @hears(DecisionDrafted)
    def on_decision_drafted(self, fact: DecisionDrafted, work: Work) -> None:
        """The town is deciding."""
        use_cases.follow_case(fact, SqlApplications(work.connection))

    @hears(DecisionMade)
    def on_decision_made(self, fact: DecisionMade, work: Work) -> None:
        """The town has decided; the notice is being made."""
        use_cases.follow_case(fact, SqlApplications(work.connection))

    @hears(SealPermitted)
    def on_seal_permitted(self, fact: SealPermitted, work: Work) -> None:
        """The notice may be sealed."""
        use_cases.follow_case(fact, SqlApplications(work.connection))

    @hears(DocumentSigned)
    def on_document_signed(self, fact: DocumentSigned, work: Work) -> None:
        """The notice is sealed and stored."""
        use_cases.follow_case(fact, SqlApplications(work.connection))

    @hears(NoticeDelivered)
    def on_notice_delivered(self, fact: NoticeDelivered, work: Work) -> None:
        """The notice lies in the inbox."""
        use_cases.follow_case(fact, SqlApplications(work.connection))

    @hears(NoticeOpened)
    def on_notice_opened(self, fact: NoticeOpened, work: Work) -> None:
        """The resident has read it."""
        use_cases.follow_case(fact, SqlApplications(work.connection))

    @hears(DeliveryFailed)
    def on_delivery_failed(self, fact: DeliveryFailed, work: Work) -> None:
        """The notice will come by post."""
        use_cases.follow_case(fact, SqlApplications(work.connection))

    @hears(PaperPosted)
    def on_paper_posted(self, fact: PaperPosted, work: Work) -> None:
        """The notice was posted."""
        use_cases.follow_case(fact, SqlApplications(work.connection))

    @hears(DeliveryChosen)
    def on_delivery_chosen(self, fact: DeliveryChosen, work: Work) -> None:
        """The resident receives the result in another way."""
        use_cases.follow_choice(fact, SqlApplications(work.connection), SqlConsents(work.connection))
