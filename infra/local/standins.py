"""The stand-ins for what a town has outside: certification authority, sign-in, mail.  Never in production."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping

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
    pki, signin, mail, smtp = (layout.at(door) for door in ("pki", "signin", "mail", "smtp"))
    authority = ["infra.pki", "serve", "--state", str(layout.state / "pki"), "--port", str(pki)]
    yield _program(layout, authority, probes.takes_http(pki, "/"), "pki", after=("pki-files",))
    provider = ["infra.local.signin", "--port", str(signin)]
    yield _program(layout, provider, probes.takes_http(signin, "/dev/signin/"), "signin")
    catcher = ["infra.local.mail", "--smtp-port", str(smtp), "--http-port", str(mail)]
    ready = probes.both(probes.takes_mail(smtp), probes.takes_http(mail, "/dev/mail/"))
    yield _program(layout, catcher, ready, "mail", "smtp")


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
    environment = os.environ | pins | layout.mark
    with (layout.log / "pki-files.log").open("w") as log:
        done = subprocess.run(
            command, env=environment, check=False, stdout=log, stderr=log, cwd=REPOSITORY, timeout=120
        )
    if done.returncode != 0:
        raise StepFailedError(f"pki-files failed; see {log.name}")


def _door(layout: Layout) -> str:
    return f"http://{HOST}:{layout.door('pki')}"


def write_clients(layout: Layout, secrets: Mapping[str, str]) -> None:
    """What the sign-in must know of each web part."""
    write_private(layout.run / "signin.json", clients(layout.url, secrets))


def clients(url: str, secrets: Mapping[str, str]) -> str:
    """The sign-in's file of clients.  ``url``: what a person opens."""
    return json.dumps({"clients": [_client(url, secrets, service) for service in SERVICES]}, indent=1)


def _client(url: str, secrets: Mapping[str, str], service: str) -> dict[str, object]:
    prefixes = PREFIXES[service]
    return {
        "client_id": service,
        "client_secret": secrets[f"oidc/{service}"],
        "redirect_uris": [f"{url}{prefix}/signed-in" for prefix in prefixes],
        "post_logout_redirect_uris": [f"{url}/"],
        "backchannel_logout_uri": f"{url}{prefixes[0]}/signed-out-elsewhere",
    }


def _program(
    layout: Layout, module: list[str], ready: Callable[[], None], *doors: str, after: tuple[str, ...] = ()
) -> Program:
    """``doors``: names of its ports; the first is the program's, too."""
    return Program(
        name=doors[0],
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
        ready=ready,
        ports=tuple(layout.at(door) for door in doors),
    )
