"""One verdict about one PDF: two engines must agree, and an exception in either is never "valid"."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime

from services.signing.cms_form import UNBOUND, CmsFormError, inspect_cms
from services.signing.dss_form import inspect_data
from services.signing.pades import Judgement, Trust, judge
from services.signing.structure import StructureError, claims_signature, inspect
from services.signing.verdict import BROKEN, TOO_COMPLEX, UNREADABLE, UNSIGNED, Status, Verdict

__all__ = ["Verdict", "verify"]

Codes = tuple[str, ...]
# Nobody that is known here: then the signature need not have the form that ours have.
STRANGER = frozenset({"NO_CERTIFICATE_CHAIN_FOUND", "CHAIN_CONSTRAINTS_FAILURE", "NO_SIGNING_CERTIFICATE_FOUND"})


def verify(pdf: bytes, trust: Trust, at: datetime | None = None) -> Verdict:
    """``at``: as of when, now if nothing is said.  Never raises: a file that breaks a parser is answered, not shown as
    an error.
    """
    moment = at or datetime.now(UTC)
    return replace(_verdict(pdf, trust, moment), checked_at=moment)


def _verdict(pdf: bytes, trust: Trust, at: datetime) -> Verdict:
    digest = hashlib.sha256(pdf).hexdigest()
    claims = claims_signature(pdf)
    try:
        judgement = judge(pdf, trust, at)
    except MemoryError:
        return Verdict("indeterminate", (TOO_COMPLEX,), digest)
    except Exception:  # Any exception: 4 of 8 public attack files make the validator raise.
        return Verdict("invalid" if claims else "indeterminate", (BROKEN if claims else UNREADABLE,), digest)
    if not judgement.signatures and not claims:
        return Verdict("indeterminate", (UNSIGNED,), digest)
    broken, foreign = _inspected(pdf, judgement, trust)
    failures = tuple(dict.fromkeys((*judgement.failures, *broken)))
    doubts = tuple(dict.fromkeys((*judgement.doubts, *foreign)))
    status: Status = "invalid" if failures else "indeterminate" if doubts else "valid"
    return Verdict(
        status,
        failures or doubts,
        digest,
        judgement.signer,
        judgement.signed_at,
        judgement.level,
        judgement.town,
        judgement.valid_until,
        found=judgement.found,
    )


def _inspected(pdf: bytes, judgement: Judgement, trust: Trust) -> tuple[Codes, Codes]:
    """What our own engine finds: rules broken; and what differs from our form in a signature that is not ours."""
    try:
        inspected = inspect(pdf)
        for der in inspected.signatures:
            inspect_cms(der, trust.roots)
        inspect_data(inspected, trust.roots)
    except StructureError as error:
        return (error.code,), ()
    except CmsFormError as error:
        is_foreign = error.code == UNBOUND or not STRANGER.isdisjoint(judgement.doubts)
        return ((), (error.code,)) if is_foreign else ((error.code,), ())
    except Exception:  # Any: a certificate with a key of a kind that nobody knows, and what else is made to break it.
        return (BROKEN,), ()
    return ((), ()) if len(inspected.signatures) == judgement.signatures and judgement.signer else (("COUNT",), ())
