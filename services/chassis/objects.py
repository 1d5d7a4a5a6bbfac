"""The document store: every document on two S3 sites, found by its hash and checked by it at every reading."""

import hashlib
import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

import urllib3
from minio import Minio
from minio.commonconfig import GOVERNANCE
from minio.error import MinioException, S3Error
from minio.retention import Retention

from services.chassis.absence import Absence
from services.chassis.clock import now
from services.chassis.handling import PermanentError, Waiting
from services.chassis.settings import Settings
from services.messages import DocumentRef, StoredVersions

Site = Literal["a", "b"]
SITES: tuple[Site, Site] = ("a", "b")
CONNECT_SECONDS, READ_SECONDS, ASK_AGAIN_SECONDS = 1, 5, 5
# Years of the retention class, set at the put as its minimum; it is extended when the case is completed.
LOCKED_YEARS = {"1y": 1, "3y": 3, "5y": 5, "10y": 10, "30y": 30, "permanent": 100}
# A version without a lock: what AWS and MinIO say, what SeaweedFS says.
UNLOCKED = ("NoSuchObjectLockConfiguration", "ObjectLockConfigurationNotFoundError")
OUTAGES = (MinioException, urllib3.exceptions.HTTPError, OSError)


class DamagedDocumentError(PermanentError):
    """No site has a copy whose hash is right."""


@dataclass(frozen=True)
class SiteCopy:
    """What one site has of a document.  ``ok``: it is there and its bytes have the right hash."""

    site: Site
    ok: bool
    version_id: str = ""
    retain_until: datetime | None = None


@dataclass(frozen=True)
class Stored:
    """Where a document is now.  ``missing``: sites that do not have it yet (a repair debt)."""

    versions: dict[Site, str]
    missing: tuple[Site, ...]

    def both(self) -> StoredVersions:
        """The version ids of both sites; only after ``put(sites="both")``."""
        return StoredVersions(a=self.versions["a"], b=self.versions["b"])


def ref_of(owner: str, data: bytes, media_type: str, retention: str = "none") -> DocumentRef:
    """The reference of a document, known before it is stored."""
    digest = hashlib.sha256(data).hexdigest()
    return DocumentRef(owner=owner, sha256=digest, media_type=media_type, size=len(data), retention=retention)


