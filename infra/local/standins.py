"""The stand-ins for what a town has outside: certification authority, sign-in, mail.  Never in production."""

import json
import sys
from collections.abc import Iterator, Mapping

from infra.local import probes
from infra.local.credentials import write_private
from infra.local.layout import HOST, REPOSITORY, SERVICES, Layout
from infra.local.program import Program, Step

PREFIXES = {
    "intake": ("/apply",),
    "approval": ("/desk",),
    "signing": ("/seal", "/sign", "/verify"),
    "delivery": ("/inbox",),
    "archive": ("/archive",),
}


def programs(layout: Layout) -> Iterator[Program]:
    """All three servers."""
    yield _program(layout, "pki", ("infra.pki", "serve", "--port", str(layout.at("pki"))), "/", after=("pki-files",))
    yield _program(layout, "signin", ("infra.local.signin", "--port", str(layout.at("signin"))), "/dev/signin/")
    mail = ("infra.local.mail", "--smtp-port", str(layout.at("smtp")), "--http-port", str(layout.at("mail")))
    yield _program(layout, "mail", mail, "/dev/mail/")


def steps(layout: Layout, secrets: Mapping[str, str]) -> Iterator[Step]:
    """Keys and certificates, and the seal's key in its token."""
    yield Step(name="pki-files", act=lambda: None)
    yield Step(name="token", act=lambda: None, after=("pki-files",))


def certificates(layout: Layout) -> dict[str, str]:
    """Signing's settings: what the stand-in authority issued, and where it answers."""
    files = layout.state / "pki"
    door = f"http://{HOST}:{layout.at('pki')}"
    return {
        "seal_certificate": str(files / "seal.pem"),
        "seal_chain": str(files / "seal-chain.pem"),
        "trust_root": str(files / "root.pem"),
        "tsa_urls": f"{door}/tsa",
        "crl_urls": f"{door}/root.crl,{door}/issuing.crl",
    }


def write_clients(layout: Layout, secrets: Mapping[str, str]) -> None:
    """What the sign-in must know of each web part."""
    clients = [_client(layout, secrets, service) for service in SERVICES]
    write_private(layout.run / "signin.json", json.dumps({"clients": clients}, indent=1))


def _client(layout: Layout, secrets: Mapping[str, str], service: str) -> dict[str, object]:
    prefixes = PREFIXES[service]
    return {
        "client_id": service,
        "client_secret": secrets[f"oidc/{service}"],
        "redirect_uris": [f"{layout.url}{prefix}/signed-in" for prefix in prefixes],
        "post_logout_redirect_uris": [f"{layout.url}/"],
        "backchannel_logout_uri": f"{layout.url}{prefixes[0]}/signed-out",
    }


def _program(layout: Layout, name: str, module: tuple[str, ...], path: str, after: tuple[str, ...] = ()) -> Program:
    port = {"pki": "pki", "signin": "signin", "mail": "mail"}[name]
    ports = (layout.at(port), layout.at("smtp")) if name == "mail" else (layout.at(port),)
    return Program(
        name=name,
        command=(sys.executable, "-m", *module),
        environment={
            "TODOKE_STATE_DIR": str(layout.state),
            "TODOKE_PUBLIC_URL": layout.url,
            "TODOKE_SIGNIN_CLIENTS": str(layout.run / "signin.json"),
            "PYTHONUNBUFFERED": "1",
            "LANG": "C.UTF-8",
        },
        directory=str(REPOSITORY),
        after=after,
        ready=probes.takes_http(layout.at(port), path),
        ports=ports,
    )
