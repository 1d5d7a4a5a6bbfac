"""What signing does with contracts, one function per act: offer, consent, witness, seal last, tell."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, Protocol
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo

from services.messages import (
    ConsentCodeRequested,
    ConsentGiven,
    ContractApproved,
    ContractConcluded,
    ContractConsented,
    ContractDeclined,
    ContractExpired,
    ContractOffered,
    DocumentRef,
    SealPermitted,
)
from services.signing.domain import Document, require_same
from services.signing.domain.contracts import (
    Answer,
    Code,
    Contract,
    NotTheConsentedDocumentError,
    OtherDocumentError,
    Shown,
    SignedIn,
    consent_event,
    require_not_too_often,
)
from services.signing.use_cases import (
    Documents,
    Files,
    Kinds,
    Papers,
    Register,
    Say,
    SealedCopy,
    SealedFile,
    Sources,
    keep_first,
)

TOKYO = ZoneInfo("Asia/Tokyo")
OUTCOME, CERTIFICATE = "contract", "contract-certificate"


class MailRefusedError(Exception):
    """The mail server refuses this address for good: parked, for whoever knows the contractor."""

    permanent: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True)
class ContractTexts:
    """What a contract is made from: canonical JSON and where it is stored; and the PDF that is offered."""

    sources: Sources
    offered: DocumentRef

    @property
    def party(self) -> dict[str, Any]:
        """The contractor, of the contract data."""
        found: dict[str, Any] = json.loads(self.sources.notice_text)["contractor"]
        return found


@dataclass(frozen=True, kw_only=True)
class Consent:
    """The evidence of a consent.  ``event``: canonical JSON; ``reply``: RFC 3161 TimeStampResp over it, once there."""

    event: bytes
    reply: bytes = b""


@dataclass(frozen=True, kw_only=True)
class Concluded:
    """Contract and certificate, sealed."""

    contract: SealedFile
    certificate: SealedFile


class Stamped(Protocol):
    """A verified timestamp."""

    @property
    def reply(self) -> bytes: ...

    @property
    def at(self) -> datetime: ...


class Contracts(Protocol):
    """What signing remembers of contracts.  Rows are loaded for update."""

    def has(self, document_id: UUID) -> bool: ...

    def add(self, contract: Contract, texts: ContractTexts) -> None: ...

    def load(self, document_id: UUID) -> Contract:
        """Raises NotYet."""
        ...

    def texts(self, document_id: UUID) -> ContractTexts: ...

    def save(self, contract: Contract) -> None: ...

    def overdue(self, today: date) -> Sequence[UUID]: ...

    def codes(self, document_id: UUID) -> Sequence[Code]:
        """The newest first."""
        ...

    def add_code(self, code: Code) -> None: ...

    def save_code(self, code: Code) -> None: ...

    def keep_consent(self, document_id: UUID, consent: Consent) -> None: ...

    def consent(self, document_id: UUID) -> Consent: ...

    def save_concluded(self, contract: Contract, copy: SealedCopy, certificate: SealedCopy) -> None: ...


class CodeKeys(Protocol):
    """Makes codes and their keyed hashes."""

    def mint(self) -> str: ...

    def digest(self, code_id: UUID, code: str) -> str: ...

    def same(self, one: str, other: str) -> bool:
        """In constant time."""
        ...


class ContractMailer(Protocol):
    """The three mails to a contractor.  Each raises Waiting when the server is down, MailRefusedError for good."""

    def offered(self, address: str, document_id: UUID) -> None: ...

    def code(self, address: str, code: str) -> None: ...

    def concluded(self, address: str, document_id: UUID) -> None: ...


Layout = Callable[[ContractApproved, Sources], bytes]
Stamp = Callable[[bytes], Stamped]
Conclude = Callable[[Document, Contract, ContractTexts, Consent, bytes], Concluded]
Canonical = Callable[[Any], bytes]


def offer_contract(
    fact: ContractApproved,
    documents: Documents,
    contracts: Contracts,
    papers: Papers,
    layout: Layout,
    retention: Callable[[str], str],
    say: Say,
    now: datetime,
) -> None:
    """Lay the decided contract before the contractor, as the very PDF that is sealed at the end."""
    if contracts.has(fact.document_id):
        return
    require_same(documents.draft(fact.case_id, fact.version), fact.document_id, fact.contract.sha256)
    sources = Sources(
        notice=fact.contract,
        chain=fact.chain,
        notice_text=papers.read(fact.contract),
        chain_text=papers.read(fact.chain),
    )
    copy = papers.store_sealed(fact.document_id, layout(fact, sources), retention(fact.document_type))
    texts = ContractTexts(sources=sources, offered=copy.ref)
    contracts.add(_contract(fact, texts, now), texts)
    say(
        ContractOffered(
            case_id=fact.case_id,
            document_id=fact.document_id,
            contract_number=fact.contract_number,
            document=copy.ref,
            answer_by=fact.answer_by,
            offered_at=now,
        )
    )


def tell_offered(fact: ContractOffered, contracts: Contracts, mailer: ContractMailer) -> None:
    """A mail that something waits.  An address that is refused is the town's to repair: the page says what waits."""
    mailer.offered(contracts.texts(fact.document_id).party["mail"], fact.document_id)


