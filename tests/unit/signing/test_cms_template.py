"""The CMS object joined as bytes is the one that a library would encode."""

import pytest
from asn1crypto import cms

from services.signing.der import parts, require_der
from services.signing.pades.cms_template import _value, with_timestamp


@pytest.mark.parametrize("length", [0, 1, 127, 128, 255, 256, 65_535, 65_536])
def test_a_length_is_written_in_as_few_bytes_as_possible(length: int) -> None:
    written = _value(0x04, b"x" * length)
    require_der(written)
    assert written.endswith(b"x" * length)


def test_a_timestamp_becomes_the_only_unsigned_attribute() -> None:
    sid = cms.IssuerAndSerialNumber({"issuer": cms.Name.build({"common_name": "町"}), "serial_number": 7})
    signer = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier({"issuer_and_serial_number": sid}),
            "digest_algorithm": {"algorithm": "sha256"},
            "signed_attrs": cms.CMSAttributes([cms.CMSAttribute({"type": "content_type", "values": ["data"]})]),
            "signature_algorithm": {"algorithm": "sha256_ecdsa"},
            "signature": b"value",
        }
    )
    data = {
        "version": "v1", "digest_algorithms": [{"algorithm": "sha256"}], "certificates": [],
        "encap_content_info": {"content_type": "data"}, "signer_infos": [signer],
    }  # fmt: skip
    plain = cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(data)})
    token = cms.ContentInfo({"content_type": "data", "content": b"token"})
    stamped = with_timestamp(plain.dump(), token.dump())
    require_der(stamped)
    signer["unsigned_attrs"] = cms.CMSAttributes(
        [cms.CMSAttribute({"type": "signature_time_stamp_token", "values": [token]})]
    )
    content = cms.SignedData(data | {"signer_infos": [signer]})
    wanted = cms.ContentInfo({"content_type": "signed_data", "content": content})
    assert stamped == wanted.dump(force=True)
    assert len(parts(stamped)) == 2
