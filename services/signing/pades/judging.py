"""pyHanko's judgement of a signed PDF (ETSI EN 319 102-1), strict: only our roots, our own CRLs, nothing fetched."""

import asyncio
import io
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from asn1crypto import crl, pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESFailure, AdESPassed
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import ades, policy_decl
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator.authority import CertTrustAnchor
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.policy_decl import CertRevTrustPolicy, RevocationCheckingPolicy, RevocationCheckingRule
from pyhanko_certvalidator.registry import SimpleTrustManager
from pyhanko_certvalidator.revinfo.archival import CRLContainer

# Its warnings carry certificate subjects and stack traces; what it finds is in its results.
logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
PADES = "/ETSI.CAdES.detached"
REQUIRED = RevocationCheckingRule.CRL_OR_OCSP_REQUIRED
HARD_FAIL = RevocationCheckingPolicy(ee_certificate_rule=REQUIRED, intermediate_ca_cert_rule=REQUIRED)


@dataclass(frozen=True)
class Trust:
    """DER of the roots, and of the CRLs that are known here."""

    roots: tuple[bytes, ...]
    crls: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class Judgement:
    """About the whole file.  ``failures``: what makes it invalid; ``doubts``: what cannot be known here.

    ``signed_at``: the timestamp authority's time (of the last signature).
    """

    signatures: int
    failures: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    signer: str = ""
    signed_at: datetime | None = None
    level: str = ""


def load_trust(roots: Path, crls: Iterable[bytes] = ()) -> Trust:
    """From a PEM file with any number of roots."""
    return Trust(tuple(der for _, _, der in pem.unarmor(roots.read_bytes(), multiple=True)), tuple(crls))


def judge(pdf: bytes, trust: Trust) -> Judgement:
    """Raises whatever pyHanko raises on a file that is broken, or made to break it: the caller calls that invalid."""
    reader = PdfFileReader(io.BytesIO(pdf), strict=True)
    signatures = list(reader.embedded_signatures)
    judged = [_judge(signature, trust) for signature in signatures if signature.sig_object_type == "/Sig"]
    if not judged:
        return Judgement(len(signatures))
    last = judged[-1]
    return Judgement(
        len(signatures),
        tuple(failure for one in judged for failure in one.failures),
        tuple(doubt for one in judged for doubt in one.doubts),
        last.signer,
        last.signed_at,
        last.level,
    )


def _judge(signature: EmbeddedPdfSignature, trust: Trust) -> Judgement:
    later = list(signature.reader.embedded_timestamp_signatures)
    result = asyncio.run(_validate(signature, _specification(trust), bool(later)))
    failures = list(_integrity(signature))
    doubts = []
    if isinstance(result.ades_subindic, AdESFailure):
        failures.append(result.ades_subindic.name)
    elif result.ades_subindic != AdESPassed.OK:
        doubts.append(result.ades_subindic.name)
    if signature.sig_object.get("/SubFilter") != PADES:
        doubts.append("SUBFILTER")  # another kind of signature, whole perhaps: not ours to judge
    subject = signature.signer_cert.subject.native
    signer = str(subject.get("common_name") or subject.get("organization_name") or "")
    level = "B-LTA" if later else "B-LT" if "/DSS" in signature.reader.root else "B-T"
    return Judgement(1, tuple(failures), tuple(doubts), signer, result.best_signature_time, level)


async def _validate(signature: EmbeddedPdfSignature, specification: Any, archived: bool) -> Any:
    signature.compute_integrity_info()
    if archived:
        return await ades.ades_lta_validation(signature, policy_decl.PdfSignatureValidationSpec(specification))
    return await ades.ades_with_time_validation(
        signature.signed_data,
        specification,
        raw_digest=signature.compute_digest(),
        extra_status_kwargs=signature.summarise_integrity_info(),
        status_cls=PdfSignatureStatus,
    )


def _integrity(signature: EmbeddedPdfSignature) -> Iterable[str]:
    """Stricter than pyHanko's bottom line: a filled form is not what a notice allows, nor any other later change."""
    facts = signature.summarise_integrity_info()
    if facts["coverage"] < SignatureCoverageLevel.ENTIRE_REVISION:
        yield "COVERAGE"
    changes = facts["diff_result"]
    if not facts["docmdp_ok"] or (changes is None and facts["coverage"] < SignatureCoverageLevel.ENTIRE_FILE):
        yield "DOCMDP"
    if changes and getattr(changes, "modification_level", ModificationLevel.OTHER) > ModificationLevel.LTA_UPDATES:
        yield "MODIFIED"


def _specification(trust: Trust) -> policy_decl.SignatureValidationSpec:
    roots = [CertTrustAnchor(x509.Certificate.load(der)) for der in trust.roots]
    certificates = CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build(roots),
        revinfo_policy=CertRevTrustPolicy(HARD_FAIL),
        time_tolerance=timedelta(seconds=10),
    )
    return policy_decl.SignatureValidationSpec(
        cert_validation_policy=certificates,
        revinfo_gathering_policy=policy_decl.RevocationInfoGatheringSpec(
            online_fetching_rule=policy_decl.RevinfoOnlineFetchingRule.LOCAL_ONLY,
            certificate_fetching_rule=policy_decl.CertificateFetchingRule.NEVER_FETCH,
        ),
        local_knowledge=policy_decl.LocalKnowledge(
            known_crls=[CRLContainer(crl.CertificateList.load(der)) for der in trust.crls]
        ),
    )
