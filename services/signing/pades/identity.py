"""The seal's certificate: whose key signs, and that what comes back is its signature."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import ClassVar

from asn1crypto import pem
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

HASH = hashes.SHA256()
CURVE_HEADS = 3 + 2 * 3  # of the sequence, and of each number with a sign


class SignatureMismatchError(Exception):
    """The signer's answer is not a signature of the certificate's key over the data.  Permanent."""

    permanent: ClassVar[bool] = True


class SealCertificateError(Exception):
    """The certificate may not sign now: outside its time, or for another use (RFC 5280 4.2.1.3).  Permanent."""

    permanent: ClassVar[bool] = True


@dataclass(frozen=True)
class SealIdentity:
    """DER of the seal's certificate and of its issuers, without the root."""

    certificate: bytes
    chain: tuple[bytes, ...]


def load_identity(certificate: Path, chain: Path) -> SealIdentity:
    """From PEM files."""
    (own,) = _certificates(certificate)
    return SealIdentity(own, tuple(_certificates(chain)))


def require_usable(identity: SealIdentity, at: datetime) -> None:
    """Within its time, and for signing documents.  Raises SealCertificateError."""
    own = _parsed(identity.certificate)
    if not own.not_valid_before_utc <= at <= own.not_valid_after_utc:
        raise SealCertificateError("time")
    try:
        usage = own.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return
    if not (usage.digital_signature or usage.content_commitment):
        raise SealCertificateError("usage")


def confirm(identity: SealIdentity, signature: bytes, data: bytes) -> None:
    """Believe only what the certificate's own key confirms.  Raises SignatureMismatchError."""
    try:
        _verifier(identity.certificate)(signature, data)
    except InvalidSignature as error:
        raise SignatureMismatchError from error


def longest_signature(identity: SealIdentity) -> int:
    """Bytes of the key's signatures: those of a curve are DER of two numbers (RFC 3279 2.2.3), and differ."""
    key = _public_key(identity.certificate)
    size = (key.key_size + 7) // 8
    return 2 * size + CURVE_HEADS if isinstance(key, ec.EllipticCurvePublicKey) else size


@cache
def _parsed(der: bytes) -> x509.Certificate:
    return x509.load_der_x509_certificate(der)


@cache
def _public_key(der: bytes) -> rsa.RSAPublicKey | ec.EllipticCurvePublicKey:
    key = _parsed(der).public_key()
    if not isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
        raise SignatureMismatchError("unknown key type")
    return key


@cache
def _verifier(der: bytes) -> Callable[[bytes, bytes], None]:
    """Raises InvalidSignature for a signature that is not of the key, over the data."""
    key, by_rsa, by_curve = _public_key(der), padding.PKCS1v15(), ec.ECDSA(HASH)
    if isinstance(key, rsa.RSAPublicKey):
        return lambda signature, data: key.verify(signature, data, by_rsa, HASH)
    return lambda signature, data: key.verify(signature, data, by_curve)


def _certificates(path: Path) -> list[bytes]:
    return [der for _, _, der in pem.unarmor(path.read_bytes(), multiple=True)]
