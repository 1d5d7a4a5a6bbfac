"""A timestamp authority that answers badly is passed over; without a good one nothing is sealed.

Every fault but those of trust comes from an authority that is trusted, so that nothing else refuses it.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from wsgiref.simple_server import make_server

import pytest
from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.x509.oid import ExtendedKeyUsageOID
from werkzeug.wrappers import Request, Response

from infra.pki.stamper import POLICY, Stamper
from services.signing.pades import (
    Authorities,
    ClockDiffersError,
    SealIdentity,
    Sealing,
    Stamping,
    Trust,
    TsaUnavailableError,
    certify,
    judge,
    stamp,
    stamp_document,
)
from tests.integration.signing.decades import ISSUES, Holder
from tests.integration.signing.pki import _Quiet

NOW = datetime.now(UTC)
VALID = (NOW - timedelta(days=1), NOW + timedelta(days=365))
OVER = (NOW - timedelta(days=800), NOW - timedelta(days=30))
TIME = ExtendedKeyUsageOID.TIME_STAMPING
Answer = Callable[[tsp.TimeStampReq], Response]
ROOT = Holder("ルート", VALID, usage=ISSUES)
SEAL = Holder("高畠町長", VALID, ROOT)
AUTHORITY, REVOKED = (Holder(name, VALID, ROOT, purpose=TIME) for name in ("時刻", "失効した時刻"))
TRUST = Trust((ROOT.der,), (ROOT.list_at(NOW, REVOKED, VALID[0]),))


def reply(der: bytes) -> Response:
    return Response(der, mimetype="application/timestamp-reply")


def token(asked: tsp.TimeStampReq, holder: Holder, at: datetime | None = None) -> tsp.TimeStampResp:
    private = holder.key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    certificate, key = asn1_x509.Certificate.load(holder.der), keys.PrivateKeyInfo.load(private)
    stamper = Stamper(certificate, key, fixed_dt=at or datetime.now(UTC), policy=POLICY)
    return stamper.request_tsa_response(asked)


def garbage(_asked: tsp.TimeStampReq) -> Response:
    return reply(b"\x30\x03\x02\x01\x05 and more")


def nothing(_asked: tsp.TimeStampReq) -> Response:
    return reply(b"")


def a_page(_asked: tsp.TimeStampReq) -> Response:
    return Response("<h1>maintenance</h1>", mimetype="text/html")


def an_error(_asked: tsp.TimeStampReq) -> Response:
    return Response("", status=500)


def a_refusal(_asked: tsp.TimeStampReq) -> Response:
    return reply(tsp.TimeStampResp({"status": {"status": "rejection"}}).dump())


def a_wrong_nonce(asked: tsp.TimeStampReq) -> Response:
    other = asked.copy()
    other["nonce"] = 4
    return reply(token(other, AUTHORITY).dump())


def another_digest(asked: tsp.TimeStampReq) -> Response:
    other = asked.copy()
    other["message_imprint"]["hashed_message"] = b"\x00" * 32
    return reply(token(other, AUTHORITY).dump())


def an_expired_certificate(asked: tsp.TimeStampReq) -> Response:
    return reply(token(asked, Holder("時刻", OVER, ROOT, purpose=TIME)).dump())


def a_certificate_for_other_things(asked: tsp.TimeStampReq) -> Response:
    return reply(token(asked, Holder("時刻", VALID, ROOT, purpose=ExtendedKeyUsageOID.CODE_SIGNING)).dump())


def silence(_asked: tsp.TimeStampReq) -> Response:
    time.sleep(1.5)
    return reply(b"")


def another_time(asked: tsp.TimeStampReq) -> Response:
    return reply(token(asked, AUTHORITY, datetime.now(UTC) + timedelta(hours=1)).dump())


def another_algorithm(asked: tsp.TimeStampReq) -> Response:
    other = asked.copy()
    other["message_imprint"]["hash_algorithm"] = {"algorithm": "sha3_256"}
    return reply(token(other, AUTHORITY).dump())


def an_uncritical_purpose(asked: tsp.TimeStampReq) -> Response:
    return reply(token(asked, Holder("時刻", VALID, ROOT, purpose=TIME, critical=False)).dump())


def an_unknown_root(asked: tsp.TimeStampReq) -> Response:
    return reply(token(asked, Holder("時刻", VALID, purpose=TIME)).dump())


def a_revoked_certificate(asked: tsp.TimeStampReq) -> Response:
    return reply(token(asked, REVOKED).dump())


def a_broken_signature(asked: tsp.TimeStampReq) -> Response:
    answer = token(asked, AUTHORITY)
    (signer,) = answer["time_stamp_token"]["content"]["signer_infos"]
    value = signer["signature"].native
    signer["signature"] = value[:-1] + bytes([value[-1] ^ 1])
    return reply(answer.dump(force=True))


def another_s_certificate(asked: tsp.TimeStampReq) -> Response:
    """Signed by a key that the certificate does not know."""
    impostor = Holder("時刻", VALID, ROOT, purpose=TIME)
    impostor.certificate = AUTHORITY.certificate
    return reply(token(asked, impostor).dump())


FAULTS = (
    garbage, nothing, a_page, an_error, a_refusal, a_wrong_nonce, another_digest, another_algorithm,
    an_expired_certificate, a_certificate_for_other_things, an_uncritical_purpose, an_unknown_root,
    a_revoked_certificate, a_broken_signature, another_s_certificate, silence, another_time,
)  # fmt: skip


def good(asked: tsp.TimeStampReq) -> Response:
    return reply(token(asked, AUTHORITY).dump())


@contextmanager
def authority(answer: Answer) -> Iterator[str]:
    """Listens until the context ends."""
    application = Request.application(lambda request: answer(tsp.TimeStampReq.load(request.get_data())))
    server = make_server("127.0.0.1", 0, application, handler_class=_Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def authorities(*urls: str) -> Authorities:
    return Authorities(urls, TRUST, timeout=1.0)


def sealing(*urls: str) -> Sealing:
    """By a seal under the same root."""
    sign = lambda _name, data: SEAL.key.sign(data, padding.PKCS1v15(), hashes.SHA256())  # noqa: E731
    return Sealing(SealIdentity(SEAL.der, ()), sign, authorities(*urls))


@pytest.mark.parametrize("fault", FAULTS)
def test_the_next_authority_is_asked(fault: Answer, unsigned: bytes) -> None:
    with authority(fault) as bad, authority(good) as url:
        signed = certify(unsigned, sealing(bad, url), NOW)
    judgement = judge(signed, TRUST)
    assert (judgement.level, judgement.failures, judgement.doubts) == ("B-T", (), ())


@pytest.mark.parametrize("fault", FAULTS)
def test_without_a_good_one_nothing_is_sealed(fault: Answer, unsigned: bytes) -> None:
    expected = ClockDiffersError if fault is another_time else TsaUnavailableError
    with authority(fault) as url, pytest.raises(TsaUnavailableError) as raised:
        certify(unsigned, sealing(url), NOW)
    assert raised.type is expected


@pytest.mark.parametrize("fault", FAULTS)
def test_nor_is_a_document_or_an_event_stamped(fault: Answer, unsigned: bytes) -> None:
    with authority(fault) as url:
        with pytest.raises(TsaUnavailableError):
            stamp_document(unsigned, Stamping(authorities(url)))
        with pytest.raises(TsaUnavailableError):
            stamp(b"an event", authorities(url))
