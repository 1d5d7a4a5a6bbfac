"""The secret files of docker-compose.yml: made once, each for those who need it and for nobody else."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from infra.local import credentials, standins
from infra.local.layout import SERVICES
from infra.postgres.provisioning import owner_of, runtime_of

KNOWN = "secrets.json"
ROOT = 0


def write(folder: Path, public_url: str, uid: int) -> None:
    """Make what is missing, and write every file.  ``uid``: of the containers' user, where a secret keeps its owner."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o711)
    secrets = credentials.load_or_make(folder / KNOWN)
    for name, text in files(secrets, public_url).items():
        credentials.write_private(folder / name, text)
    if os.getuid() == ROOT:
        for path in folder.iterdir():
            os.chown(path, uid, -1)


def files(secrets: Mapping[str, str], public_url: str) -> dict[str, str]:
    """Text by file name."""
    found = {
        "postgres-superuser": secrets["postgres/superuser"],
        "site-a-admin": secrets["s3-a/admin"],
        "site-b-admin": secrets["s3-b/admin"],
        "signin.json": standins.clients(public_url, secrets),
        "pki.env": _lines(PKCS11_PIN=secrets["softhsm/pin"], PKCS11_SO_PIN=secrets["softhsm/so-pin"]),
    }
    for service in SERVICES:
        runtime = _lines(**dict(_of_service(secrets, service)))
        found[f"{service}.env"] = runtime
        found[f"{service}-owner.env"] = runtime + _lines(
            DATABASE_OWNER_URL=_database(secrets, owner_of(service), service)
        )
    return found


def _of_service(secrets: Mapping[str, str], service: str) -> Iterator[tuple[str, str]]:
    """What its worker and its pages need; the owner of the tables is for migrations only."""
    yield "SECRET_KEY", secrets[f"web/{service}"]
    yield "DATABASE_URL", _database(secrets, runtime_of(service), service)
    yield "AMQP_PASSWORD", secrets[f"rabbitmq/{service}"]
    yield "S3_A_SECRET_KEY", secrets[f"s3-a/{service}"]
    yield "S3_B_SECRET_KEY", secrets[f"s3-b/{service}"]
    yield "OIDC_CLIENT_SECRET", secrets[f"oidc/{service}"]
    if service == "signing":
        yield "PKCS11_PIN", secrets["softhsm/pin"]


def _database(secrets: Mapping[str, str], role: str, service: str) -> str:
    return f"postgresql+psycopg://{role}:{secrets[f'postgres/{role}']}@postgres:5432/{service}"


def _lines(**values: str) -> str:
    return "".join(f"TODOKE_{name}={value}\n" for name, value in values.items())
