"""Signing's worker: what it hears, and which act each fact asks for."""

from services.chassis.clock import now
from services.chassis.database import Work
from services.chassis.inbox import Tool, Worker, hears
from services.messages import DecisionDrafted, DecisionMade, PaperPosted, SealPermitted
from services.signing import use_cases
from services.signing.papers import StoredPapers
from services.signing.press import Press
from services.signing.sealing import KeptSealing
from services.signing.store import LedgerRegister, SqlDocuments
from services.signing.town import read_town


class PressRoom(Tool):
    """The worker's press: started with it, warm before the first document, ended with it."""

    press: Press

    def setup(self) -> None:
        """Make the pool; its processes start with the warm-up."""
        self.press = Press(self.container.config["settings"])

    def start(self) -> None:
        """Load fonts and libraries before the first document asks for them."""
        self.press.warm_up()

    def stop(self) -> None:
        """After the last handler."""
        self.press.close()

    def of(self) -> Press:
        """Every handler uses the same press."""
        return self.press


class SigningWorker(Worker):
    """Parse -> use case, nothing else."""

    name = "signing"
    press = PressRoom()

    @hears(DecisionDrafted)
    def on_decision_drafted(self, fact: DecisionDrafted, work: Work) -> None:
        """A draft's notice is read and shown before anyone decides."""
        documents, papers = SqlDocuments(work.connection), StoredPapers(self.objects, work)
        use_cases.check_draft(fact, documents, papers, self.press.check, work.say, now())

    @hears(DecisionMade)
    def on_decision_made(self, fact: DecisionMade, work: Work) -> None:
        """The document waits for the keeper of its seal."""
        documents, papers = SqlDocuments(work.connection), StoredPapers(self.objects, work)
        keeper_post = read_town(self.settings.town_dir).keeper_post(fact.document_type)
        use_cases.receive_decision(fact, documents, papers, keeper_post)

    @hears(SealPermitted)
    def on_seal_permitted(self, fact: SealPermitted, work: Work) -> None:
        """Signing's own: seal, store on both sites, read back."""
        documents, papers = SqlDocuments(work.connection), StoredPapers(self.objects, work)
        seal_once = KeptSealing(self.house.engine, self.press)
        retention = read_town(self.settings.town_dir).retention
        use_cases.sign_document(fact, documents, papers, seal_once, retention, LedgerRegister(work), work.say)

    @hears(PaperPosted)
    def on_paper_posted(self, fact: PaperPosted, work: Work) -> None:
        """A paper is the original from now on."""
        use_cases.close_original(fact, SqlDocuments(work.connection))
