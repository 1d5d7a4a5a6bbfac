"""The stand-ins for what a town has outside: certification authority, sign-in, mail.  Never in production."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping

from infra.local import probes
from infra.local.credentials import write_private
from infra.local.layout import HOST, REPOSITORY, SERVICES, Layout
from infra.local.program import Program, Step, StepFailedError

PREFIXES = {
    "intake": ("/apply",),
    "approval": ("/desk",),
    "signing": ("/seal", "/sign", "/verify"),
    "delivery": ("/inbox",),
    "archive": ("/archive",),
}


def programs(layout: Layout) -> Iterator[Program]:
    """All three servers."""
    pki = ("infra.pki", "serve", "--state", str(layout.state / "pki"), "--port", str(layout.at("pki")))
    yield _program(layout, "pki", pki, "/", after=("pki-files",))
    yield _program(layout, "signin", ("infra.local.signin", "--port", str(layout.at("signin"))), "/dev/signin/")
    mail = ("infra.local.mail", "--smtp-port", str(layout.at("smtp")), "--http-port", str(layout.at("mail")))
    yield _program(layout, "mail", mail, "/dev/mail/")


def authority(layout: Layout, secrets: Mapping[str, str]) -> Step:
    """Keys, certificates, fresh revocation lists, and the token that holds the seal's key."""
    return Step(name="pki-files", act=lambda: _establish(layout, secrets))


def signing_settings(layout: Layout, secrets: Mapping[str, str]) -> dict[str, str]:
    """What the stand-in authority issued, where it answers, and the token."""
    files, token = layout.state / "pki", layout.state / "softhsm"
    door = f"{_door(layout)}/town"
    lists = ",".join(f"{door}/crls/{authority}/latest.crl" for authority in ("root", "issuing", "time"))
    return {
        "seal_certificate": str(files / "seal.pem"),
        "seal_chain": str(files / "chain.pem"),
        "trust_root": str(files / "root.pem"),
        "tsa_urls": f"{door}/tsa/tsa",
        "crl_urls": lists,
        "pkcs11_token": "todoke",
        "pkcs11_key_label": "seal",
        "pkcs11_pin": secrets["softhsm/pin"],
        "softhsm2_conf": str(token / "softhsm2.conf"),
    }


def _establish(layout: Layout, secrets: Mapping[str, str]) -> None:
    """In a process of its own: SoftHSM reads its configuration once per process."""
    command = [sys.executable, "-m", "infra.pki", "init", "--state", str(layout.state / "pki")]
    command += ["--softhsm", str(layout.state / "softhsm"), "--base-url", _door(layout)]
    pins = {"TODOKE_PKCS11_PIN": secrets["softhsm/pin"], "TODOKE_PKCS11_SO_PIN": secrets["softhsm/so-pin"]}
    with (layout.log / "pki-files.log").open("w") as log:
        done = subprocess.run(
            command, env=os.environ | pins, check=False, stdout=log, stderr=log, cwd=REPOSITORY, timeout=120
        )
    if done.returncode != 0:
        raise StepFailedError(f"pki-files failed; see {log.name}")


def _door(layout: Layout) -> str:
    return f"http://{HOST}:{layout.at('pki')}"


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
        "backchannel_logout_uri": f"{layout.url}{prefixes[0]}/signed-out-elsewhere",
    }


def _program(layout: Layout, name: str, module: tuple[str, ...], path: str, after: tuple[str, ...] = ()) -> Program:
    ports = (layout.at(name), layout.at("smtp")) if name == "mail" else (layout.at(name),)
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
        ready=probes.takes_http(layout.at(name), path),
        ports=ports,
    )
