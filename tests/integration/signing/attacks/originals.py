"""The files that are attacked: one document at the four PAdES baseline levels."""

import asyncio
import io
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from asn1crypto import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.signers.pdf_signer import PdfTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from services.signing.dss import Dss, append_dss
from services.signing.pades import Sealing, certify
from services.signing.pades.form import add_seal_field
from services.signing.pades.timestamps import TsaList
from tests.integration.signing.pki import Pki

LEVELS = ("B-B", "B-T", "B-LT", "B-LTA")
Levels = dict[str, bytes]


class KeySigner(signers.Signer):  # type: ignore[misc]
    """The seal's key, at hand."""

    def __init__(self, pki: Pki) -> None:
        chain = SimpleCertificateStore.from_certs([x509.Certificate.load(der) for der in pki.identity.chain])
        own = x509.Certificate.load(pki.identity.certificate)
        super().__init__(signing_cert=own, cert_registry=chain, embed_roots=False)
        self._key = pki.seal_key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        return self._key.sign(data, padding.PKCS1v15(), hashes.SHA256())


def sealing_of(pki: Pki) -> Sealing:
    def raw_sign(_algorithm: str, data: bytes) -> bytes:
        return pki.seal_key.sign(data, padding.PKCS1v15(), hashes.SHA256())

    return Sealing(pki.identity, raw_sign, (pki.tsa_url,))


def at_every_level(unsigned: bytes, pki: Pki) -> Levels:
    stamped = certify(unsigned, sealing_of(pki), datetime.now(UTC))
    proven = with_data(stamped, pki)
    return {"B-B": certified(unsigned, pki), "B-T": stamped, "B-LT": proven, "B-LTA": archived(proven, pki)}


def certified(unsigned: bytes, pki: Pki, **changes: Any) -> bytes:
    """B-B, with DocMDP 2; no timestamp."""
    writer = IncrementalPdfFileWriter(io.BytesIO(unsigned))
    add_seal_field(writer)
    values = {
        "field_name": "Seal",
        "md_algorithm": "sha256",
        "subfilter": fields.SigSeedSubFilter.PADES,
        "certify": True,
        "docmdp_permissions": fields.MDPPerm.FILL_FORMS,
    } | changes
    session = signers.PdfSigner(signers.PdfSignatureMetadata(**values), KeySigner(pki))
    return bytes(session.sign_pdf(writer, existing_fields_only=True).getvalue())


def with_data(signed: bytes, pki: Pki) -> bytes:
    """The level B-LT: certificates and revocation lists."""
    return append_dss(signed, Dss((*pki.identity.chain,), pki.trust.crls))


def archived(proven: bytes, pki: Pki, field: str = "Archive") -> bytes:
    """The level B-LTA: a document timestamp over everything before it."""
    out = io.BytesIO()
    stamper = PdfTimeStamper(TsaList((pki.tsa_url,)), field_name=field)
    writer = IncrementalPdfFileWriter(io.BytesIO(proven))
    asyncio.run(stamper.async_timestamp_pdf(writer, "sha256", None, output=out))
    return out.getvalue()


Attack = Callable[[bytes], bytes]
