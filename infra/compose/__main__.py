"""``python -m infra.compose secrets|databases|bucket|definitions``: see docker-compose.yml."""

import argparse
import json
from collections.abc import Mapping
from pathlib import Path

from infra.compose import secret_files
from infra.local.layout import SERVICES
from infra.minio.provisioning import Site, provision_bucket, provision_minio_users
from infra.postgres import provisioning
from infra.rabbitmq import definitions

SUPERUSER, SITE_ADMIN = "todoke_admin", "todoke-admin"


def main() -> None:
    """Read the command line."""
    options = _options()
    if options.command == "secrets":
        secret_files.write(options.to, options.public_url, options.uid)
        return
    secrets: dict[str, str] = json.loads(options.secrets.read_text())
    if options.command == "databases":
        provision_databases(secrets, options.server)
    elif options.command == "bucket":
        provision_site(secrets, options.site, options.url)
    else:
        write_definitions(secrets, options.to)


def provision_databases(secrets: Mapping[str, str], server: str) -> None:
    """Every service's database with its two roles.  ``server``: host:port.  Raises psycopg.Error."""
    roles = [role(service) for service in SERVICES for role in (provisioning.owner_of, provisioning.runtime_of)]
    url = f"postgresql://{SUPERUSER}:{secrets['postgres/superuser']}@{server}/postgres"
    provisioning.provision(url, {role: secrets[f"postgres/{role}"] for role in roles})


def provision_site(secrets: Mapping[str, str], site: str, url: str) -> None:
    """A site's bucket, and a key for each service.  Raises SiteNotFitError and MinioException."""
    admin = Site(url, SITE_ADMIN, secrets[f"s3-{site}/admin"])
    provision_bucket(admin)
    provision_minio_users(admin, {f"todoke-{service}": secrets[f"s3-{site}/{service}"] for service in SERVICES})


def write_definitions(secrets: Mapping[str, str], to: Path) -> None:
    """What the broker reads at its start.  It runs as another user; the file holds hashes of passwords."""
    passwords = {service: secrets[f"rabbitmq/{service}"] for service in SERVICES}
    passwords[definitions.ADMIN] = secrets["rabbitmq/admin"]
    to.write_text(json.dumps(definitions.definitions(passwords), indent=1))
    to.chmod(0o644)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="infra.compose", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    made = commands.add_parser("secrets", help="on the host, before the first start: the secret files")
    made.add_argument("--to", type=Path, default=Path("var/compose"))
    made.add_argument("--public-url", default="http://todoke.localhost:8080")
    made.add_argument("--uid", type=int, default=10001)
    databases = commands.add_parser("databases", help="in a container: databases and roles")
    databases.add_argument("--server", required=True)
    bucket = commands.add_parser("bucket", help="in a container: one site's bucket and keys")
    bucket.add_argument("--site", choices=("a", "b"), required=True)
    bucket.add_argument("--url", required=True)
    definition = commands.add_parser("definitions", help="in a container: the broker's definitions")
    definition.add_argument("--to", type=Path, required=True)
    for command in (databases, bucket, definition):
        command.add_argument("--secrets", type=Path, required=True)
    return parser.parse_args()


if __name__ == "__main__":
    main()
