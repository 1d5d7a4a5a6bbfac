"""A verdict as a signature validation report (ETSI TS 119 102-2 V1.4.1): what another program reads and keeps."""

import base64
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from xml.etree import ElementTree as Xml

from services.signing.verdict import Found, Status, Verdict

VR, DS = "http://uri.etsi.org/19102/v1.4.1#", "http://www.w3.org/2000/09/xmldsig#"
ETSI = "urn:etsi:019102"
INDICATION = {"valid": "total-passed", "invalid": "total-failed", "indeterminate": "indeterminate"}
# ETSI EN 319 102-1 V1.3.1, tables 5 and 6.  Other codes are our own and stand in the report's data.
SUB_INDICATIONS = {
    "FORMAT_FAILURE", "HASH_FAILURE", "SIG_CRYPTO_FAILURE", "REVOKED", "EXPIRED", "NOT_YET_VALID",
    "SIG_CONSTRAINTS_FAILURE", "CHAIN_CONSTRAINTS_FAILURE", "CERTIFICATE_CHAIN_GENERAL_FAILURE",
    "CRYPTO_CONSTRAINTS_FAILURE", "POLICY_PROCESSING_ERROR", "SIGNATURE_POLICY_NOT_AVAILABLE",
    "TIMESTAMP_ORDER_FAILURE", "NO_SIGNING_CERTIFICATE_FOUND", "NO_CERTIFICATE_CHAIN_FOUND", "REVOKED_NO_POE",
    "REVOKED_CA_NO_POE", "OUT_OF_BOUNDS_NOT_REVOKED", "OUT_OF_BOUNDS_NO_POE", "REVOCATION_OUT_OF_BOUNDS_NO_POE",
    "CRYPTO_CONSTRAINTS_FAILURE_NO_POE", "NO_POE", "TRY_LATER", "SIGNED_DATA_NOT_FOUND",
}  # fmt: skip
OWN_CODE = "urn:todoke:verifier:code"
DIGEST_METHODS = {
    "sha1": "http://www.w3.org/2000/09/xmldsig#sha1",
    "sha224": "http://www.w3.org/2001/04/xmldsig-more#sha224",
    "sha256": "http://www.w3.org/2001/04/xmlenc#sha256",
    "sha384": "http://www.w3.org/2001/04/xmldsig-more#sha384",
    "sha512": "http://www.w3.org/2001/04/xmlenc#sha512",
    "sha3_256": "http://www.w3.org/2007/05/xmldsig-more#sha3-256",
    "sha3_384": "http://www.w3.org/2007/05/xmldsig-more#sha3-384",
    "sha3_512": "http://www.w3.org/2007/05/xmldsig-more#sha3-512",
}
Content = Xml.Element | str


def report_of(verdict: Verdict) -> bytes:
    """XML in UTF-8.  Each signature has its own report; each document timestamp is a validation object with one."""
    for prefix, namespace in (("vr", VR), ("ds", DS)):
        Xml.register_namespace(prefix, namespace)
    signatures = [one for one in verdict.found if one.kind == "signature"]
    reports = [_report(verdict, one, number) for number, one in enumerate(signatures)]
    objects = list(_objects(verdict))
    listed = [_vr("SignatureValidationObjects", *objects)] if objects else []
    root = _vr("ValidationReport", *(reports or [_vr("SignatureValidationReport", _overall(verdict))]), *listed)
    Xml.indent(root)
    xml: bytes = Xml.tostring(root, encoding="utf-8", xml_declaration=True)
    return xml


def _report(verdict: Verdict, found: Found, number: int) -> Xml.Element:
    is_last = found == [one for one in verdict.found if one.kind == "signature"][-1]
    return _vr(
        "SignatureValidationReport",
        _identifier(found, f"S-{number}"),
        _times(verdict, found),
        _vr("SignersDocument", _digest(found.digest, found.document_digest)) if found.document_digest else None,
        _attributes(found),
        _signer(found),
        _vr("SignatureValidationProcess", _vr("SignatureValidationProcessID", f"{ETSI}:validationprocess:LTA")),
        _overall(verdict) if is_last else _status(found.status, found.reasons),
    )


