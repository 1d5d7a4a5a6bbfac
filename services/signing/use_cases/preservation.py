"""Signed documents stay provable: each is extended when its time has come, or refused when it is no longer itself."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from services.messages import DocumentExtended, DocumentRef
from services.signing.domain import Keeper
from services.signing.domain.editions import ARCHIVED, Edition, NotRefusedError, Preservation
from services.signing.use_cases import Say, SealedCopy


@dataclass(frozen=True, kw_only=True)
class Extension:
    """A file with a newer timestamp, which begins with the file before it, on both sites."""

    copy: SealedCopy
    level: str
    digest: str
    proven_until: datetime


@dataclass(frozen=True)
class Postponed:
    """Something outside is away, or newer lists are not out yet."""


@dataclass(frozen=True)
class Refused:
    """The file is not whole, or no longer valid.  ``reason``: the error's name."""

    reason: str


class Editions(Protocol):
    """What signing remembers of its files.  Rows are loaded for update."""

    def newest(self, document_id: UUID) -> tuple[Edition, DocumentRef] | None:
        """Nothing while another has it."""
        ...

    def save(self, edition: Edition) -> None: ...

    def follow(self, edition: Edition, following: Edition, copy: SealedCopy) -> None: ...


class RefusedEditions(Protocol):
    """What a person can let go on."""

    def refused(self, document_id: UUID) -> Edition | None:
        """Loaded for update."""
        ...

    def save(self, edition: Edition) -> None: ...


class Extend(Protocol):
    """Reads a file, validates it fully, stamps it with a hash algorithm, and stores it."""

    def __call__(self, edition: Edition, ref: DocumentRef, digest: str) -> Extension | Postponed | Refused: ...


class Note(Protocol):
    """Notes in the ledger what happened to a file: ids, hashes, states, and the reason a keeper gives."""

    def __call__(self, act: str, edition: Edition) -> None: ...


class NoteOfPerson(Protocol):
    """The same with who did it, and why."""

    def __call__(self, act: str, edition: Edition, actor: str, because: str) -> None: ...


def extend_document(
    document_id: UUID,
    editions: Editions,
    extend: Extend,
    rules: Preservation,
    note: Note,
    say: Say,
    now: datetime,
    day: date,
) -> None:
    """Give a document its next timestamp, if it is due.  Raises NoAlgorithmError."""
    found = editions.newest(document_id)
    if found is None or not found[0].is_due(rules, now, day):
        return
    edition, ref = found
    outcome = extend(edition, ref, rules.digest(day))
    if isinstance(outcome, Extension):
        _follow(edition, outcome, editions, rules, note, say, now)
        return
    if isinstance(outcome, Refused):
        edition.refuse(outcome.reason)
        note("preservation refused", edition)
    else:
        edition.postpone(now)
    editions.save(edition)


def release_document(
    document_id: UUID,
    keeper: Keeper,
    keeper_post: str,
    reason: str,
    editions: RefusedEditions,
    note: NoteOfPerson,
    now: datetime,
) -> None:
    """Let a document that was refused be tried again.

    Raises NotTheKeeperError, ReasonMissingError, NotRefusedError.
    """
    edition = editions.refused(document_id)
    if edition is None:
        raise NotRefusedError
    edition.release(keeper, keeper_post, reason, now)
    editions.save(edition)
    note("preservation released", edition, keeper.subject, reason.strip())


def _follow(
    edition: Edition, done: Extension, editions: Editions, rules: Preservation, note: Note, say: Say, now: datetime
) -> None:
    act = "archive timestamp renewed" if edition.level == ARCHIVED else "archive timestamp"
    following = edition.follow(
        rules,
        level=done.level,
        digest=done.digest,
        sha256=done.copy.ref.sha256,
        proven_until=done.proven_until,
        now=now,
    )
    editions.follow(edition, following, done.copy)
    note(act, following)
    say(
        DocumentExtended(
            case_id=edition.case_id,
            document_id=edition.document_id,
            document=done.copy.ref,
            versions=done.copy.versions,
            edition=following.number,
            level=done.level,
            proven_until=done.proven_until,
            extended_at=now,
        )
    )
