"""What archive decides: which copy is whole, what must be repaired, and when a document is archived."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

SITES = ("a", "b")
TOKYO = ZoneInfo("Asia/Tokyo")
APRIL = 4
DAYS_OF_A_YEAR = 365
LOCK_MAY_PRECEDE_SIGNATURE = timedelta(days=1)
# Years of the classes of the records rules (文書取扱規程); None: for ever.
CLASS_YEARS: dict[str, int | None] = {"1y": 1, "3y": 3, "5y": 5, "10y": 10, "30y": 30, "permanent": None}


class UnknownRetentionError(ValueError):
    """The document bears a class that the records rules do not know."""

    permanent: ClassVar[bool] = True

    def __init__(self, retention: str) -> None:
        super().__init__(retention)
        self.retention = retention


class RepairFailedError(Exception):
    """The copy was made anew and is still not whole, or not locked.  Transient, until the tries are used up."""

    def __init__(self, document_id: UUID, site: str) -> None:
        super().__init__(f"{document_id} at {site}")
        self.document_id, self.site = document_id, site


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What was found at a site.  ``whole``: the bytes are there and have the right hash."""

    whole: bool
    version_id: str = ""
    locked_until: datetime | None = None


@dataclass(kw_only=True)
class Copy:
    """One site's copy.  ``lost_at`` is set while it waits for its repair."""

    site: str
    version_id: str = ""
    locked_until: datetime | None = None
    checked_at: datetime | None = None
    lost_at: datetime | None = None
    repaired_at: datetime | None = None

    @property
    def whole(self) -> bool:
        """Seen whole at the last look."""
        return self.checked_at is not None and self.lost_at is None


@dataclass(frozen=True, kw_only=True)
class Lost:
    """The copy at ``site`` is missing or broken."""

    site: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Repaired:
    """The copy at ``site`` is whole again."""

    site: str
    at: datetime


def _two_copies() -> dict[str, Copy]:
    return {site: Copy(site=site) for site in SITES}


@dataclass(kw_only=True)
class ArchivedDocument:
    """One signed document in the archive's records.

    ``retention``: class of the records rules.  ``closed_at``: when a paper became the original in its place (no double
    original).  ``edition``: of its file (B-LTA).  A verb that changes nothing returns None.
    """

    document_id: UUID
    case_id: UUID
    document_type: str
    document_number: str
    retention: str
    signed_at: datetime
    copies: dict[str, Copy] = field(default_factory=_two_copies)
    archived_at: datetime | None = None
    closed_at: datetime | None = None
    edition: int = 1
    version: int = 0

    def __post_init__(self) -> None:
        """Raises UnknownRetentionError."""
        if self.retention not in CLASS_YEARS:
            raise UnknownRetentionError(self.retention)

    @property
    def keep_until(self) -> date | None:
        """Last day of the retention: the years of the class from 1 April after the document was made (practice E32).

        None: for ever.
        """
        years = CLASS_YEARS[self.retention]
        signed_on = self.signed_at.astimezone(TOKYO).date()
        begins = signed_on.year if signed_on.month < APRIL else signed_on.year + 1
        return None if years is None else date(begins + years, 3, 31)

    def extend(self, edition: int) -> bool:
        """A newer file takes the place of this one, unless one that is newer still is here."""
        if edition <= self.edition:
            return False
        self.edition = edition
        return True

    def look(self, site: str, found: Finding, now: datetime) -> Lost | None:
        """Enter what was found at a site."""
        copy = self.copies[site]
        copy.checked_at = now
        if self._good(found):
            copy.version_id, copy.locked_until = found.version_id, found.locked_until
            return None
        if copy.lost_at is not None:
            return None
        copy.lost_at = now
        return Lost(site=site, at=now)

    def repair(self, site: str, found: Finding, now: datetime) -> Repaired | None:
        """Enter that a lost copy was made anew and read back.  Raises RepairFailedError."""
        copy = self.copies[site]
        if copy.lost_at is None:
            return None
        if not self._good(found):
            raise RepairFailedError(self.document_id, site)
        copy.lost_at, copy.repaired_at, copy.checked_at = None, now, now
        copy.version_id, copy.locked_until = found.version_id, found.locked_until
        return Repaired(site=site, at=now)

    def _good(self, found: Finding) -> bool:
        """A copy that anybody could delete tomorrow is as good as lost: the site's lock must span the class's years."""
        span = timedelta(days=DAYS_OF_A_YEAR * (CLASS_YEARS[self.retention] or 0)) - LOCK_MAY_PRECEDE_SIGNATURE
        return found.whole and found.locked_until is not None and found.locked_until >= self.signed_at + span

    def archive(self, now: datetime) -> bool:
        """Whether the document counts as archived from now on: both copies were seen whole."""
        if self.archived_at is not None or not all(copy.whole for copy in self.copies.values()):
            return False
        self.archived_at = now
        return True

    def close(self, at: datetime) -> bool:
        """A paper is the original from now on; False when that was known."""
        if self.closed_at is not None:
            return False
        self.closed_at = at
        return True
