"""A PKI that lives through decades: its timestamp authority changes keys every ten years.

Everything here and in the code under test reads the process's clock, which the test sets (time_machine).
"""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from wsgiref.simple_server import make_server

from asn1crypto import cms, keys, tsp
from asn1crypto import x509 as asn1_x509
from certomancer.crypto_utils import generic_sign
from certomancer.services import simple_cms_attribute
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from werkzeug.wrappers import Request, Response

from infra.pki.stamper import POLICY, Stamper
from services.signing.pades import Authorities, SealIdentity, Sealing, Trust
from tests.integration.signing.pki import _Quiet

BEGIN = datetime(2026, 4, 1, tzinfo=UTC)
LIST_LIFE = timedelta(days=30)
SIGNS = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
ISSUES = x509.KeyUsage(False, False, False, False, False, True, True, False, False)


def years(count: int, begin: datetime = BEGIN) -> tuple[datetime, datetime]:
    return begin, begin.replace(year=begin.year + count)


@dataclass
class Holder:
    """A name with its key and certificate."""

    name: str
    validity: tuple[datetime, datetime]
    issuer: "Holder | None" = None
    usage: Any = SIGNS
    purpose: Any = None
    critical: bool = True
    key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))

    def __post_init__(self) -> None:
        issuer = self.issuer or self
        builder = (
            x509.CertificateBuilder(_name(issuer.name), _name(self.name), self.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(self.validity[0])
            .not_valid_after(self.validity[1])
            .add_extension(x509.BasicConstraints(self.usage is ISSUES, None), critical=True)
            .add_extension(self.usage, critical=True)
        )
        if self.purpose:
            builder = builder.add_extension(x509.ExtendedKeyUsage([self.purpose]), critical=self.critical)
        self.certificate = builder.sign(issuer.key, hashes.SHA256())

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)

    def list_at(self, moment: datetime, revoked: "Holder | None" = None, since: datetime = BEGIN) -> bytes:
        """Its revocation list of that moment."""
        builder = x509.CertificateRevocationListBuilder().issuer_name(_name(self.name))
        builder = builder.last_update(moment).next_update(moment + LIST_LIFE)
        if revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(revoked.certificate.serial_number)
            builder = builder.add_revoked_certificate(entry.revocation_date(since).build())
        return builder.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"), x509.NameAttribute(NameOID.COMMON_NAME, text)])


class _Stamper(Stamper):
    """Says no signing time beside the token's own: certomancer writes it as UTCTime, which ends in 2049."""

    def request_tsa_response(self, request: tsp.TimeStampReq) -> tsp.TimeStampResp:
        moment, self.fixed_dt = datetime.now(UTC).replace(microsecond=0), BEGIN
        answer = super().request_tsa_response(request)
        data = answer["time_stamp_token"]["content"]
        info = data["encap_content_info"]["content"].parsed
        info["gen_time"] = moment
        data["encap_content_info"]["content"] = cms.ParsableOctetString(info.dump(force=True))
        [signer] = data["signer_infos"]
        kept = [one for one in signer["signed_attrs"] if one["type"].native not in ("signing_time", "message_digest")]
        digest = simple_cms_attribute("message_digest", hashlib.sha256(info.dump()).digest())
        attributes = cms.CMSAttributes([*kept, digest])
        signer["signed_attrs"] = attributes
        signer["signature"] = generic_sign(self.tsa_key, attributes.dump(), self.signature_algo)
        return answer


@dataclass
class Decades:
    """``url``: of the timestamp authority."""

    url: str = ""

    def __post_init__(self) -> None:
        self.root = Holder("ルート", years(60), usage=ISSUES)
        self.issuing = Holder("組織認証局", years(15), self.root, ISSUES)
        self.seal = Holder("高畠町長", years(3), self.issuing)
        begins = [BEGIN.replace(year=BEGIN.year + decade) for decade in (0, 9, 19, 29)]
        purpose = ExtendedKeyUsageOID.TIME_STAMPING
        self.stampers = [
            Holder(f"時刻 {number}", years(10 if number == 0 else 11, begin), self.root, purpose=purpose)
            for number, begin in enumerate(begins)
        ]

    @property
    def stamper(self) -> Holder:
        """The newest whose time has begun."""
        return [one for one in self.stampers if one.validity[0] <= datetime.now(UTC)][-1]

    def trust(self) -> Trust:
        """The root, and the lists of the authorities that still publish."""
        now = datetime.now(UTC)
        living = [one for one in (self.root, self.issuing) if one.validity[1] > now]
        return Trust((self.root.der,), tuple(one.list_at(now) for one in living))

    def sealing(self) -> Sealing:
        """By the seal's key, with a timestamp."""
        sign = lambda _name, data: self.seal.key.sign(data, padding.PKCS1v15(), hashes.SHA256())  # noqa: E731
        return Sealing(SealIdentity(self.seal.der, (self.issuing.der,)), sign, self.authorities())

    def authorities(self) -> Authorities:
        """Its one timestamp authority."""
        return Authorities((self.url,), self.trust())

    def answer(self, request: Request) -> Response:
        """RFC 3161, at the time of now."""
        holder = self.stamper
        private = holder.key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        stamper = _Stamper(asn1_x509.Certificate.load(holder.der), keys.PrivateKeyInfo.load(private), policy=POLICY)
        answer = stamper.request_tsa_response(tsp.TimeStampReq.load(request.get_data()))
        return Response(answer.dump(), mimetype="application/timestamp-reply")


@contextmanager
def decades() -> Iterator[Decades]:
    """Its timestamp authority answers until the context ends."""
    found = Decades()
    application = Request.application(found.answer)
    server = make_server("127.0.0.1", 0, application, handler_class=_Quiet)
    found.url = f"http://127.0.0.1:{server.server_port}/"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
