"""pyHanko's judgement of a signed PDF (ETSI EN 319 102-1), strict: only our roots, our own CRLs, nothing fetched."""

import asyncio
import hashlib
import io
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from asn1crypto import crl, ocsp, pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESFailure, AdESPassed
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import policy_decl
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator.authority import CertTrustAnchor
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.policy_decl import CertRevTrustPolicy, RevocationCheckingPolicy, RevocationCheckingRule
from pyhanko_certvalidator.registry import SimpleTrustManager
from pyhanko_certvalidator.revinfo.archival import CRLContainer, OCSPContainer

from services.signing.pades.past import validate
from services.signing.verdict import Found, Status
from services.signing.verifier.known import Known

# Its warnings carry certificate subjects and stack traces; what it finds is in its results.
for name in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(name).setLevel(logging.CRITICAL)
PADES = "/ETSI.CAdES.detached"
SIGNING_USAGES = frozenset({"digital_signature", "non_repudiation"})
# For mail, for anything, and for documents: RFC 9336, Adobe, Microsoft.
SIGNING_PURPOSES = frozenset(
    {
        "email_protection",
        "any_extended_key_usage",
        "1.3.6.1.5.5.7.3.36",
        "adobe_authentic_documents_trust",
        "microsoft_document_signing",
    }
)
REQUIRED = RevocationCheckingRule.CRL_OR_OCSP_REQUIRED
HARD_FAIL = RevocationCheckingPolicy(ee_certificate_rule=REQUIRED, intermediate_ca_cert_rule=REQUIRED)


@dataclass(frozen=True)
class Trust:
    """DER of the roots, and of the CRLs that are known here.  ``owners``: (root, name of the town whose root it is).
    ``others``: those roots under which documents need not have the form that ours have; nor need those that another
    ``organization`` has signed, if one is given.
    """

    roots: tuple[bytes, ...]
    crls: tuple[bytes, ...] = ()
    owners: tuple[tuple[bytes, str], ...] = ()
    others: frozenset[bytes] = frozenset()
    organization: str = ""

    def is_ours(self, root: bytes, organization: str) -> bool:
        """Whether a document must have the form that ours have.  ``organization``: in the signer's certificate."""
        return root not in self.others and self.organization in ("", organization)

    def owner_of(self, root: bytes) -> str:
        """Whose root it is; nothing when nobody has said."""
        return dict(self.owners).get(root, "")


@dataclass(frozen=True)
class Judgement:
    """About the whole file.  ``failures``: what makes it invalid; ``doubts``: what cannot be known here.

    ``signed_at``: the timestamp authority's time (of the last signature).  ``valid_until``: as in a Verdict.
    ``root``: DER of the root that the signer's certificate leads to.  ``found``: every signature and document
    timestamp, the first one first.
    """

    signatures: int
    failures: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    signer: str = ""
    signed_at: datetime | None = None
    level: str = ""
    root: bytes = b""
    town: str = ""
    valid_until: datetime | None = None
    found: tuple[Found, ...] = ()


def load_trust(roots: Path, crls: Iterable[bytes] = ()) -> Trust:
    """From a PEM file with any number of roots."""
    return Trust(_certificates(roots.read_bytes()), tuple(crls))


def trust_in(known: Known) -> Trust:
    """In every authority that is known."""
    held = [(der, one) for one in known.authorities for der in _certificates(one.roots)]
    owners = tuple((der, one.name) for der, one in held)
    others = frozenset(der for der, one in held if one.is_other)
    return Trust(tuple(der for der, _ in held), known.crls, owners, others, known.organization)


def judge(pdf: bytes, trust: Trust, at: datetime | None = None) -> Judgement:
    """``at``: as of when, now if nothing is said.  Raises whatever pyHanko raises on a file that is broken, or made to
    break it: the caller calls that invalid.
    """
    reader = PdfFileReader(io.BytesIO(pdf), strict=True)
    signatures = list(reader.embedded_signatures)
    moment = at or datetime.now(UTC)
    judged = [_judge(one, trust, moment) for one in signatures if one.sig_object_type == "/Sig"]
    if not judged:
        return Judgement(len(signatures))
    last, stamps = judged[-1], [_stamp(one) for one in signatures if one.sig_object_type == "/DocTimeStamp"]
    return Judgement(
        len(signatures),
        tuple(failure for one in judged for failure in one.failures),
        tuple(doubt for one in judged for doubt in one.doubts),
        last.signer,
        last.signed_at,
        last.level,
        last.root,
        last.town,
        stamps[-1].valid_until if stamps else last.valid_until,
        tuple(sorted((*(found for one in judged for found in one.found), *stamps), key=_reach)),
    )


