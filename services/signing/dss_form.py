"""The validation data that stand after the last signature: each is bound by a signature of its own, and strictly DER.

Nothing else guards them; services/signing/dss.py guards what is around them.
"""

from collections.abc import Iterable, Sequence
from itertools import chain

from cryptography import x509

from services.signing.cms_form import CmsFormError, certificates_in, inspect_certificates
from services.signing.der import NotDerError, require_der
from services.signing.structure import Inspected

CODE = "VALIDATION_DATA"


def inspect_data(inspected: Inspected, roots: Sequence[bytes]) -> None:
    """``roots``: DER.  Raises CmsFormError, and what the library raises on data that it cannot read."""
    data = inspected.dss
    try:
        for der in chain(*data.lists):
            require_der(der)
    except NotDerError as error:
        raise CmsFormError(CODE) from error
    known = (*chain(*(certificates_in(der) for der in inspected.signatures)), *roots)
    inspect_certificates(data.certificates, known)
    issuers = [x509.load_der_x509_certificate(der) for der in (*data.certificates, *known)]
    bound = all(_is_bound(x509.load_der_x509_crl(der), issuers) for der in data.crls)
    if not bound or len(set(data.crls)) != len(data.crls):
        raise CmsFormError(CODE)


def _is_bound(crl: x509.CertificateRevocationList, issuers: Iterable[x509.Certificate]) -> bool:
    """RFC 5280 5.1.1.3."""
    named = (issuer for issuer in issuers if issuer.subject == crl.issuer)
    return any(crl.is_signature_valid(issuer.public_key()) for issuer in named)  # type: ignore[arg-type]