def tell_concluded(fact: ContractConcluded, contracts: Contracts, mailer: ContractMailer) -> None:
    """A mail that the files can be fetched."""
    mailer.concluded(contracts.texts(fact.document_id).party["mail"], fact.document_id)


def request_code(
    document_id: UUID, subject: str, code_id: UUID, contracts: Contracts, say: Say, today: date, now: datetime
) -> None:
    """The contractor asks for a one-time code.

    Raises NotThePartyError, OfferClosedError, OfferExpiredError, TooSoonError, TooManyCodesError.
    """
    contract = contracts.load(document_id)
    contract.require_party(subject)
    contract.require_open(today)
    require_not_too_often(contracts.codes(document_id), now)
    contracts.add_code(Code(code_id=code_id, document_id=document_id, requested_at=now))
    say(
        ConsentCodeRequested(
            case_id=contract.case_id, document_id=document_id, code_id=code_id, requested_at=now
        )
    )


def send_code(
    fact: ConsentCodeRequested, contracts: Contracts, keys: CodeKeys, mailer: ContractMailer, now: datetime
) -> None:
    """Make the code and mail it.  One that nobody waits for any more is not sent: it would only confuse.

    The contract is locked only after the mail server has answered: a contractor who acts does not wait for it.  Nobody
    else sends this code meanwhile, for no other message asks for it.
    """
    address, code = contracts.texts(fact.document_id).party["mail"], _asked(fact, contracts)
    if code.sent_at is not None or code.refused or code.lapsed(now):
        return
    secret = keys.mint()
    is_refused = _refuses(mailer, address, secret)
    contracts.load(fact.document_id)
    code = _asked(fact, contracts)
    if is_refused:
        code.refused = True
    else:
        code.send(keys.digest(code.code_id, secret), now)
    contracts.save_code(code)


def give_consent(
    document_id: UUID,
    person: SignedIn,
    shown: Shown,
    typed: str,
    contracts: Contracts,
    keys: CodeKeys,
    canonical: Canonical,
    say: Say,
    now: datetime,
) -> tuple[Answer, int]:
    """The contractor enters the code: what it is, and how many tries are left.  A wrong one counts, so commit.

    Raises NotThePartyError, OfferClosedError, OfferExpiredError, OtherDocumentError.
    """
    contract, today = contracts.load(document_id), now.astimezone(TOKYO).date()
    contract.require_party(person.subject)
    contract.require_open(today)
    if shown.sha256 != contract.offered_sha256:
        raise OtherDocumentError
    code = next(iter(contracts.codes(document_id)), None)
    if code is None:
        return "unsent", 0
    is_same = keys.same(code.digest, keys.digest(code.code_id, typed))
    answer = code.check(code.digest, is_same, now)
    contracts.save_code(code)
    if answer == "right":
        contract.give(shown.sha256, today, now)
        party = contracts.texts(document_id).party
        event = canonical(consent_event(contract, party, person, code, shown, now))
        contracts.keep_consent(document_id, Consent(event=event))
        contracts.save(contract)
        say(ConsentGiven(case_id=contract.case_id, document_id=document_id, given_at=now))
    return answer, code.tries_left


def witness_consent(
    fact: ConsentGiven,
    documents: Documents,
    contracts: Contracts,
    stamp: Stamp,
    keeper_post: Callable[[str], str],
    say: Say,
) -> None:
    """Give the consent a timestamp of its own, and lay the contract before the keeper of the town's seal."""
    contract = contracts.load(fact.document_id)
    if contract.state != "given":
        return
    consent = contracts.consent(fact.document_id)
    stamped = stamp(consent.event)
    contracts.keep_consent(fact.document_id, Consent(event=consent.event, reply=stamped.reply))
    contract.witness(stamped.at)
    contracts.save(contract)
    document = _document(contract, keeper_post(contract.document_type), stamped.at)
    documents.add(document, contracts.texts(fact.document_id).sources)
    say(
        ContractConsented(
            case_id=contract.case_id,
            document_id=contract.document_id,
            document_sha256=contract.offered_sha256,
            consented_at=stamped.at,
        )
    )