def _reach(found: Found) -> int:
    return sum(found.byte_range[2:])


def _judge(signature: EmbeddedPdfSignature, trust: Trust, at: datetime) -> Judgement:
    later = [one for one in signature.reader.embedded_timestamp_signatures if _follows(one, signature)]
    failures = list(_integrity(signature))
    specification = _specification(trust, _held(signature.reader))
    past = asyncio.run(validate(signature, later, specification, at))
    result = past.result
    doubts = []
    if isinstance(result.ades_subindic, AdESFailure):
        failures.append(result.ades_subindic.name)
    elif result.ades_subindic != AdESPassed.OK:
        doubts.append(result.ades_subindic.name)
    if past.is_revoked:
        failures.append("REVOKED")
    if not past.chain_holds:
        doubts.append("TIMESTAMP_CHAIN")
    if not _may_sign(signature.signer_cert):
        doubts.append("PURPOSE")
    if signature.sig_object.get("/SubFilter") != PADES:
        doubts.append("SUBFILTER")  # another kind of signature, whole perhaps: not ours to judge
    return _judgement(signature, result, trust, (tuple(failures), tuple(doubts)), bool(later))


def _judgement(
    signature: EmbeddedPdfSignature, result: Any, trust: Trust, codes: tuple[tuple[str, ...], ...], stamped: bool
) -> Judgement:
    failures, doubts = codes
    path = getattr(result.api_status, "validation_path", None)
    anchor = getattr(path and path.trust_anchor, "certificate", None)
    until = _until(result, signature.signer_cert, path)
    status: Status = "invalid" if failures else "indeterminate" if doubts else "valid"
    found = _found(signature, status, failures or doubts, getattr(result, "best_signature_time", None), until)
    own_stamp = getattr(result.api_status, "timestamp_validity", None)
    dss = "/DSS" in signature.reader.root
    level = "B-LTA" if stamped else "B-LT" if dss and own_stamp else "B-T" if own_stamp else "B-B"
    root = anchor.dump() if anchor else b""
    proven = found.signed_at if stamped or own_stamp else None
    town = trust.owner_of(root)
    return Judgement(1, failures, doubts, found.signer, proven, level, root, town, until, (found,))


def _found(
    signature: EmbeddedPdfSignature, status: Status, reasons: tuple[str, ...], at: datetime | None, until: datetime
) -> Found:
    subject = signature.signer_cert.subject.native
    organization = str(subject.get("organization_name") or "")
    return Found(
        "signature" if signature.sig_object_type == "/Sig" else "timestamp",
        status,
        reasons,
        str(subject.get("common_name") or organization),
        organization,
        at,
        until,
        tuple(int(number) for number in signature.byte_range),
        signature.signer_info["digest_algorithm"]["algorithm"].native,
        signature.compute_digest().hex(),
        hashlib.sha256(signature.signer_info["signature"].native).hexdigest(),
        hashlib.sha256(signature.signer_cert.dump()).hexdigest(),
    )


def _stamp(stamp: EmbeddedPdfSignature) -> Found:
    """A document timestamp: what it says.  Whether the chain of them holds is judged with the signature."""
    said = stamp.signed_data["encap_content_info"]["content"].parsed
    status: Status = "valid" if next(_integrity(stamp), None) is None else "invalid"
    return _found(stamp, status, tuple(_integrity(stamp)), said["gen_time"].native, _end(stamp.signer_cert))


