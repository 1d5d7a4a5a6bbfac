"""A CMS SignedData (RFC 5652) made once per certificate: only digest and signature value change from one to the next.

Signed attributes: content-type, message-digest, signing-certificate-v2 (RFC 5035), in DER order; nothing else.
"""

import hashlib
from binascii import hexlify
from dataclasses import dataclass
from functools import cache

from asn1crypto import algos, cms, core, tsp, x509

from services.signing.der import parts
from services.signing.pades.identity import SealIdentity, longest_signature

DIGEST = "sha256"
DIGEST_BYTES = hashlib.sha256().digest_size
SEQUENCE, SET, EXPLICIT, UNSIGNED, SHORT_FORM = 0x30, 0x31, 0xA0, 0xA1, 0x80
SIGNATURE_TIME_STAMP = cms.CMSAttributeType("signature_time_stamp_token").dump()
MARK, VALUE = b"\xa5" * DIGEST_BYTES, 0x5A


@dataclass(frozen=True)
class CmsTemplate:
    """``attributes``: DER of the signed attributes, cut at the digest.  ``most_bytes``: of the whole."""

    identity: SealIdentity
    attributes: tuple[bytes, bytes]
    most_bytes: int

    def to_sign(self, digest: bytes) -> bytes:
        """What the key signs: the signed attributes as a SET (RFC 5652 5.4)."""
        before, after = self.attributes
        return b"".join((before, digest, after))

    def filled(self, digest: bytes, signature: bytes) -> bytes:
        """DER of the whole."""
        before, between, after = _cut(self, len(signature))
        return b"".join((before, digest, between, signature, after))

    def digits(self, digest: bytes, signature: bytes) -> bytes:
        """The same in hexadecimal digits, as a PDF string holds it: what never changes is written only once."""
        before, between, after = _cut_digits(self, len(signature))
        return b"".join((before, hexlify(digest), between, hexlify(signature), after))


def with_timestamp(der: bytes, token: bytes) -> bytes:
    """With a signature-time-stamp (RFC 3161 appendix A, ETSI EN 319 122-1 5.3) as the only unsigned attribute.

    Joined as bytes: asn1crypto encodes some certificates anew, byte by byte, and takes seconds for it.
    """
    kind, explicit = parts(der)
    (data,) = parts(explicit)
    *before, signers = parts(data)
    (signer,) = parts(signers)
    stamped = _value(SEQUENCE, SIGNATURE_TIME_STAMP, _value(SET, token))
    signer = _value(SEQUENCE, *parts(signer), _value(UNSIGNED, stamped))
    return _value(SEQUENCE, kind, _value(EXPLICIT, _value(SEQUENCE, *before, _value(SET, signer))))


def _value(tag: int, *contents: bytes) -> bytes:
    """One DER value (X.690 8.1.3, 10.1)."""
    inside = b"".join(contents)
    if len(inside) < SHORT_FORM:
        return bytes((tag, len(inside))) + inside
    length = len(inside).to_bytes((len(inside).bit_length() + 7) // 8, "big")
    return bytes((tag, SHORT_FORM + len(length))) + length + inside


@cache
def template_of(identity: SealIdentity) -> CmsTemplate:
    """Made once: asn1crypto takes its time."""
    before, _, after = _attributes(identity).dump().partition(MARK)
    return CmsTemplate(identity, (before, after), len(_signed_data(identity, bytes(longest_signature(identity)))))


def _attributes(identity: SealIdentity) -> cms.CMSAttributes:
    named = tsp.ESSCertIDv2({"cert_hash": hashlib.sha256(identity.certificate).digest()})
    values = {
        "content_type": "data",
        "message_digest": MARK,
        "signing_certificate_v2": tsp.SigningCertificateV2({"certs": [named]}),
    }
    found = [cms.CMSAttribute({"type": name, "values": [value]}) for name, value in values.items()]
    return cms.CMSAttributes(sorted(found, key=lambda one: bytes(one.dump())))


@cache
def _cut(template: CmsTemplate, length: int) -> tuple[bytes, bytes, bytes]:
    """One for each length of a signature: ECDSA has several."""
    value = bytes([VALUE]) * length
    before, _, rest = _signed_data(template.identity, value).partition(MARK)
    between, _, after = rest.partition(value)
    return before, between, after


@cache
def _cut_digits(template: CmsTemplate, length: int) -> tuple[bytes, bytes, bytes]:
    before, between, after = map(hexlify, _cut(template, length))
    return before, between, after


def _signed_data(identity: SealIdentity, value: bytes) -> bytes:
    own = x509.Certificate.load(identity.certificate)
    certificates = sorted((identity.certificate, *identity.chain))
    sid = cms.IssuerAndSerialNumber({"issuer": own.issuer, "serial_number": own.serial_number})
    digest = algos.DigestAlgorithm({"algorithm": DIGEST})
    signer = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier({"issuer_and_serial_number": sid}),
            "digest_algorithm": digest,
            "signed_attrs": _attributes(identity),
            "signature_algorithm": _mechanism(own),
            "signature": value,
        }
    )
    data = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [digest],
            "encap_content_info": {"content_type": "data"},
            "certificates": [cms.CertificateChoices("certificate", x509.Certificate.load(one)) for one in certificates],
            "signer_infos": [signer],
        }
    )
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": data}).dump())


def _mechanism(own: x509.Certificate) -> algos.SignedDigestAlgorithm:
    if own.public_key.algorithm == "rsa":
        return algos.SignedDigestAlgorithm({"algorithm": "rsassa_pkcs1v15", "parameters": core.Null()})
    return algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"})
