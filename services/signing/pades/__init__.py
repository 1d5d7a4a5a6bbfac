"""PAdES (ETSI EN 319 142-1) through pyHanko, which is imported in this folder only.

Never called in a green thread: every function here runs in a process of the press, or in an unpatched one.
"""

from services.signing.pades.certifying import Sealing, certify, certify_by_pyhanko
from services.signing.pades.form import UnexpectedShapeError
from services.signing.pades.identity import (
    SealCertificateError,
    SealIdentity,
    SignatureMismatchError,
    load_identity,
)
from services.signing.pades.judging import Judgement, Trust, judge, load_trust, trust_in
from services.signing.pades.levels import (
    TIMESTAMPED,
    WITH_DATA,
    RevocationDataMissingError,
    Stamping,
    add_validation_data,
    stamp_document,
)
from services.signing.pades.stamping import Stamp, StampNotValidError, read_stamp, stamp
from services.signing.pades.timestamps import Authorities, ClockDiffersError, TsaUnavailableError, require_some

__all__ = [
    "TIMESTAMPED",
    "WITH_DATA",
    "Authorities",
    "ClockDiffersError",
    "Judgement",
    "RevocationDataMissingError",
    "SealCertificateError",
    "SealIdentity",
    "Sealing",
    "SignatureMismatchError",
    "Stamp",
    "StampNotValidError",
    "Stamping",
    "Trust",
    "TsaUnavailableError",
    "UnexpectedShapeError",
    "add_validation_data",
    "certify",
    "certify_by_pyhanko",
    "judge",
    "load_identity",
    "load_trust",
    "read_stamp",
    "require_some",
    "stamp",
    "stamp_document",
    "trust_in",
]
