"""Timestamp tokens (RFC 3161) whose signing certificate is named with SHA-256."""

import hashlib

from asn1crypto import cms, tsp
from certomancer.crypto_utils import generic_sign
from certomancer.services import TimeStamper, simple_cms_attribute

POLICY = tsp.ObjectIdentifier("0.4.0.2023.1.1")  # best practice time-stamp policy, ETSI EN 319 421, 5.2


class Stamper(TimeStamper):  # type: ignore[misc]  # certomancer is not followed by mypy
    """certomancer's, but ``signing_certificate`` (SHA-1) becomes ``signing_certificate_v2`` (RFC 5816, EN 319 422)."""

    @classmethod
    def like(cls, other: TimeStamper) -> "Stamper":
        """The same certificate and key."""
        return cls(
            other.tsa_cert,
            other.tsa_key,
            signature_algo=other.signature_algo,
            certs_to_embed=other.certs_to_embed,
            fixed_dt=other.fixed_dt,
            policy=POLICY,
            md_algorithm=other.md_algorithm,
        )

    def request_tsa_response(self, request: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Sign once more, over the better attributes."""
        answer = super().request_tsa_response(request)
        [signer] = answer["time_stamp_token"]["content"]["signer_infos"]
        kept = (each for each in signer["signed_attrs"] if each["type"].native != "signing_certificate")
        attributes = cms.CMSAttributes([*kept, self._certificate_named()])
        signer["signed_attrs"] = attributes
        signer["signature"] = generic_sign(self.tsa_key, attributes.dump(), self.signature_algo)
        return answer

    def _certificate_named(self) -> cms.CMSAttribute:
        digest = hashlib.sha256(self.tsa_cert.dump()).digest()
        name = tsp.ESSCertIDv2({"cert_hash": digest})
        return simple_cms_attribute("signing_certificate_v2", tsp.SigningCertificateV2({"certs": [name]}))
