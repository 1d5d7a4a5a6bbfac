"""The table of everything that runs, and the settings that each service is given."""

from collections.abc import Iterator, Mapping

from infra.local import gateway, migrations, postgres, rabbitmq, service_programs, sites, standins
from infra.local.credentials import write_private
from infra.local.layout import HOST, REPOSITORY, SERVICES, Layout
from infra.local.program import Program, Step
from infra.local.starting import Plan
from infra.postgres import provisioning
from infra.rabbitmq import definitions


def plan(layout: Layout, secrets: Mapping[str, str]) -> Plan:
    """Every program and step by name."""
    items: list[Program | Step] = [
        rabbitmq.epmd(layout),
        rabbitmq.program(layout, secrets),
        postgres.program(layout, secrets),
        postgres.databases(layout, secrets),
        *sites.programs(layout, secrets),
        *sites.buckets(layout, secrets),
        standins.authority(layout, secrets),
        *standins.programs(layout),
        *migrations.steps(layout),
        *service_programs.programs(layout, secrets),
        gateway.program(layout),
    ]
    return {item.name: item for item in items}


def write_settings(layout: Layout, secrets: Mapping[str, str]) -> None:
    """One private file of settings per service, what the sign-in must know of them, and where metrics are served."""
    standins.write_clients(layout, secrets)
    for service in SERVICES:
        lines = [f"{name}={value}\n" for name, value in settings(layout, secrets, service).items()]
        write_private(layout.run / f"{service}.env", "".join(lines))
    (layout.run / "metrics.json").write_text(service_programs.metrics_targets(layout))


def settings(layout: Layout, secrets: Mapping[str, str], service: str) -> dict[str, str]:
    """Environment variables of a service's processes."""
    owner, runtime = provisioning.owner_of(service), provisioning.runtime_of(service)
    values = {
        "environment": "local",
        "state_dir": str(layout.state),
        "town_dir": str(REPOSITORY / "infra" / "town"),
        "public_url": layout.url,
        "http_port": str(layout.at(f"web-{service}")),
        "secret_key": secrets[f"web/{service}"],
        "database_url": _sqlalchemy(postgres.door(layout, runtime, secrets[f"postgres/{runtime}"], service)),
        "database_owner_url": _sqlalchemy(postgres.url(layout, owner, secrets[f"postgres/{owner}"], service)),
        "amqp_host": HOST,
        "amqp_port": str(layout.door("amqp")),
        "amqp_vhost": definitions.VHOST,
        "amqp_user": service,
        "amqp_password": secrets[f"rabbitmq/{service}"],
        "oidc_issuer": f"{layout.url}/dev/signin",
        "oidc_client_id": service,
        "oidc_client_secret": secrets[f"oidc/{service}"],
        **dict(_site_settings(layout, secrets, service)),
        **_own_settings(layout, secrets, service),
    }
    return {f"TODOKE_{name.upper()}": value for name, value in values.items()}


def _own_settings(layout: Layout, secrets: Mapping[str, str], service: str) -> dict[str, str]:
    """What only one service needs."""
    mail = {"smtp_host": HOST, "smtp_port": str(layout.door("smtp")), "mail_from": "todoke@town.takahata.example"}
    if service == "delivery":
        return mail
    if service == "signing":
        return mail | {
            "signer_socket": str(service_programs.signer_socket(layout)),
            **standins.signing_settings(layout, secrets),
        }
    return {}


def _site_settings(layout: Layout, secrets: Mapping[str, str], service: str) -> Iterator[tuple[str, str]]:
    for site in sites.SITES:
        access_key, secret_key = sites.key_of(layout, secrets, site, service)
        yield f"s3_{site}_url", sites.door(layout, secrets, site)
        yield f"s3_{site}_access_key", access_key
        yield f"s3_{site}_secret_key", secret_key


def _sqlalchemy(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://", 1)
