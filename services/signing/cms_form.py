"""The one form that a CMS signature may have here, so that no byte of it can change unnoticed (RFC 5652, DER).

A signature binds the document and its signed attributes.  What it does not bind (versions, algorithm lists,
certificates, unsigned attributes) is compared with what it must be.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from asn1crypto import cms
from asn1crypto.core import Null, Void
from cryptography import x509
from cryptography.exceptions import InvalidSignature

from services.signing.der import NotDerError, parts, require_der

TIMESTAMP = "signature_time_stamp_token"
PAIR, UNSIGNED_TAG = 2, 0xA1
# RFC 3370 3.2, RFC 5754 3.3: what stands beside the name of a signature algorithm; of PSS, its own parameters.
PARAMETERS: dict[str, type | None] = {"rsassa_pkcs1v15": Null, "ecdsa": Void, "rsassa_pss": None}
UNBOUND = "ISSUER_UNKNOWN"
MALFORMED = (ValueError, TypeError, KeyError, IndexError, AttributeError)


class CmsFormError(Exception):
    """The CMS object is not in the one form.  ``code``: what differs; UNBOUND when an issuer is not known here."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def inspect_cms(der: bytes, roots: Sequence[bytes]) -> None:
    """Check a signature's CMS object, and the timestamp tokens inside it.  ``roots``: DER.  Raises CmsFormError."""
    try:
        content = cms.ContentInfo.load(der, strict=True)
        _inspect(content, der, roots)
    except MALFORMED as error:
        raise CmsFormError("CMS") from error


def _inspect(content: Any, der: bytes, roots: Sequence[bytes]) -> None:
    _require(content["content_type"].native == "signed_data", "CMS")
    _require_der(der)
    _require_no_more(der)
    data = content["content"]
    (signer,) = data["signer_infos"]
    _inspect_shell(data, signer)
    _inspect_attributes(signer, roots)
    own = _signer_certificate(data, signer)
    certificates = [item.chosen.dump() for item in data["certificates"]]
    _require(certificates == sorted(certificates), "NOT_DER")
    inspect_certificates(certificates, roots)
    _require(_names(signer["signed_attrs"]).isdisjoint({"counter_signature"}) and own is not None, "SIGNER")


def _require_no_more(der: bytes) -> None:
    """RFC 5652 3, 5.1 to 5.3: only the parts that it names.  A parser may leave unread what stands after them."""
    _, content = parts(der)
    (data,) = parts(content)
    _, digests, encapsulated, _, signers = parts(data)
    (signer,) = parts(signers)
    _, issuer_and_serial, digest, _, mechanism, _, *unsigned = parts(signer)
    algorithms = (*parts(digests), digest, mechanism)
    _require(all(len(parts(one)) <= PAIR for one in (encapsulated, issuer_and_serial, *algorithms)), "CMS")
    _require(all(len(parts(one)) == 1 for one in parts(encapsulated)[1:]), "CMS")
    _require([one[0] for one in unsigned] in ([], [UNSIGNED_TAG]), "CMS")
    attributes = [attribute for one in unsigned for attribute in parts(one)]
    _require(all(len(parts(attribute)) == PAIR for attribute in attributes), "CMS")


def _inspect_shell(data: Any, signer: Any) -> None:
    """RFC 5652 5.1, 5.3: versions follow from the content; each algorithm is named once and the same everywhere."""
    token = data["encap_content_info"]["content_type"].native == "tst_info"
    _require(data["version"].native == ("v3" if token else "v1"), "VERSION")
    _require(signer["version"].native == "v1" and signer["sid"].name == "issuer_and_serial_number", "SIGNER")
    _require(token or data["encap_content_info"]["content"].native is None, "CONTENT")
    (digest,) = data["digest_algorithms"]
    _require(digest.dump() == signer["digest_algorithm"].dump(), "DIGEST")
    _require(_empty(data["crls"]), "CRLS")
    hash_name = signer["digest_algorithm"]["algorithm"].native
    mechanism = signer["signature_algorithm"]
    if mechanism.signature_algo in ("rsassa_pkcs1v15", "ecdsa") and mechanism["algorithm"].native != "rsassa_pkcs1v15":
        _require(mechanism.hash_algo == hash_name, "ALGORITHM")
    parameters = signer["digest_algorithm"]["parameters"].native
    _require(parameters is None and mechanism.signature_algo in PARAMETERS, "ALGORITHM")
    wanted = PARAMETERS[mechanism.signature_algo]
    _require(wanted is None or isinstance(mechanism["parameters"], wanted), "ALGORITHM")


def _inspect_attributes(signer: Any, roots: Sequence[bytes]) -> None:
    signed, unsigned = signer["signed_attrs"], signer["unsigned_attrs"]
    _require(len(_names(signed)) == len(signed), "ATTRIBUTES")
    if _empty(unsigned):
        return
    _require([attribute["type"].native for attribute in unsigned] == [TIMESTAMP], "UNSIGNED_ATTRIBUTES")
    (token,) = unsigned[0]["values"]
    _inspect(token, token.dump(), roots)
    imprint = token["content"]["encap_content_info"]["content"].parsed["message_imprint"]
    hashed = hashlib.new(imprint["hash_algorithm"]["algorithm"].native, signer["signature"].native).digest()
    _require(imprint["hashed_message"].native == hashed, "TIMESTAMP")


def _signer_certificate(data: Any, signer: Any) -> Any:
    wanted = signer["sid"].chosen.dump()
    for item in data["certificates"]:
        certificate = item.chosen
        found = cms.IssuerAndSerialNumber({"issuer": certificate.issuer, "serial_number": certificate.serial_number})
        if found.dump() == wanted:
            return certificate
    raise CmsFormError("SIGNER")


def certificates_in(der: bytes) -> tuple[bytes, ...]:
    """DER of the certificates in a CMS object that has been inspected, and in its timestamp."""
    data = cms.ContentInfo.load(der)["content"]
    (signer,) = data["signer_infos"]
    tokens = () if _empty(signer["unsigned_attrs"]) else signer["unsigned_attrs"][0]["values"]
    inner = (one for token in tokens for one in certificates_in(token.dump()))
    return (*(item.chosen.dump() for item in data["certificates"]), *inner)


def inspect_certificates(found: Sequence[bytes], others: Sequence[bytes]) -> None:
    """Each is bound by the signature of another that is here, or of one of the ``others``: an unused one could change
    unseen.  Raises CmsFormError, and what the library raises on a certificate that it cannot read.
    """
    _require(len(set(found)) == len(found), "CERTIFICATES")
    issuers = [x509.load_der_x509_certificate(der) for der in (*found, *others)]
    for der in found:
        _require_bound(x509.load_der_x509_certificate(der), issuers)


def _require_bound(certificate: x509.Certificate, issuers: Iterable[x509.Certificate]) -> None:
    named = [issuer for issuer in issuers if issuer.subject == certificate.issuer]
    _require(bool(named), UNBOUND)
    _require(any(_issued(certificate, issuer) for issuer in named), "CERTIFICATES")


def _issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def _names(attributes: Any) -> set[str]:
    return {attribute["type"].native for attribute in attributes}


def _require_der(der: bytes) -> None:
    try:
        require_der(der)
    except NotDerError as error:
        raise CmsFormError("NOT_DER") from error


def _empty(value: Any) -> bool:
    return isinstance(value, Void) or len(value) == 0


def _require(holds: bool, code: str) -> None:
    if not holds:
        raise CmsFormError(code)
