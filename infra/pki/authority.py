"""Keys, certificates and revocation lists of the stand-in authority, as files of one state directory.

Every certificate is signed with RSA PKCS#1 v1.5, which has no random part: certomancer issues the very same bytes at
each start from the kept keys and the kept, filled-in description.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from string import Template

import yaml
from asn1crypto import crl, pem, x509
from certomancer.registry import ArchLabel, CertLabel, CertomancerConfig, PKIArchitecture, ServiceLabel
from certomancer.services import CRLBuilder, choose_signed_digest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

TOWN = ArchLabel("town")
DESCRIPTION = Path(__file__).with_name("authority.yaml")
RSA_BITS = 2048
YEAR = timedelta(days=365)
CRL_LIFE = timedelta(days=30)
SEAL_KEY = "seal.public.pem"

FILES = {
    "root.pem": ("root",),
    "seal.pem": ("seal",),
    "chain.pem": ("issuing", "root"),
    "witness.pem": ("witness",),
    "contractor-1.pem": ("contractor-1",),
    "contractor-2.pem": ("contractor-2",),
    "tsa.pem": ("tsa",),
    "tsa-chain.pem": ("time", "root"),
}


class OtherSealKeyError(Exception):
    """The token holds another key than the one that was certified.  Permanent."""

    def __init__(self, state: Path) -> None:
        super().__init__(f"the token holds another key than the certified one: bring it back, or remove {state} too")


@dataclass(frozen=True)
class Authority:
    """The authority of one state directory."""

    state: Path

    def establish(self, base_url: str, seal_key: bytes) -> None:
        """Make what is missing, and write the files that others read.  ``seal_key``: public, PEM.

        ``base_url`` gets into the certificates at the first start and stays, as in real ones.
        Raises OtherSealKeyError.
        """
        (self.state / "keys").mkdir(parents=True, exist_ok=True, mode=0o700)
        self._keep_seal_key(seal_key)
        if not self._description.exists():
            self._describe(base_url)
        for path in self._private_keys():
            if not path.exists():
                write_key(path)
        self.write_certificates()
        fresh_crls(self.state / "crls", self.architecture())

    def architecture(self) -> PKIArchitecture:
        """What certomancer made of keys and description."""
        config = CertomancerConfig.from_file(str(self._description), key_search_dir=str(self.state))
        return config.get_pki_arch(TOWN)

    def write_certificates(self) -> None:
        """PEM files, see README.md."""
        architecture = self.architecture()
        for name, labels in FILES.items():
            certificates = (architecture.get_cert(CertLabel(label)) for label in labels)
            replace(self.state / name, b"".join(pem.armor("CERTIFICATE", each.dump()) for each in certificates))

    @property
    def _description(self) -> Path:
        return self.state / "authority.yaml"

    def _describe(self, base_url: str) -> None:
        begin = datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)
        years = {f"after_{years}_years": (begin + years * YEAR).isoformat() for years in (3, 10, 15, 20)}
        text = Template(DESCRIPTION.read_text("utf-8")).substitute(years, base_url=base_url, begin=begin.isoformat())
        replace(self._description, text.encode())

    def _keep_seal_key(self, seal_key: bytes) -> None:
        path = self.state / "keys" / SEAL_KEY
        if not path.exists():
            replace(path, seal_key)
        elif path.read_bytes() != seal_key:
            raise OtherSealKeyError(self.state)

    def _private_keys(self) -> Iterator[Path]:
        keys = yaml.safe_load(self._description.read_text("utf-8"))["keysets"][TOWN.value]["keys"]
        return (self.state / "keys" / key["path"] for key in keys.values() if not key.get("public-only"))


def fresh_crls(directory: Path, architecture: PKIArchitecture) -> list[Path]:
    """Write a revocation list of this very moment for every authority.  Returns the files (DER, ``<label>.crl``)."""
    directory.mkdir(parents=True, exist_ok=True)
    now = datetime.now(UTC).replace(microsecond=0)
    files = []
    for info in architecture.service_registry.list_crl_repos():
        files.append(directory / f"{info.label.value}.crl")
        replace(files[-1], fresh_crl(architecture, info.label, now).dump())
    return files


def fresh_crl(architecture: PKIArchitecture, label: ServiceLabel, now: datetime) -> crl.CertificateList:
    """A complete list (RFC 5280, 5) issued at ``now`` and good for CRL_LIFE.

    certomancer's own lists begin at fixed steps of their life, so one of 30 days would mostly be older than the
    signatures that it is asked about.
    """
    info = architecture.service_registry.get_crl_repo_info(label)
    key = architecture.key_set.get_asym_key(info.signing_key)
    issuer: x509.Certificate = architecture.get_cert(info.resolve_issuer_cert(architecture))
    builder = CRLBuilder(
        issuer_name=issuer.subject,
        issuer_key=key.private,
        signature_algo=choose_signed_digest(info.digest_algo, key.public),
        authority_key_identifier=issuer.key_identifier_value,
        extra_crl_extensions=(),
    )
    revoked = architecture.get_revoked_certs_at_time(at_time=now, crl_info=info)
    return builder.build_crl(int(now.timestamp()), now, now + CRL_LIFE, list(revoked))


def write_key(path: Path) -> None:
    """Make a private key of the kind that the file's name says (PKCS#8, PEM, mode 0600)."""
    key = (
        ec.generate_private_key(ec.SECP256R1())
        if path.name.endswith(".ec.pem")
        else rsa.generate_private_key(65537, RSA_BITS)
    )
    replace(path, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), mode=0o600)


def replace(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Write a file all at once, so that a start that is killed leaves none half written."""
    fresh = path.with_name(f"{path.name}.new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    fresh.replace(path)
