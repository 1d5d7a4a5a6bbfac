"""The certifying signature of a notice: ETSI.CAdES.detached, B-B or B-T, DocMDP 2 (ISO 32000-1 12.8.2.2).

P=1 with later timestamps is called broken by viewers, so P=2.  The same document, identity and time give the same bytes
to sign: after a crash the signer process recognises the request, and no second thing is ever signed for one permit.
"""

import asyncio
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import x509
from pyhanko.sign import fields, signers
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko_certvalidator.registry import SimpleCertificateStore

from services.chassis.logging import get_logger
from services.signing.pades.fast import certify_fast
from services.signing.pades.form import FIELD, UnexpectedShapeError, add_seal_field
from services.signing.pades.identity import SealIdentity, confirm, require_usable
from services.signing.pades.revision import Revision
from services.signing.pades.timestamps import Authorities, TsaList

log = get_logger()
CONTENTS_BYTES = 32768
DIGEST = "sha256"
RawSign = Callable[[str, bytes], bytes]


@dataclass(frozen=True)
class Sealing:
    """How to seal.  ``raw_sign(digest algorithm, data)``: the key's signature value over the data.

    ``authorities``: none makes a signature without a timestamp (B-B).
    """

    identity: SealIdentity
    raw_sign: RawSign
    authorities: Authorities | None = None


def certify(pdf: bytes, sealing: Sealing, at: datetime) -> bytes:
    """The PDF with the certifying signature, and its timestamp if there are authorities.

    ``at``: the signing time it claims (/M).
    Raises UnexpectedShapeError, SealCertificateError, SignatureMismatchError, TsaUnavailableError and what ``raw_sign``
    raises.
    """
    require_usable(sealing.identity, at)
    tsa = TsaList(sealing.authorities) if sealing.authorities else None
    try:
        return certify_fast(pdf, sealing.identity, sealing.raw_sign, tsa, at)
    except UnexpectedShapeError as error:
        log.info("certified_by_pyhanko", reason=error.part)
        return certify_by_pyhanko(pdf, sealing, at)


def certify_by_pyhanko(pdf: bytes, sealing: Sealing, at: datetime) -> bytes:
    """The same for a PDF that is not written as our renderer writes."""
    writer = Revision(io.BytesIO(pdf))
    add_seal_field(writer)
    return asyncio.run(_certify(writer, sealing, at))


async def _certify(writer: Revision, sealing: Sealing, at: datetime) -> bytes:
    settings = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm=DIGEST,
        subfilter=fields.SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=fields.MDPPerm.FILL_FORMS,
    )
    timestamper = TsaList(sealing.authorities) if sealing.authorities else None
    signer = signers.PdfSigner(settings, _SealSigner(sealing), timestamper=timestamper)
    session = signer.init_signing_session(writer, existing_fields_only=True)
    session.system_time = at
    document = session.prepare_tbs_document(validation_info=None, bytes_reserved=2 * CONTENTS_BYTES)
    prepared, output = document.digest_tbs_document()
    await document.perform_signature(prepared.document_digest, PdfCMSSignedAttributes(signing_time=at))
    return bytes(output.getvalue())


class _SealSigner(signers.Signer):  # type: ignore[misc]
    def __init__(self, sealing: Sealing) -> None:
        own = x509.Certificate.load(sealing.identity.certificate)
        chain = SimpleCertificateStore.from_certs([x509.Certificate.load(der) for der in sealing.identity.chain])
        super().__init__(signing_cert=own, cert_registry=chain, embed_roots=False)
        self._raw_sign, self._identity = sealing.raw_sign, sealing.identity

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:  # noqa: ARG002
        """Ask the key, and believe only what the certificate's own key confirms."""
        signature = self._raw_sign(digest_algorithm, data)
        confirm(self._identity, signature, data)
        return signature
