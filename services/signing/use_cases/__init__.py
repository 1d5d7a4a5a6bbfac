"""What signing does, one function per act."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from secrets import token_urlsafe
from typing import Protocol
from uuid import UUID

from services.messages import (
    DecisionDrafted,
    DecisionMade,
    DocumentRef,
    DocumentSigned,
    DraftChecked,
    Fact,
    Finding,
    PaperPosted,
    SealPermitted,
    SealRefused,
    StoredVersions,
)
from services.signing.domain import Document, Draft, Keeper, Permitted, require_same
from services.signing.domain.editions import Edition

Say = Callable[[Fact], object]
FIRST_DIGEST = "sha256"
PUBLIC_ID_BYTES = 16


class CheckedNotice(Protocol):
    """What the press gives back for a draft."""

    @property
    def findings(self) -> tuple[Finding, ...]: ...

    @property
    def preview(self) -> bytes | None: ...


class SealedFile(Protocol):
    """A sealed PDF that our own verifier calls valid."""

    @property
    def pdf(self) -> bytes: ...

    @property
    def signed_at(self) -> datetime: ...

    @property
    def level(self) -> str: ...


@dataclass(frozen=True, kw_only=True)
class Sources:
    """The texts a document is made from: canonical JSON, and where they are stored."""

    notice: DocumentRef
    chain: DocumentRef
    notice_text: bytes
    chain_text: bytes


@dataclass(frozen=True, kw_only=True)
class SealedCopy:
    """The sealed PDF on both sites."""

    ref: DocumentRef
    versions: StoredVersions


class Documents(Protocol):
    """What signing remembers.  Rows are loaded for update."""

    def has_draft(self, case_id: UUID, version: int) -> bool: ...

    def add_draft(self, draft: Draft, findings: tuple[Finding, ...], preview: DocumentRef | None) -> None: ...

    def draft(self, case_id: UUID, version: int) -> Draft:
        """Raises NotYet when the draft has not been checked."""
        ...

    def has(self, document_id: UUID) -> bool: ...

    def add(self, document: Document, sources: Sources) -> None: ...

    def load(self, document_id: UUID) -> Document:
        """Raises NotYet when the decision has not been heard."""
        ...

    def sources(self, document_id: UUID) -> Sources: ...

    def save(self, document: Document) -> None: ...

    def save_sealed(self, document: Document, copy: SealedCopy) -> None: ...


class Papers(Protocol):
    """The two-site store.  Each raises Waiting when it is down."""

    def read(self, ref: DocumentRef) -> bytes: ...

    def keep_preview(self, case_id: UUID, pdf: bytes) -> DocumentRef:
        """Stored before any fact of this work goes out."""
        ...

    def store_sealed(self, document_id: UUID, pdf: bytes, retention: str) -> SealedCopy:
        """On both sites, read back from both and compared."""
        ...


class Kinds(Protocol):
    """The town's rules for each type of document."""

    def retention(self, document_type: str) -> str: ...

    def first_due(self, document_type: str, signed_at: datetime) -> datetime | None:
        """When it gets its archive timestamp; None for a type whose level is lower."""
        ...


class Files(Protocol):
    """The editions of each signed file, the first one first."""

    def add(self, edition: Edition, copy: SealedCopy) -> None: ...


class Check(Protocol):
    """The notice compiler and the preview."""

    def __call__(self, notice: bytes, document_type: str) -> CheckedNotice: ...


class SealOnce(Protocol):
    """Seals a document, or gives the file that was sealed before a crash: nothing is ever sealed twice."""

    def __call__(self, document: Document, sources: Sources) -> SealedFile: ...


class Register(Protocol):
    """Notes each use of the seal in the ledger (公印使用簿): ids, posts and states only."""

    def __call__(self, act: str, document: Document, actor: str) -> None: ...


# Who has given the standing permit that covers a document of this type, under the seal of this keeper, today.
Covering = Callable[[str, str], str | None]


def check_draft(
    fact: DecisionDrafted, documents: Documents, papers: Papers, check: Check, say: Say, now: datetime
) -> None:
    """Read a draft as the final notice will be read, and show it."""
    if documents.has_draft(fact.case_id, fact.version):
        return
    checked = check(papers.read(fact.notice), fact.document_type)
    preview = papers.keep_preview(fact.case_id, checked.preview) if checked.preview else None
    draft = Draft(
        case_id=fact.case_id,
        version=fact.version,
        document_type=fact.document_type,
        sha256=fact.notice.sha256,
        checked_at=now,
    )
    documents.add_draft(draft, checked.findings, preview)
    say(
        DraftChecked(
            case_id=fact.case_id,
            version=fact.version,
            content_sha256=fact.notice.sha256,
            findings=checked.findings,
            checked_at=now,
            preview=preview,
        )
    )


