"""One verdict about one PDF: two engines must agree, and an exception in either is never "valid"."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime

from services.chassis.logging import get_logger
from services.signing.pades import Judgement, Trust, judge
from services.signing.structure import claims_signature, signatures_anywhere
from services.signing.verdict import BROKEN, TOO_COMPLEX, UNREADABLE, UNSIGNED, Status, Verdict
from services.signing.verifier.digests import leads_to
from services.signing.verifier.inspection import Inspection, inspect_file
from services.signing.verifier.values import TooComplexError

__all__ = ["Verdict", "verify"]

log = get_logger()

Codes = tuple[str, ...]
OF_CHANGES = frozenset({"DOCMDP", "MODIFIED"})


def verify(pdf: bytes, trust: Trust, at: datetime | None = None) -> Verdict:
    """``at``: as of when, now if nothing is said.  Never raises: a file that breaks a parser is answered, not shown as
    an error.
    """
    moment = at or datetime.now(UTC)
    digest = hashlib.sha256(pdf).hexdigest()
    try:
        verdict = _verdict(pdf, trust, moment)
    except (MemoryError, TooComplexError):
        verdict = Verdict("indeterminate", (TOO_COMPLEX,), digest)
    except Exception as error:  # Any, from wherever: it is answered, and somebody must look at our own code.
        log.error("verification_raised", error=type(error).__name__)
        verdict = Verdict("indeterminate", (BROKEN,), digest)
    return replace(verdict, sha256=digest, checked_at=moment)


def _verdict(pdf: bytes, trust: Trust, at: datetime) -> Verdict:
    claims = claims_signature(pdf)
    inspection = _inspected(pdf, trust) if claims else Inspection()
    try:
        judgement = judge(pdf, trust, at)
    except (MemoryError, TooComplexError):
        raise
    except Exception:  # Any exception: 4 of 8 public attack files make the validator raise.
        return _unjudged(pdf, trust, inspection) if claims else Verdict("indeterminate", (UNREADABLE,), "")
    if not judgement.signatures and not claims:
        return Verdict("indeterminate", (UNSIGNED,), "")
    if not judgement.signer:
        return _unjudged(pdf, trust, inspection)
    failures, doubts = _agreed(judgement, inspection, trust, _is_of_a_stranger(pdf, judgement, trust))
    status: Status = "invalid" if failures else "indeterminate" if doubts else "valid"
    return Verdict(
        status,
        failures or doubts,
        "",
        judgement.signer,
        judgement.signed_at,
        judgement.level,
        judgement.town,
        judgement.valid_until,
        found=judgement.found,
    )


def _inspected(pdf: bytes, trust: Trust) -> Inspection:
    """Our own engine; what breaks it has found a fault of some kind."""
    try:
        return inspect_file(pdf, trust.roots)
    except (MemoryError, TooComplexError):
        raise
    except Exception:  # Any: an exception is never "valid".
        return Inspection(general={BROKEN: None})


def _unjudged(pdf: bytes, trust: Trust, inspection: Inspection) -> Verdict:
    """pyHanko sees no signature, or cannot read the file: altered, if it was ours or its own hash says so."""
    broken = tuple(inspection.broken)
    if broken or any(leads_to(der, trust.roots) for der in signatures_anywhere(pdf)):
        return Verdict("invalid", (*broken, BROKEN), "")
    return Verdict("indeterminate", (BROKEN, *inspection.general), "")


def _is_of_a_stranger(pdf: bytes, judgement: Judgement, trust: Trust) -> bool:
    """Nobody that is known here: then the document need not have the form that ours have."""
    return not judgement.root and not any(leads_to(der, trust.roots) for der in signatures_anywhere(pdf))


def _agreed(judgement: Judgement, inspection: Inspection, trust: Trust, is_strange: bool) -> tuple[Codes, Codes]:
    """Failures and doubts of both engines.  A stranger's document is called altered only where both have seen it."""
    broken, doubts = dict.fromkeys(inspection.broken), dict.fromkeys((*judgement.doubts, *inspection.doubts))
    general = dict.fromkeys(inspection.general)
    if inspection.signatures != judgement.signatures:
        general["COUNT"] = None
    if is_strange:
        sure = [code for code in judgement.failures if code in OF_CHANGES and inspection.has_changes]
        doubts |= dict.fromkeys((*judgement.failures, *general, *inspection.form))
        return tuple(dict.fromkeys((*sure, *broken))), tuple(doubts)
    (*_, last) = (one for one in judgement.found if one.kind == "signature")
    if not trust.is_ours(judgement.root, last.organization):
        sure = [code for code in judgement.failures if code not in OF_CHANGES or general]
        doubts |= dict.fromkeys(judgement.failures)
        return tuple(dict.fromkeys((*sure, *broken, *general))), tuple(doubts)
    return tuple(dict.fromkeys((*judgement.failures, *broken, *general, *inspection.form))), tuple(doubts)
