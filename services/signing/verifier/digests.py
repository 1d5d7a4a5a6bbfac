"""Whether a signature's CMS object belongs to the bytes that its byte range covers: our own reckoning."""

import hashlib
from collections.abc import Iterator
from typing import Any

from asn1crypto import cms, core, tsp
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

TOKEN = tsp.TSTInfo  # its module teaches asn1crypto what a timestamp's content is
HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha1": hashes.SHA1(),  # noqa: S303 - read, never written
    "sha224": hashes.SHA224(),
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
MALFORMED = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError)


def mismatches(der: bytes, covered: bytes) -> Iterator[str]:
    """Codes of what does not fit; nothing for what this module cannot judge.  ``covered``: the bytes signed."""
    try:
        data = cms.ContentInfo.load(der)["content"]
        (signer,) = data["signer_infos"]
        yield from _digest(data, signer, covered)
        yield from _value(data, signer)
    except (*MALFORMED, UnsupportedAlgorithm):
        return


def _digest(data: Any, signer: Any, covered: bytes) -> Iterator[str]:
    content = data["encap_content_info"]
    stated = _attribute(signer, "message_digest")
    if content["content_type"].native == "tst_info":
        token = content["content"].parse(TOKEN)
        imprint = token["message_imprint"]
        stated_hash = imprint["hash_algorithm"]["algorithm"].native
        if hashlib.new(stated_hash, covered).digest() != imprint["hashed_message"].native:
            yield "HASH_FAILURE"
        inner = bytes(content["content"])
        if hashlib.new(signer["digest_algorithm"]["algorithm"].native, inner).digest() != stated:
            yield "HASH_FAILURE"
    elif stated not in (None, hashlib.new(signer["digest_algorithm"]["algorithm"].native, covered).digest()):
        yield "HASH_FAILURE"


def _attribute(signer: Any, name: str) -> Any:
    attributes = signer["signed_attrs"]
    if isinstance(attributes, core.Void):
        return None
    (found,) = [one["values"][0].native for one in attributes if one["type"].native == name]
    return found


def _value(data: Any, signer: Any) -> Iterator[str]:
    """The signature value over the signed attributes, by the key of the certificate that the signer names."""
    attributes = signer["signed_attrs"]
    if isinstance(attributes, core.Void):
        return
    certificate = _certificate(data, signer)
    digest = HASHES[signer["digest_algorithm"]["algorithm"].native]
    mechanism = signer["signature_algorithm"].signature_algo
    signed, value, key = attributes.untag().dump(), signer["signature"].native, certificate.public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey) and mechanism == "rsassa_pkcs1v15":
            key.verify(value, signed, padding.PKCS1v15(), digest)
        elif isinstance(key, ec.EllipticCurvePublicKey) and mechanism == "ecdsa":
            key.verify(value, signed, ec.ECDSA(digest))
    except InvalidSignature:
        yield "SIG_CRYPTO_FAILURE"


def _certificate(data: Any, signer: Any) -> x509.Certificate:
    wanted = signer["sid"].chosen.dump()
    for item in data["certificates"]:
        one = item.chosen
        names = cms.IssuerAndSerialNumber({"issuer": one.issuer, "serial_number": one.serial_number})
        if names.dump() == wanted:
            return _read(one.dump())
    raise KeyError("signer")


def _read(der: bytes) -> x509.Certificate:
    """Raises ValueError: cryptography's own errors of a broken certificate have no class in common."""
    try:
        return x509.load_der_x509_certificate(der)
    except Exception as error:
        raise ValueError("not a certificate") from error


def leads_to(der: bytes, roots: tuple[bytes, ...]) -> bool:
    """Whether a certificate beside the signature was issued by one of the roots, whatever the signature is worth."""
    known = [_read(root) for root in roots]
    try:
        items = list(cms.ContentInfo.load(der)["content"]["certificates"])
    except MALFORMED:
        return False
    return any(_leads(item, root) for item in items for root in known)


def _leads(item: Any, root: x509.Certificate) -> bool:
    """One that is broken leads nowhere; the others are asked all the same."""
    try:
        return _issued(_read(item.chosen.dump()), root)
    except MALFORMED:
        return False


def _issued(certificate: x509.Certificate, root: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(root)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
        return False
    return True