def receive_decision(
    fact: DecisionMade,
    documents: Documents,
    papers: Papers,
    keeper_post: str,
    covering: Covering,
    register: Register,
    say: Say,
    now: datetime,
) -> None:
    """A decided document waits for the seal keeper, unless a standing permit covers it.  Raises ContentDiffersError."""
    if documents.has(fact.document_id):
        return
    require_same(documents.draft(fact.case_id, fact.version), fact.document_id, fact.notice.sha256)
    sources = Sources(
        notice=fact.notice,
        chain=fact.chain,
        notice_text=papers.read(fact.notice),
        chain_text=papers.read(fact.chain),
    )
    document = _document(fact, keeper_post)
    documents.add(document, sources)
    if granted_by := covering(fact.document_type, keeper_post):
        permitted = document.permit_by_standing(granted_by, now)
        documents.save(document)
        register("seal permitted by standing permit", document, granted_by)
        say(_permitted(document, permitted))


def permit_seal(
    document_id: UUID, keeper: Keeper, documents: Documents, register: Register, say: Say, now: datetime
) -> None:
    """The keeper permits.  Raises NotTheKeeperError, AlreadyActedError."""
    document = documents.load(document_id)
    permitted = document.permit(keeper, now)
    documents.save(document)
    register("seal permitted", document, keeper.subject)
    say(_permitted(document, permitted))


def refuse_seal(
    document_id: UUID,
    keeper: Keeper,
    reason: str,
    documents: Documents,
    register: Register,
    say: Say,
    now: datetime,
) -> None:
    """The keeper does not permit.  Raises NotTheKeeperError, AlreadyActedError, ReasonMissingError."""
    document = documents.load(document_id)
    refused = document.refuse(keeper, reason, now)
    documents.save(document)
    register("seal refused", document, keeper.subject)
    say(
        SealRefused(
            case_id=document.case_id,
            document_id=document_id,
            refused_by=refused.by,
            reason=refused.reason,
            refused_at=refused.at,
        )
    )


def sign_document(
    fact: SealPermitted,
    documents: Documents,
    papers: Papers,
    seal_once: SealOnce,
    files: Files,
    kinds: Kinds,
    register: Register,
    say: Say,
) -> None:
    """Seal, store on both sites, read back: only then is it signed.  Any outage on the way is a Waiting."""
    document = documents.load(fact.document_id)
    if document.state == "signed":
        return
    sources = documents.sources(fact.document_id)
    sealed = seal_once(document, sources)
    copy = papers.store_sealed(document.document_id, sealed.pdf, kinds.retention(document.document_type))
    document.sign(sealed.level, sealed.signed_at)
    documents.save_sealed(document, copy)
    keep_first(document, document.document_id, document.document_type, copy, files, kinds)
    register("document signed", document, "signing")
    say(_signed(document, sources, copy, sealed.signed_at))


def keep_first(
    document: Document, document_id: UUID, document_type: str, copy: SealedCopy, files: Files, kinds: Kinds
) -> None:
    """A file as it was signed is its first edition.  ``document``: signed; the file may be its certificate."""
    signed_at = document.signed_at or document.decided_at
    edition = Edition(
        document_id=document_id,
        number=1,
        case_id=document.case_id,
        document_type=document_type,
        document_number=document.document_number,
        level=document.level,
        digest=FIRST_DIGEST,
        sha256=copy.ref.sha256,
        made_at=signed_at,
        due_at=kinds.first_due(document_type, signed_at),
    )
    files.add(edition, copy)


def close_original(fact: PaperPosted, documents: Documents) -> None:
    """The notice was posted on paper: whoever verifies the file is told that it is a copy."""
    document = documents.load(fact.document_id)
    document.close(fact.posted_at)
    documents.save(document)


def _permitted(document: Document, permitted: Permitted) -> SealPermitted:
    return SealPermitted(
        case_id=document.case_id,
        document_id=document.document_id,
        permitted_by=permitted.by,
        permitted_at=permitted.at,
    )


def _document(fact: DecisionMade, keeper_post: str) -> Document:
    return Document(
        document_id=fact.document_id,
        case_id=fact.case_id,
        draft_version=fact.version,
        document_type=fact.document_type,
        document_number=fact.document_number,
        issued_on=fact.issued_on,
        outcome=fact.outcome,
        decider=fact.decider,
        authority=fact.authority,
        decided_at=fact.decided_at,
        keeper_post=keeper_post,
        public_id=token_urlsafe(PUBLIC_ID_BYTES),
    )


def _signed(document: Document, sources: Sources, copy: SealedCopy, signed_at: datetime) -> DocumentSigned:
    return DocumentSigned(
        case_id=document.case_id,
        document_id=document.document_id,
        document_type=document.document_type,
        document_number=document.document_number,
        outcome=document.outcome,
        document=copy.ref,
        notice=sources.notice,
        versions=copy.versions,
        level=document.level,
        signed_at=signed_at,
    )
