"""A PDF that somebody else has signed, rightly, with a certificate that nobody here knows."""

import io
from datetime import UTC, datetime, timedelta

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore


def signed_elsewhere(pdf: bytes, subfilter: fields.SigSeedSubFilter) -> bytes:
    """Self-signed, by 「株式会社よそ」."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    metadata = signers.PdfSignatureMetadata(field_name="Signature1", subfilter=subfilter)
    return bytes(signers.sign_pdf(writer, metadata, _signer()).getvalue())


def _signer() -> signers.SimpleSigner:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "株式会社よそ")])
    today = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, today - timedelta(1), today + timedelta(99))
    certificate = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)
    encoding = (serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    private = asn1_keys.PrivateKeyInfo.load(key.private_bytes(*encoding))
    return signers.SimpleSigner(asn1_x509.Certificate.load(certificate), private, SimpleCertificateStore())
