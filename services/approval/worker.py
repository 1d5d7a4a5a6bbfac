"""Approval's worker: what it hears, and which act each fact asks for."""

from services.approval import use_cases
from services.approval.papers import StoredPapers
from services.approval.store import SqlCases, SqlDelays, SqlHandovers
from services.approval.town import read_town
from services.approval.use_cases import contracts
from services.chassis.database import Work
from services.chassis.inbox import Worker, hears
from services.messages import (
    ApplicationCorrected,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    ContractConcluded,
    ContractConsented,
    ContractDeclined,
    ContractExpired,
    ContractOffered,
    DeliveryChosen,
    DeliveryFailed,
    DocumentSigned,
    DraftChecked,
    HandlingDelayed,
    HandlingParked,
    HandlingResumed,
    NoticeDelivered,
    NoticeOpened,
    PaperPosted,
    SealPermitted,
    SealRefused,
)

OTHERS = ("intake", "signing", "delivery", "archive")  # of its own waiting work the desk asks its own tables


class ApprovalWorker(Worker):
    """Parse -> use case, nothing else."""

    name = "approval"

    @hears(ApplicationSubmitted)
    def on_application_submitted(self, fact: ApplicationSubmitted, work: Work) -> None:
        """A case for the section in charge."""
        papers = StoredPapers(self.objects, work)
        use_cases.open_case(fact, SqlCases(work.connection), papers, read_town(self.settings.town_dir))

    @hears(ApplicationWithdrawn)
    def on_application_withdrawn(self, fact: ApplicationWithdrawn, work: Work) -> None:
        """Nothing is left to decide."""
        use_cases.receive_withdrawal(fact, SqlCases(work.connection))

    @hears(ApplicationCorrected)
    def on_application_corrected(self, fact: ApplicationCorrected, work: Work) -> None:
        """The applicant has answered a request for correction."""
        use_cases.receive_correction(fact, SqlCases(work.connection), StoredPapers(self.objects, work))

    @hears(DraftChecked)
    def on_draft_checked(self, fact: DraftChecked, work: Work) -> None:
        """The notice compiler's findings and the preview."""
        use_cases.receive_check(fact, SqlCases(work.connection))

    @hears(SealPermitted)
    def on_seal_permitted(self, fact: SealPermitted, work: Work) -> None:
        """The notice may be sealed."""
        use_cases.receive_permit(fact, SqlCases(work.connection))

    @hears(SealRefused)
    def on_seal_refused(self, fact: SealRefused, work: Work) -> None:
        """Back to the drafter."""
        use_cases.receive_seal_refusal(fact, SqlCases(work.connection))

    @hears(DocumentSigned)
    def on_document_signed(self, fact: DocumentSigned, work: Work) -> None:
        """The notice is signed."""
        use_cases.receive_signed(fact, SqlCases(work.connection))

    @hears(NoticeDelivered)
    def on_notice_delivered(self, fact: NoticeDelivered, work: Work) -> None:
        """The notice lies in the inbox."""
        use_cases.receive_delivery(fact, SqlCases(work.connection))

    @hears(NoticeOpened)
    def on_notice_opened(self, fact: NoticeOpened, work: Work) -> None:
        """The resident has opened it."""
        use_cases.receive_opening(fact, SqlCases(work.connection))

    @hears(DeliveryChosen)
    def on_delivery_chosen(self, fact: DeliveryChosen, work: Work) -> None:
        """The result is received in another way."""
        use_cases.receive_choice(fact, SqlCases(work.connection))

    @hears(DeliveryFailed)
    def on_delivery_failed(self, fact: DeliveryFailed, work: Work) -> None:
        """The notice goes on paper."""
        use_cases.receive_delivery_failure(fact, SqlCases(work.connection))

    @hears(PaperPosted)
    def on_paper_posted(self, fact: PaperPosted, work: Work) -> None:
        """The office has posted it."""
        use_cases.receive_posting(fact, SqlCases(work.connection))

    @hears(ContractOffered)
    def on_contract_offered(self, fact: ContractOffered, work: Work) -> None:
        """The contract lies before the contractor."""
        contracts.receive_offer(fact, SqlCases(work.connection))

    @hears(ContractConsented)
    def on_contract_consented(self, fact: ContractConsented, work: Work) -> None:
        """The contractor has consented."""
        contracts.receive_consent(fact, SqlCases(work.connection))

    @hears(ContractDeclined)
    def on_contract_declined(self, fact: ContractDeclined, work: Work) -> None:
        """The contractor does not consent."""
        contracts.receive_decline(fact, SqlCases(work.connection))

    @hears(ContractExpired)
    def on_contract_expired(self, fact: ContractExpired, work: Work) -> None:
        """Nobody has answered in time."""
        contracts.receive_expiry(fact, SqlCases(work.connection))

    @hears(ContractConcluded)
    def on_contract_concluded(self, fact: ContractConcluded, work: Work) -> None:
        """The contract is concluded."""
        contracts.receive_conclusion(fact, SqlCases(work.connection))

    @hears(HandlingParked, "intake", "approval", "signing", "delivery", "archive")
    def on_handling_parked(self, fact: HandlingParked, work: Work) -> None:
        """Work of some service waits for a person."""
        use_cases.receive_handover(fact, SqlHandovers(work.connection))

    @hears(HandlingDelayed, *OTHERS)
    def on_handling_delayed(self, fact: HandlingDelayed, work: Work) -> None:
        """Work of another service waits for an outside server."""
        use_cases.receive_delay(fact, SqlDelays(work.connection))

    @hears(HandlingResumed, *OTHERS)
    def on_handling_resumed(self, fact: HandlingResumed, work: Work) -> None:
        """It goes on."""
        use_cases.receive_resumption(fact, SqlDelays(work.connection))