def _identifier(found: Found, identifier: str) -> Xml.Element:
    element = _vr(
        "SignatureIdentifier",
        _digest("sha256", found.value_sha256),
        _vr("HashOnly", "false"),
        _vr("DocHashOnly", "false"),
    )
    element.set("id", identifier)
    return element


def _times(verdict: Verdict, found: Found) -> Xml.Element | None:
    if not verdict.checked_at:
        return None
    best = _poe(found.signed_at or verdict.checked_at)
    return _vr("ValidationTimeInfo", _vr("ValidationTime", _time(verdict.checked_at)), _vr("BestSignatureTime", *best))


def _poe(at: datetime) -> tuple[Xml.Element, Xml.Element]:
    return _vr("POETime", _time(at)), _vr("TypeOfProof", f"{ETSI}:poetype:validation")


def _attributes(found: Found) -> Xml.Element:
    digest = _vr("MessageDigest", _vr("Digest", _base64(found.document_digest)))
    digest.set("Signed", "true")
    return _vr("SignatureAttributes", digest, _vr("ByteRange", " ".join(map(str, found.byte_range))))


def _signer(found: Found) -> Xml.Element:
    certificate = _vr("SignerCertificate")
    certificate.set("VOReference", _name_of(found))
    return _vr("SignerInformation", certificate, _vr("Signer", found.signer) if found.signer else None)


def _objects(verdict: Verdict) -> Iterator[Xml.Element]:
    """Certificates first, each once; then the document timestamps."""
    for name, digest in {_name_of(one): one.certificate_sha256 for one in verdict.found}.items():
        yield _object(name, "certificate", [_digest("sha256", digest)])
    for number, one in enumerate(one for one in verdict.found if one.kind == "timestamp"):
        element = _object(f"T-{number}", "timestamp", [_digest("sha256", one.value_sha256)])
        if one.signed_at:
            element.append(_vr("POEProvisioning", _vr("POETime", _time(one.signed_at))))
        report = _vr("ValidationReport", _signer(one), _status(one.status, one.reasons))
        element.append(report)
        yield element


def _object(name: str, kind: str, representation: Sequence[Xml.Element]) -> Xml.Element:
    element = _vr(
        "ValidationObject",
        _vr("ObjectType", f"{ETSI}:validationObject:{kind}"),
        _vr("ValidationObjectRepresentation", *representation),
    )
    element.set("id", name)
    return element


def _overall(verdict: Verdict) -> Xml.Element:
    return _status(verdict.status, verdict.reasons)


def _status(status: Status, codes: Sequence[str]) -> Xml.Element:
    known = [_vr("SubIndication", f"{ETSI}:subindication:{code}") for code in codes if code in SUB_INDICATIONS]
    data = [
        _vr("ReportData", _vr("Type", OWN_CODE), _vr("Value", code)) for code in codes if code not in SUB_INDICATIONS
    ]
    own = _vr("AssociatedValidationReportData", _vr("AdditionalValidationReportData", *data)) if data else None
    return _vr(
        "SignatureValidationStatus", _vr("MainIndication", f"{ETSI}:mainindication:{INDICATION[status]}"), *known, own
    )


def _digest(algorithm: str, digest: str) -> Xml.Element:
    name = DIGEST_METHODS.get(algorithm, f"urn:todoke:hash:{algorithm}")
    method = Xml.Element(f"{{{DS}}}DigestMethod", Algorithm=name)
    value = Xml.Element(f"{{{DS}}}DigestValue")
    value.text = _base64(digest)
    element = _vr("DigestAlgAndValue")
    element.extend((method, value))
    return element


def _name_of(found: Found) -> str:
    return f"C-{found.certificate_sha256[:32]}"


def _base64(digest: str) -> str:
    return base64.b64encode(bytes.fromhex(digest)).decode()


def _time(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _vr(name: str, *content: Content | None) -> Xml.Element:
    element = Xml.Element(f"{{{VR}}}{name}")
    for one in content:
        if isinstance(one, str):
            element.text = one
        elif one is not None:
            element.append(one)
    return element
