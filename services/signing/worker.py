"""Signing's worker: what it hears, and which act each fact asks for."""

from services.chassis.clock import now
from services.chassis.database import Work
from services.chassis.inbox import Tool, Worker, hears
from services.messages import (
    ConsentCodeRequested,
    ConsentGiven,
    ContractApproved,
    ContractConcluded,
    ContractOffered,
    DecisionDrafted,
    DecisionMade,
    PaperPosted,
    SealPermitted,
)
from services.signing import use_cases
from services.signing.codes import CodeMaker
from services.signing.expiring import Expirer
from services.signing.mailer import SmtpContractMailer
from services.signing.papers import StoredPapers
from services.signing.preserving import Preserver
from services.signing.press import Press
from services.signing.sealing import ContractLayout, KeptConclusion, KeptSealing
from services.signing.store import LedgerRegister, SqlDocuments
from services.signing.store.contracts import SqlContracts
from services.signing.store.editions import SqlEditions
from services.signing.store.standing import Covering, SqlStandingPermits
from services.signing.town import read_town
from services.signing.use_cases import contracts as agreements


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


class MailRoom(Tool):
    """The worker's mailer: one for all handlers, so that they share what it knows of an absent mail server."""

    mailer: SmtpContractMailer

    def setup(self) -> None:
        """Nothing is connected to yet."""
        self.mailer = SmtpContractMailer.of(self.container.config["settings"])

    def of(self) -> SmtpContractMailer:
        """Every handler uses the same mailer."""
        return self.mailer


class Calendar(Tool):
    """The worker's calendar: ends the offers whose last day has passed."""

    def start(self) -> None:
        """Look now, and then every minute."""
        self._expirer = Expirer(self.container.config["settings"])
        self._thread = self.container.spawn_managed_thread(self._expirer.run)

    def stop(self) -> None:
        """After the look in hand."""
        self._expirer.stop()
        self._thread.wait()


class Archivist(Tool):
    """Gives signed documents their archive timestamps, with the worker's own press."""

    def start(self) -> None:
        """Look now, and then every minute."""
        (room,) = (tool for tool in self.container.dependencies if isinstance(tool, PressRoom))
        self._preserver = Preserver(self.container.config["settings"], room.press)
        self._thread = self.container.spawn_managed_thread(self._preserver.run)

    def stop(self) -> None:
        """After the document in hand."""
        self._preserver.stop()
        self._thread.wait()


class SigningWorker(Worker):
    """Parse -> use case, nothing else."""

    name = "signing"
    press = PressRoom()
    mailer = MailRoom()
    expirer = Calendar()
    archivist = Archivist()

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
        covering, register = Covering(SqlStandingPermits(work.connection)), LedgerRegister(work)
        use_cases.receive_decision(fact, documents, papers, keeper_post, covering, register, work.say, now())

    @hears(SealPermitted)
    def on_seal_permitted(self, fact: SealPermitted, work: Work) -> None:
        """Signing's own: seal, store on both sites, read back; a contract with its certificate."""
        documents, papers = SqlDocuments(work.connection), StoredPapers(self.objects, work)
        contracts = SqlContracts(work.connection)
        files, kinds, register = SqlEditions(work.connection), read_town(self.settings.town_dir), LedgerRegister(work)
        if contracts.has(fact.document_id):
            conclude = KeptConclusion(self.house.engine, self.press)
            agreements.conclude_contract(
                fact, documents, contracts, papers, conclude, files, kinds, register, work.say
            )
        else:
            seal_once = KeptSealing(self.house.engine, self.press)
            use_cases.sign_document(fact, documents, papers, seal_once, files, kinds, register, work.say)

    @hears(ContractApproved)
    def on_contract_approved(self, fact: ContractApproved, work: Work) -> None:
        """The contract is laid before the contractor."""
        documents, papers = SqlDocuments(work.connection), StoredPapers(self.objects, work)
        contracts, retention = SqlContracts(work.connection), read_town(self.settings.town_dir).retention
        agreements.offer_contract(
            fact, documents, contracts, papers, ContractLayout(self.press), retention, work.say, now()
        )

    @hears(ContractOffered)
    def on_contract_offered(self, fact: ContractOffered, work: Work) -> None:
        """Signing's own: the contractor is told only when the page shows it."""
        agreements.tell_offered(fact, SqlContracts(work.connection), self.mailer)

    @hears(ConsentCodeRequested)
    def on_consent_code_requested(self, fact: ConsentCodeRequested, work: Work) -> None:
        """Signing's own: the code is made here, and leaves by mail only."""
        contracts, keys = SqlContracts(work.connection), CodeMaker(self.settings.secret_key)
        agreements.send_code(fact, contracts, keys, self.mailer, now())

    @hears(ConsentGiven)
    def on_consent_given(self, fact: ConsentGiven, work: Work) -> None:
        """Signing's own: the consent gets its timestamp, however long the authority is away."""
        documents, contracts = SqlDocuments(work.connection), SqlContracts(work.connection)
        keeper_post = read_town(self.settings.town_dir).keeper_post
        agreements.witness_consent(fact, documents, contracts, self.press.stamp, keeper_post, work.say)

    @hears(ContractConcluded)
    def on_contract_concluded(self, fact: ContractConcluded, work: Work) -> None:
        """Signing's own: the contractor is told that the files are there."""
        agreements.tell_concluded(fact, SqlContracts(work.connection), self.mailer)

    @hears(PaperPosted)
    def on_paper_posted(self, fact: PaperPosted, work: Work) -> None:
        """A paper is the original from now on."""
        use_cases.close_original(fact, SqlDocuments(work.connection))
