"""The files that are attacked: one document at the four PAdES baseline levels."""

import io
from datetime import UTC, datetime

from asn1crypto import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from services.signing.pades import Sealing, Stamping, add_validation_data, certify, stamp_document
from services.signing.pades.form import add_seal_field
from tests.integration.signing.pki import Pki

LEVELS = ("B-B", "B-T", "B-LT", "B-LTA")
Levels = dict[str, bytes]


class KeySigner(signers.Signer):  # type: ignore[misc]
    """A key at hand.  ``chain``: DER of the issuers that stand beside the certificate."""

    def __init__(self, certificate: bytes, chain: tuple[bytes, ...], key: rsa.RSAPrivateKey) -> None:
        issuers = SimpleCertificateStore.from_certs([x509.Certificate.load(der) for der in chain])
        super().__init__(signing_cert=x509.Certificate.load(certificate), cert_registry=issuers, embed_roots=False)
        self._key = key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        return self._key.sign(data, padding.PKCS1v15(), hashes.SHA256())

    @classmethod
    def of(cls, pki: Pki) -> "KeySigner":
        """The seal's."""
        return cls(pki.identity.certificate, pki.identity.chain, pki.seal_key)


def sealing_of(pki: Pki) -> Sealing:
    def raw_sign(_algorithm: str, data: bytes) -> bytes:
        return pki.seal_key.sign(data, padding.PKCS1v15(), hashes.SHA256())

    return Sealing(pki.identity, raw_sign, pki.authorities)


def at_every_level(unsigned: bytes, pki: Pki) -> Levels:
    stamped = certify(unsigned, sealing_of(pki), datetime.now(UTC))
    proven = add_validation_data(stamped, pki.trust)
    archived = stamp_document(proven, Stamping(pki.authorities))
    return {"B-B": certified(unsigned, KeySigner.of(pki)), "B-T": stamped, "B-LT": proven, "B-LTA": archived}


def certified(unsigned: bytes, signer: signers.Signer) -> bytes:
    """B-B, with DocMDP 2; no timestamp."""
    writer = IncrementalPdfFileWriter(io.BytesIO(unsigned))
    add_seal_field(writer)
    values = signers.PdfSignatureMetadata(
        field_name="Seal",
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=fields.MDPPerm.FILL_FORMS,
    )
    return bytes(signers.PdfSigner(values, signer).sign_pdf(writer, existing_fields_only=True).getvalue())