def decline_contract(
    document_id: UUID, subject: str, reason: str, contracts: Contracts, say: Say, today: date, now: datetime
) -> None:
    """The contractor does not consent.  Raises NotThePartyError, OfferClosedError, OfferExpiredError."""
    contract = contracts.load(document_id)
    contract.require_party(subject)
    contract.decline(reason, today, now)
    contracts.save(contract)
    say(
        ContractDeclined(
            case_id=contract.case_id, document_id=document_id, reason=contract.reason, declined_at=now
        )
    )


def expire_contracts(contracts: Contracts, say: Say, today: date, now: datetime) -> int:
    """End the offers whose last day has passed; how many."""
    expired = 0
    for document_id in contracts.overdue(today):
        contract = contracts.load(document_id)
        if contract.expire(today, now):
            contracts.save(contract)
            say(ContractExpired(case_id=contract.case_id, document_id=document_id, expired_at=now))
            expired += 1
    return expired


def conclude_contract(
    fact: SealPermitted,
    documents: Documents,
    contracts: Contracts,
    papers: Papers,
    conclude: Conclude,
    files: Files,
    kinds: Kinds,
    register: Register,
    say: Say,
) -> None:
    """The town seals last: the very bytes that were consented to, and then the certificate of both wills."""
    document = documents.load(fact.document_id)
    if document.state == "signed":
        return
    contract, texts = contracts.load(fact.document_id), contracts.texts(fact.document_id)
    offered = papers.read(texts.offered)
    sealed = conclude(document, contract, texts, contracts.consent(fact.document_id), offered)
    if not sealed.contract.pdf.startswith(offered):
        raise NotTheConsentedDocumentError
    kept_for = kinds.retention(document.document_type)
    copy = papers.store_sealed(document.document_id, sealed.contract.pdf, kept_for)
    certificate = papers.store_sealed(contract.certificate_id, sealed.certificate.pdf, kept_for)
    document.sign(sealed.contract.level, sealed.contract.signed_at)
    documents.save_sealed(document, copy)
    contract.conclude(sealed.contract.signed_at)
    contracts.save_concluded(contract, copy, certificate)
    keep_first(document, document.document_id, document.document_type, copy, files, kinds)
    keep_first(document, contract.certificate_id, CERTIFICATE, certificate, files, kinds)
    register("contract and certificate signed", document, "signing")
    say(_concluded(document, contract, copy, certificate))


def _asked(fact: ConsentCodeRequested, contracts: Contracts) -> Code:
    return next(one for one in contracts.codes(fact.document_id) if one.code_id == fact.code_id)


def _refuses(mailer: ContractMailer, address: str, secret: str) -> bool:
    try:
        mailer.code(address, secret)
    except MailRefusedError:
        return True
    return False


def _contract(fact: ContractApproved, texts: ContractTexts, now: datetime) -> Contract:
    party = texts.party
    return Contract(
        document_id=fact.document_id,
        case_id=fact.case_id,
        draft_version=fact.version,
        document_type=fact.document_type,
        contract_number=fact.contract_number,
        party=party["id"],
        subject=party["subject"],
        decider=fact.decider,
        authority=fact.authority,
        decided_at=fact.decided_at,
        answer_by=fact.answer_by,
        offered_sha256=texts.offered.sha256,
        offered_size=texts.offered.size,
        offered_at=now,
        certificate_id=uuid5(NAMESPACE_URL, f"todoke:certificate:{fact.document_id}"),
    )


def _document(contract: Contract, keeper_post: str, consented_at: datetime) -> Document:
    return Document(
        document_id=contract.document_id,
        case_id=contract.case_id,
        draft_version=contract.draft_version,
        document_type=contract.document_type,
        document_number=contract.contract_number,
        issued_on=consented_at.astimezone(TOKYO).date(),
        outcome=OUTCOME,
        decider=contract.decider,
        authority=contract.authority,
        decided_at=contract.decided_at,
        keeper_post=keeper_post,
    )


def _concluded(
    document: Document, contract: Contract, copy: SealedCopy, certificate: SealedCopy
) -> ContractConcluded:
    return ContractConcluded(
        case_id=document.case_id,
        document_id=document.document_id,
        document_type=document.document_type,
        contract_number=contract.contract_number,
        document=copy.ref,
        versions=copy.versions,
        certificate_id=contract.certificate_id,
        certificate=certificate.ref,
        certificate_versions=certificate.versions,
        level=document.level,
        concluded_at=contract.closed_at or document.decided_at,
    )
