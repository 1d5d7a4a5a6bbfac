"""A small PKI for one test session, described to certomancer as data."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

from asn1crypto import pem
from certomancer.integrations.animator import Animator, AnimatorArchStore
from certomancer.registry import ArchLabel, CertomancerConfig, ServiceLabel
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from werkzeug.wrappers import Request, Response

from infra.pki.authority import fresh_crl
from services.signing.pades import Authorities, SealIdentity, Trust

KEYS = ("root", "interm", "seal", "tsa")
USAGE = {"id": "key_usage", "critical": True}
CA = [
    {"id": "basic_constraints", "critical": True, "value": {"ca": True}},
    USAGE | {"smart-value": {"schema": "key-usage", "params": ["key_cert_sign", "crl_sign"]}},
]


def _crl_point(issuer: str) -> dict[str, Any]:
    smart = {"schema": "crl-dist-url", "params": {"crl-repo-names": [issuer]}}
    return {"id": "crl_distribution_points", "smart-value": smart}


YEARS = {"valid-from": "2026-01-01T00:00:00+0000", "valid-to": "2036-01-01T00:00:00+0000"}


def _configuration(prefix: str, signer_name: str, town: str) -> dict[str, Any]:
    entities = {name: {"common-name": f"Test {name}", "organization-name": town} for name in KEYS}
    entities["seal"] = {"common-name": signer_name, "organization-name": town}
    extended = {"id": "extended_key_usage", "critical": True, "value": ["time_stamping"]}
    non_repudiation = USAGE | {"smart-value": {"schema": "key-usage", "params": ["non_repudiation"]}}
    signer = {"id": "extended_key_usage", "value": ["email_protection", "1.3.6.1.5.5.7.3.36"]}
    signature = USAGE | {"smart-value": {"schema": "key-usage", "params": ["digital_signature"]}}
    certificates = {
        "root": {"subject": "root", "issuer": "root", "validity": YEARS, "extensions": CA},
        "interm": {"issuer": "root", "validity": YEARS, "extensions": [*CA, _crl_point("root")]},
        "seal": {"issuer": "interm", "validity": YEARS, "extensions": [non_repudiation, signer, _crl_point("interm")]},
        "tsa": {"issuer": "root", "validity": YEARS, "extensions": [signature, extended, _crl_point("root")]},
    }
    return {
        "external-url-prefix": prefix,
        "keysets": {"keys": {"path-prefix": "", "keys": {name: {"path": f"{name}.pem"} for name in KEYS}}},
        "pki-architectures": {
            "test": {
                "keyset": "keys",
                "entity-defaults": {"country-name": "JP"},
                "entities": entities,
                "certs": certificates,
                "services": {
                    "crl-repo": {
                        name: {"for-issuer": name, "signing-key": name, "simulated-update-schedule": "P30D"}
                        for name in ("root", "interm")
                    },
                    "time-stamping": {"tsa": {"signing-cert": "tsa"}},
                },
            }
        },
    }


@dataclass(frozen=True)
class Pki:
    """Running: what a signer and a verifier need."""

    directory: Path
    identity: SealIdentity
    trust: Trust
    tsa_url: str
    seal_key: rsa.RSAPrivateKey

    @property
    def authorities(self) -> Authorities:
        """Its one timestamp authority."""
        return Authorities((self.tsa_url,), self.trust)

    @property
    def crl_urls(self) -> tuple[str, ...]:
        base = self.tsa_url.removesuffix("/tsa/tsa")
        return tuple(f"{base}/crls/{name}/latest.crl" for name in ("root", "interm"))

    @property
    def root_pem(self) -> Path:
        return self.directory / "root.cert.pem"


class _Authority(Animator):  # type: ignore[misc]  # certomancer is not followed by mypy
    """Its lists are of this very moment, not of the last step of their life."""

    def serve_crl(self, _request: Request, *, label: str, arch: str, **_rest: Any) -> Response:
        moment = datetime.now(UTC).replace(microsecond=0)
        return Response(fresh_crl(self.architectures[ArchLabel(arch)], ServiceLabel(label), moment).dump())


class _Quiet(WSGIRequestHandler):
    timeout = 10  # a client that connects and says nothing holds up nobody

    def log_message(self, *_: object) -> None:
        return


@contextmanager
def running_pki(directory: Path, signer: str = "高畠町長（試験）", town: str = "高畠町") -> Iterator[Pki]:
    """Keys are made anew; the TSA answers on a port of its own until the context ends."""
    keys = {name: rsa.generate_private_key(public_exponent=65537, key_size=2048) for name in KEYS}
    for name, key in keys.items():
        encoding = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        (directory / f"{name}.pem").write_bytes(key.private_bytes(*encoding))
    server = make_server("127.0.0.1", 0, lambda *_: [], handler_class=_Quiet)
    url = f"http://127.0.0.1:{server.server_port}"
    config = CertomancerConfig(_configuration(url, signer, town), key_search_dir=str(directory))
    server.set_app(_Authority(AnimatorArchStore(config.pki_archs), with_web_ui=False))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield _pki(directory, config, url, keys["seal"])
    finally:
        server.shutdown()
        server.server_close()


def _pki(directory: Path, config: CertomancerConfig, url: str, seal_key: rsa.RSAPrivateKey) -> Pki:
    architecture = config.get_pki_arch(ArchLabel("test"))
    der = {name: architecture.get_cert(name).dump() for name in KEYS}
    for name, certificate in der.items():
        (directory / f"{name}.cert.pem").write_bytes(pem.armor("CERTIFICATE", certificate))
    services, now = architecture.service_registry, datetime.now(UTC)
    lists = tuple(services.get_crl(ServiceLabel(name), at_time=now).dump() for name in ("root", "interm"))
    identity = SealIdentity(der["seal"], (der["interm"],))
    return Pki(directory, identity, Trust((der["root"],), lists), f"{url}/test/tsa/tsa", seal_key)