def _until(result: Any, own: Any, path: Any) -> datetime:
    """Of the timestamp's certificates, or of the signer's own."""
    stamp = getattr(result.api_status, "timestamp_validity", None)
    certificates = [own, *(path.iter_certs(include_root=True) if path else ())]
    if stamp:
        chain = stamp.validation_path
        certificates = [stamp.signing_cert, *(chain.iter_certs(include_root=True) if chain else ())]
    return min(_end(one) for one in certificates)


def _may_sign(certificate: Any) -> bool:
    """RFC 5280 4.2.1.3, 4.2.1.12, RFC 9336: an authority's certificate, or one for timestamps, signs no document."""
    usage, purposes = certificate.key_usage_value, certificate.extended_key_usage_value
    return (
        not certificate.ca
        and (usage is None or not SIGNING_USAGES.isdisjoint(usage.native))
        and (purposes is None or not SIGNING_PURPOSES.isdisjoint(purposes.native))
    )


def _end(certificate: Any) -> datetime:
    end: datetime = certificate.not_valid_after
    return end


def _follows(one: EmbeddedPdfSignature, other: EmbeddedPdfSignature) -> bool:
    return bool(one.signed_revision > other.signed_revision)


def _integrity(signature: EmbeddedPdfSignature) -> Iterator[str]:
    """Stricter than pyHanko's bottom line: a filled form is not what a notice allows, nor any other later change."""
    signature.compute_integrity_info()
    facts = signature.summarise_integrity_info()
    if facts["coverage"] < SignatureCoverageLevel.ENTIRE_REVISION:
        yield "COVERAGE"
    changes = facts["diff_result"]
    if not facts["docmdp_ok"] or (changes is None and facts["coverage"] < SignatureCoverageLevel.ENTIRE_FILE):
        yield "DOCMDP"
    if changes and getattr(changes, "modification_level", ModificationLevel.OTHER) > _allowed_after(signature):
        yield "MODIFIED"


def _allowed_after(signature: EmbeddedPdfSignature) -> ModificationLevel:
    """A further signature fills a field of the form; that nothing else was filled is what our own engine sees to."""
    later = [one for one in signature.reader.embedded_regular_signatures if _follows(one, signature)]
    return ModificationLevel.FORM_FILLING if later else ModificationLevel.LTA_UPDATES


def _specification(trust: Trust, held: policy_decl.LocalKnowledge) -> policy_decl.SignatureValidationSpec:
    """``held``: what the file brings with it (its DSS)."""
    roots = [x509.Certificate.load(der) for der in trust.roots]
    certificates = CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build([CertTrustAnchor(root) for root in roots]),
        revinfo_policy=CertRevTrustPolicy(HARD_FAIL),
        time_tolerance=timedelta(seconds=10),
    )
    return policy_decl.SignatureValidationSpec(
        cert_validation_policy=certificates,
        revinfo_gathering_policy=policy_decl.RevocationInfoGatheringSpec(
            online_fetching_rule=policy_decl.RevinfoOnlineFetchingRule.LOCAL_ONLY,
            certificate_fetching_rule=policy_decl.CertificateFetchingRule.NEVER_FETCH,
        ),
        local_knowledge=replace(
            held,
            known_crls=[*_lists(trust.crls), *held.known_crls],
            known_certs=[*roots, *held.known_certs],  # past validation looks for the issuers of lists here only
        ),
    )


def _lists(crls: Iterable[bytes]) -> list[CRLContainer]:
    return [CRLContainer(crl.CertificateList.load(der)) for der in crls]


def _held(reader: PdfFileReader) -> policy_decl.LocalKnowledge:
    """The file's validation data (ETSI EN 319 142-1 5.4.2.2): pyHanko reads them beside document timestamps only."""
    try:
        store = DocumentSecurityStore.read_dss(reader)
    except NoDSSFoundError:
        return policy_decl.LocalKnowledge()
    answers = [ocsp.OCSPResponse.load(one.get_object().data) for one in store.ocsps]
    return policy_decl.LocalKnowledge(
        known_ocsps=[container for answer in answers for container in OCSPContainer.load_multi(answer)],
        known_crls=_lists(one.get_object().data for one in store.crls),
        known_certs=list(store.load_certs()),
    )


def _certificates(text: bytes) -> tuple[bytes, ...]:
    return tuple(der for _, _, der in pem.unarmor(text, multiple=True))
