"""A sealed file with a newer document timestamp: validated fully first, for a timestamp must not launder a change."""

from datetime import datetime

from services.chassis.handling import PermanentError
from services.chassis.logging import get_logger
from services.signing import pades
from services.signing.domain.editions import ARCHIVED
from services.signing.press.orders import Extended
from services.signing.verdict import Verdict
from services.signing.verification import verify

log = get_logger()


class NoLongerValidError(PermanentError):
    """The file is not the one that was signed, or its proof has run out."""

    code = "NoLongerValidError"


class NotArchivedError(PermanentError):
    """The new timestamp does not make a valid file."""

    code = "NotArchivedError"


def extended(pdf: bytes, trust: pades.Trust, stamping: pades.Stamping, at: datetime | None = None) -> Extended:
    """B-LT to B-LTA, or B-LTA with one more timestamp.  ``at``: as of when, now if nothing is said.

    Raises NoLongerValidError, NotArchivedError, RevocationDataMissingError (lists newer than the signature are not out
    yet), TsaUnavailableError.
    """
    before = _valid(pdf, trust, at, NoLongerValidError)
    newer_than = None if before.level == ARCHIVED else before.signed_at
    stamped = pades.stamp_document(pades.add_validation_data(pdf, trust, newer_than), stamping)
    after = _valid(stamped, trust, at, NotArchivedError)
    if after.level != ARCHIVED or after.valid_until is None:
        raise NotArchivedError
    return Extended(stamped, after.level, stamping.digest, after.valid_until)


def _valid(pdf: bytes, trust: pades.Trust, at: datetime | None, error: type[PermanentError]) -> Verdict:
    verdict = verify(pdf, trust, at)
    if verdict.status != "valid":
        log.error("file_not_extended", error=error.__name__, reasons=verdict.reasons)
        raise error
    return verdict
