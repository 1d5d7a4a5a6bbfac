"""A timestamp authority that answers badly is passed over; without a good one nothing is sealed."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from wsgiref.simple_server import make_server

import pytest
from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import ExtendedKeyUsageOID
from werkzeug.wrappers import Request, Response

from infra.pki.stamper import POLICY, Stamper
from services.signing.pades import ClockDiffersError, Sealing, TsaUnavailableError, certify, judge
from tests.integration.signing.decades import Holder
from tests.integration.signing.pki import Pki, _Quiet

NOW = datetime.now(UTC)
VALID = (NOW - timedelta(days=1), NOW + timedelta(days=365))
OVER = (NOW - timedelta(days=800), NOW - timedelta(days=30))
TIME = ExtendedKeyUsageOID.TIME_STAMPING
Answer = Callable[[tsp.TimeStampReq], Response]


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
    return reply(token(other, Holder("時刻", VALID, purpose=TIME)).dump())


def another_digest(asked: tsp.TimeStampReq) -> Response:
    other = asked.copy()
    other["message_imprint"]["hashed_message"] = b"\x00" * 32
    return reply(token(other, Holder("時刻", VALID, purpose=TIME)).dump())


def an_expired_certificate(asked: tsp.TimeStampReq) -> Response:
    return reply(token(asked, Holder("時刻", OVER, purpose=TIME)).dump())


def a_certificate_for_other_things(asked: tsp.TimeStampReq) -> Response:
    return reply(token(asked, Holder("時刻", VALID, purpose=ExtendedKeyUsageOID.CODE_SIGNING)).dump())


def silence(_asked: tsp.TimeStampReq) -> Response:
    time.sleep(1.5)
    return reply(b"")


def another_time(asked: tsp.TimeStampReq) -> Response:
    return reply(token(asked, Holder("時刻", VALID, purpose=TIME), datetime.now(UTC) + timedelta(hours=1)).dump())


FAULTS = (
    garbage, nothing, a_page, an_error, a_refusal, a_wrong_nonce, another_digest, an_expired_certificate,
    a_certificate_for_other_things, silence, another_time,
)  # fmt: skip


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


@pytest.mark.parametrize("fault", FAULTS)
def test_the_next_authority_is_asked(fault: Answer, unsigned: bytes, sealing: Sealing, pki: Pki) -> None:
    with authority(fault) as url:
        signed = certify(unsigned, replace(sealing, tsa_urls=(url, pki.tsa_url), tsa_timeout=1.0), NOW)
    judgement = judge(signed, pki.trust)
    assert (judgement.level, judgement.failures, judgement.doubts) == ("B-T", (), ())


@pytest.mark.parametrize("fault", FAULTS)
def test_without_a_good_one_nothing_is_sealed(fault: Answer, unsigned: bytes, sealing: Sealing) -> None:
    expected = ClockDiffersError if fault is another_time else TsaUnavailableError
    with authority(fault) as url, pytest.raises(TsaUnavailableError) as raised:
        certify(unsigned, replace(sealing, tsa_urls=(url,), tsa_timeout=1.0), NOW)
    assert raised.type is expected
