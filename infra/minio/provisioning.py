"""What a site must have before a service writes to it: the bucket (versions, object lock) and one key per service."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import urllib3
from minio import Minio, MinioAdmin
from minio.commonconfig import ENABLED
from minio.credentials import StaticProvider
from minio.error import MinioException, S3Error

POLICY = Path(__file__).with_name("policy.json")
BUCKET = "documents"
REGION = "us-east-1"
SEAWEEDFS_ACTIONS = (
    "Read",
    "Write",
    "List",
    "GetObjectRetention",
    "PutObjectRetention",
    "GetObjectLegalHold",
    "PutObjectLegalHold",
)


class SiteNotFitError(Exception):
    """The site answers but cannot keep documents: no versions or no object lock.  Permanent."""


@dataclass(frozen=True)
class Site:
    """An S3 endpoint with its administrator's key."""

    url: str
    access_key: str
    secret_key: str

    @property
    def client(self) -> Minio:
        """Short time-outs, no silent retries."""
        parts = urlsplit(self.url)
        return Minio(
            parts.netloc,
            self.access_key,
            self.secret_key,
            secure=parts.scheme == "https",
            region=REGION,
            http_client=urllib3.PoolManager(
                timeout=urllib3.Timeout(connect=1, read=10), retries=urllib3.Retry(total=0)
            ),
        )


def answers(site: Site) -> bool:
    """Whether the site takes a signed call; a health page says yes even when the drives are missing."""
    try:
        site.client.bucket_exists(BUCKET)
    except (MinioException, urllib3.exceptions.HTTPError):
        return False
    return True


def provision_bucket(site: Site, bucket: str = BUCKET) -> None:
    """Make the bucket if it is missing.  Raises SiteNotFitError when it keeps no versions or takes no lock."""
    client = site.client
    try:
        if not client.bucket_exists(bucket):
            client.make_bucket(bucket, object_lock=True)
        client.get_object_lock_config(bucket)
    except S3Error as error:
        raise SiteNotFitError(f"{site.url}/{bucket}: {error.code}") from error
    if client.get_bucket_versioning(bucket).status != ENABLED:
        raise SiteNotFitError(f"{site.url}/{bucket} keeps no versions")


def provision_minio_users(site: Site, secrets: Mapping[str, str]) -> None:
    """Give each service its own key to the bucket's objects (MinIO only).  ``secrets``: by access key."""
    parts = urlsplit(site.url)
    admin: Any = MinioAdmin(
        parts.netloc, credentials=StaticProvider(site.access_key, site.secret_key), secure=parts.scheme == "https"
    )
    admin.policy_add("documents", policy_file=str(POLICY))
    for access_key, secret in secrets.items():
        admin.user_add(access_key, secret)
        admin.policy_set("documents", user=access_key)


def seaweedfs_identities(admin: Site, secrets: Mapping[str, str]) -> str:
    """The same for SeaweedFS, which reads its keys from a file at start."""
    everything = ["Admin", "Read", "Write", "List", "Tagging"]
    objects = [f"{action}:{BUCKET}" for action in SEAWEEDFS_ACTIONS]
    identities = [_identity("admin", admin.access_key, admin.secret_key, everything)]
    identities += [_identity(key, key, secret, objects) for key, secret in secrets.items()]
    return json.dumps({"identities": identities}, indent=1)


def _identity(name: str, access_key: str, secret_key: str, actions: list[str]) -> dict[str, Any]:
    return {"name": name, "credentials": [{"accessKey": access_key, "secretKey": secret_key}], "actions": actions}
