"""What archive (保存) says."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from services.messages.fact import Fact


@dataclass(frozen=True, kw_only=True)
class DocumentArchived(Fact):
    """The archive has found the document on both sites, whole, and has entered it in its records."""

    sender: ClassVar[str] = "archive"
    name: ClassVar[str] = "document_archived"

    document_id: UUID
    sha256: str
    archived_at: datetime


@dataclass(frozen=True, kw_only=True)
class ReplicaLost(Fact):
    """One site (``site``: "a" or "b") has no whole copy of the document."""

    sender: ClassVar[str] = "archive"
    name: ClassVar[str] = "replica_lost"

    document_id: UUID
    site: str
    lost_at: datetime


@dataclass(frozen=True, kw_only=True)
class ReplicaRepaired(Fact):
    """The copy at ``site`` is whole again, made from the other site."""

    sender: ClassVar[str] = "archive"
    name: ClassVar[str] = "replica_repaired"

    document_id: UUID
    site: str
    repaired_at: datetime