class Objects:
    """Both sites.  Every call has a time-out; one that hangs is one that is down, and is passed over for a while."""

    def __init__(self, clients: dict[Site, Minio], bucket: str) -> None:
        self._clients = clients
        self._bucket = bucket
        self._absences = {site: Absence(ASK_AGAIN_SECONDS, is_away) for site in SITES}

    @classmethod
    def of(cls, settings: Settings, read_seconds: float = READ_SECONDS) -> "Objects":
        """The two sites that the settings name."""
        a, b = settings.s3_a_secret_key.get_secret_value(), settings.s3_b_secret_key.get_secret_value()
        return cls(
            {
                "a": client(settings.s3_a_url, settings.s3_a_access_key, a, settings.s3_region, read_seconds),
                "b": client(settings.s3_b_url, settings.s3_b_access_key, b, settings.s3_region, read_seconds),
            },
            settings.s3_bucket,
        )

    def put(self, ref: DocumentRef, data: bytes, *, sites: Literal["one", "both"] = "one") -> Stored:
        """Store on both sites; with "both", read both back and compare the hash.

        Raises Waiting("store") when no site (or, with "both", not each site) has it.
        """
        found = dict(zip(SITES, self._on_sites(lambda site: self._put(ref, data, site, sites == "both")), strict=True))
        versions = {site: version for site, version in found.items() if version is not None}
        missing = tuple(site for site in SITES if site not in versions)
        if not versions or (missing and sites == "both"):
            raise Waiting("store")
        return Stored(versions, missing)

    def put_at(self, ref: DocumentRef, data: bytes, site: Site) -> str:
        """Store on one site and read it back; its version id.  Raises Waiting("store")."""
        version = self._put(ref, data, site, read_back=True)
        if version is None:
            raise Waiting("store")
        return version

    def get(self, ref: DocumentRef) -> bytes:
        """The document, from whichever site has it whole; a site that was away a moment ago is asked last.

        Raises Waiting("store") when no site answers, DamagedDocumentError when all answer and none has it whole.
        """
        answered = 0
        for site in sorted(SITES, key=lambda site: self._absences[site].lasts):
            try:
                data = self._read(ref, site)
            except OUTAGES as error:
                answered += is_answer(error)
                continue
            answered += 1
            if hashlib.sha256(data).hexdigest() == ref.sha256:
                return data
        if answered < len(SITES):
            raise Waiting("store")
        raise DamagedDocumentError(ref.sha256)

    def check(self, ref: DocumentRef, site: Site) -> SiteCopy:
        """Read one site's copy and its lock.  Raises Waiting("store") when the site does not answer."""
        try:
            data = self._read(ref, site)
            with self._absences[site].watch():
                status = self._clients[site].stat_object(self._bucket, ref.key)
                retain_until = self._retained_until(ref, site)
        except OUTAGES as error:
            if is_answer(error):
                return SiteCopy(site, ok=False)
            raise Waiting("store") from error
        whole = hashlib.sha256(data).hexdigest() == ref.sha256
        return SiteCopy(site, whole, str(status.version_id or ""), retain_until)

    def answers(self, site: Site) -> bool:
        """Whether the site answers a signed call.  MinIO's own readiness page says yes without its drives."""
        try:
            with self._absences[site].watch():
                return bool(self._clients[site].bucket_exists(self._bucket))
        except OUTAGES:
            return False

    def _on_sites(self, act: Callable[[Site], str | None]) -> list[str | None]:
        with ThreadPoolExecutor(len(SITES)) as pool:
            return list(pool.map(act, SITES))

    def _put(self, ref: DocumentRef, data: bytes, site: Site, read_back: bool) -> str | None:
        """The version id, or None when the site is down or gives back other bytes."""
        try:
            with self._absences[site].watch():
                written = self._clients[site].put_object(
                    self._bucket,
                    ref.key,
                    io.BytesIO(data),
                    len(data),
                    content_type=ref.media_type,
                    retention=retention_of(ref),
                )
            if read_back and hashlib.sha256(self._read(ref, site)).hexdigest() != ref.sha256:
                return None
        except OUTAGES:
            return None
        return str(written.version_id or "")

    def _read(self, ref: DocumentRef, site: Site) -> bytes:
        with self._absences[site].watch():
            response = self._clients[site].get_object(self._bucket, ref.key)
            try:
                return bytes(response.read())
            finally:
                response.close()
                response.release_conn()

    def _retained_until(self, ref: DocumentRef, site: Site) -> datetime | None:
        if retention_of(ref) is None:
            return None
        try:
            lock = self._clients[site].get_object_retention(self._bucket, ref.key)
        except S3Error as error:
            if error.code in UNLOCKED:
                return None
            raise
        return lock.retain_until_date if lock else None


def is_answer(error: Exception) -> bool:
    """Whether the site itself said that it does not have the document (and is not merely down)."""
    return getattr(error, "code", "") in ("NoSuchKey", "NoSuchVersion", "NoSuchObject")


def is_away(error: Exception) -> bool:
    """Whether the site does not answer at all; an error that it says itself is an answer."""
    return isinstance(error, urllib3.exceptions.HTTPError | OSError)


def retention_of(ref: DocumentRef) -> Retention | None:
    """The lock for a put, in whole seconds; None for drafts and previews, which carry none."""
    years = LOCKED_YEARS.get(ref.retention)
    if years is None:
        return None
    until = (now() + timedelta(days=365.25 * years)).astimezone(UTC).replace(microsecond=0)
    return Retention(GOVERNANCE, until)


def client(url: str, access_key: str, secret_key: str, region: str, read_seconds: float = READ_SECONDS) -> Minio:
    """One site's client, with time-outs: the SDK's own are 300 s and five tries."""
    timeout = urllib3.Timeout(connect=CONNECT_SECONDS, read=read_seconds)
    return Minio(
        url.split("://", 1)[-1],
        access_key=access_key,
        secret_key=secret_key,
        region=region,
        secure=url.startswith("https://"),
        http_client=urllib3.PoolManager(timeout=timeout, retries=urllib3.Retry(total=0), maxsize=16),
    )
