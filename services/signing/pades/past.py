"""A signature with document timestamps after it, judged as of when each proves what was there (EN 319 102-1 5.6.3).

What a timestamp covers existed when it was made.  So each timestamp is judged as of the next one, the last one as of
now, and the signature as of the first: with the certificates and lists of that moment, whatever has ended since.
pyHanko's own past validation takes the newest list of an authority for a certificate that had ended before it, and then
finds no proof; files of three renewals are refused there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from pyhanko.sign.ades.report import AdESPassed
from pyhanko.sign.validation import ades, generic_cms
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.policy_decl import SignatureValidationSpec, bootstrap_validation_data_handlers
from pyhanko.sign.validation.status import DocumentTimestampStatus, PdfSignatureStatus
from pyhanko_certvalidator.context import ValidationTimingInfo
from pyhanko_certvalidator.ltv.poe import POEManager

__all__ = ["Past", "validate"]


@dataclass(frozen=True)
class Past:
    """``result``: pyHanko's, of the signature.  ``chain_holds``: every document timestamp proves what it covers.

    ``is_revoked``: a list that is known here says that a certificate was revoked before its signature was proven.
    """

    result: Any
    chain_holds: bool
    is_revoked: bool


async def validate(
    signature: EmbeddedPdfSignature,
    stamps: Sequence[EmbeddedPdfSignature],
    specification: SignatureValidationSpec,
    at: datetime,
) -> Past:
    """``stamps``: the document timestamps after the signature, in their order; ``at``: as of when all is judged.

    Files of others may lack what the past asks for, and still hold today.
    """
    moments = [*(_said(one) for one in stamps), at]
    chain_holds = True
    for stamp, (_, moment) in zip(stamps, pairwise(moments), strict=True):
        chain_holds &= await _holds(stamp, specification, moment, at)
    result = await _signature(signature, specification, moments[0], at)
    if stamps and not (chain_holds and result.ades_subindic == AdESPassed.OK):
        today = await _signature(signature, specification, at, at)
        if today.ades_subindic == AdESPassed.OK:
            result = today
    return Past(result, chain_holds, _is_revoked(signature, stamps, specification))


async def _holds(
    stamp: EmbeddedPdfSignature, specification: SignatureValidationSpec, moment: datetime, at: datetime
) -> bool:
    stamp.compute_integrity_info()
    digest = stamp.compute_digest()
    timing = _timing(moment, at)
    result = await ades.ades_timestamp_validation(
        stamp.signed_data,
        specification,
        lambda name: digest if name == stamp.external_md_algorithm else b"",
        timing_info=timing,
        validation_data_handlers=_handlers(specification, timing),
        extra_status_kwargs=stamp.summarise_integrity_info(),
        status_cls=DocumentTimestampStatus,
    )
    return bool(result.ades_subindic == AdESPassed.OK)


async def _signature(
    signature: EmbeddedPdfSignature, specification: SignatureValidationSpec, moment: datetime, at: datetime
) -> Any:
    timing = _timing(moment, at)
    common = {
        "timing_info": timing,
        "raw_digest": signature.compute_digest(),
        "validation_data_handlers": _handlers(specification, timing),
    }
    if not any(generic_cms.extract_tst_data_iter(signature.signer_info, signed=False)):
        return await ades.ades_basic_validation(signature.signed_data, specification, **common)
    signature.compute_integrity_info()
    return await ades.ades_with_time_validation(
        signature.signed_data,
        specification,
        extra_status_kwargs=signature.summarise_integrity_info(),
        status_cls=PdfSignatureStatus,
        **common,
    )


def _timing(moment: datetime, at: datetime) -> ValidationTimingInfo:
    return ValidationTimingInfo(moment, moment, point_in_time_validation=moment != at)


def _handlers(specification: SignatureValidationSpec, timing: ValidationTimingInfo) -> Any:
    proofs = POEManager(current_dt_override=timing.validation_time)
    return bootstrap_validation_data_handlers(specification, timing_info=timing, poe_manager_override=proofs)


def _is_revoked(
    signature: EmbeddedPdfSignature, stamps: Sequence[EmbeddedPdfSignature], specification: SignatureValidationSpec
) -> bool:
    """The past is judged by the lists of then; one of today may tell that a key was lost before it signed."""
    lists = [one.crl_data for one in specification.local_knowledge.known_crls]
    tokens = list(generic_cms.extract_tst_data_iter(signature.signer_info, signed=False))
    proven = [(one, _said_by(one)) for one in (*tokens, *(stamp.signed_data for stamp in stamps))]
    if proven:
        proven.append((signature.signed_data, min(moment for _, moment in proven)))
    return any(
        _is_on(one, item.chosen, moment) for data, moment in proven for item in data["certificates"] for one in lists
    )


def _is_on(found: Any, certificate: Any, moment: datetime) -> bool:
    if found.issuer != certificate.issuer:
        return False
    return any(
        one["user_certificate"].native == certificate.serial_number and one["revocation_date"].native <= moment
        for one in found["tbs_cert_list"]["revoked_certificates"]
    )


def _said(stamp: EmbeddedPdfSignature) -> datetime:
    return _said_by(stamp.signed_data)


def _said_by(token: Any) -> datetime:
    moment: datetime = token["encap_content_info"]["content"].parsed["gen_time"].native
    return moment
