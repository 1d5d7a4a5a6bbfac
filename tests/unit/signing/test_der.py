"""DER: one byte sequence for one value."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from services.signing.der import NotDerError, require_der

WRONG = {
    "a length in more bytes than it needs": "30 81 03 02 01 05",
    "a length with a leading zero": "04 82 00 01 05",
    "an indefinite length": "30 80 02 01 05 00 00",
    "a number with a leading zero": "02 02 00 05",
    "a negative number with a leading one": "02 02 FF 80",
    "a number without bytes": "02 00",
    "a truth that is neither 00 nor FF": "01 01 01",
    "an unused bit that is set": "03 02 01 FF",
    "eight unused bits": "03 02 08 00",
    "unused bits of nothing": "03 01 01",
    "nothing that has something": "05 01 00",
    "an identifier with a leading zero": "06 03 2A 80 01",
    "an identifier that does not end": "06 02 2A 86",
    "a set out of order": "31 06 02 01 06 02 01 05",
    "text in pieces": "24 03 04 01 41",
    "a sequence that is said to be primitive": "10 03 02 01 05",
    "bytes after the end": "02 01 05 00",
    "a value longer than its place": "30 03 02 02 05",
    "a value that is cut short": "02 02 05",
    "a high tag in the long form that fits the short one": "1F 1E 00",
    "a high tag with a leading zero": "9F 80 21 00",
    "no bytes at all": "",
}
RIGHT = {
    "a number": "02 01 05",
    "a number that needs its zero": "02 02 00 80",
    "true": "01 01 FF",
    "bits": "03 02 01 FE",
    "no bits": "03 01 00",
    "nothing": "05 00",
    "an identifier": "06 06 2A 86 48 86 F7 0D",
    "a set in order": "31 06 02 01 05 02 01 06",
    "a tagged part with a value in it": "A0 03 02 01 05",
    "a long value": "04 81 80" + " 00" * 128,
    "a high tag": "9F 21 00",
}


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG.keys())
def test_what_could_be_written_otherwise_is_refused(text: str) -> None:
    with pytest.raises(NotDerError):
        require_der(bytes.fromhex(text))


@pytest.mark.parametrize("text", RIGHT.values(), ids=RIGHT.keys())
def test_the_one_form_is_accepted(text: str) -> None:
    require_der(bytes.fromhex(text))


def certificate() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "高畠町長")])
    start = datetime(2026, 4, 1, tzinfo=UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(5).not_valid_before(start).not_valid_after(start + timedelta(days=365))
    builder = builder.add_extension(x509.BasicConstraints(True, None), True)
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def test_a_certificate_is_accepted_and_any_prefix_of_it_refused() -> None:
    der = certificate()
    require_der(der)
    for cut in range(len(der)):
        with pytest.raises(NotDerError):
            require_der(der[:cut])


def test_a_thousand_levels_end_in_a_refusal_and_not_in_a_crash() -> None:
    with pytest.raises(NotDerError):
        require_der(b"\x30\x80" * 1000)
    nested = b""
    for _ in range(60):
        nested = b"\x30" + bytes([len(nested)]) + nested
    with pytest.raises(NotDerError):
        require_der(nested)


@given(st.binary(max_size=60))
def test_whatever_the_bytes_are_there_is_a_verdict(data: bytes) -> None:
    try:
        require_der(data)
    except NotDerError as error:
        assert 0 <= error.at <= len(data)
