"""OCSP (RFC 6960), CRL (RFC 5280), TSA (RFC 3161) and issuers' certificates over HTTP: certomancer's application."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from asn1crypto import tsp
from certomancer.integrations.animator import Animator, AnimatorArchStore
from certomancer.registry import ArchLabel, ServiceLabel
from werkzeug.routing import Rule
from werkzeug.wrappers import Request, Response

from infra.pki.authority import TOWN, Authority, fresh_crl
from infra.pki.stamper import Stamper


class Responder(Animator):  # type: ignore[misc]  # certomancer is not followed by mypy
    """Without certomancer's own pages, which give every private key to whoever asks, and without its choice of time."""

    def __init__(self, state: Path) -> None:
        store = AnimatorArchStore({TOWN: Authority(state).architecture()})
        super().__init__(store, with_web_ui=False, allow_time_override=False)
        self.url_map.add(Rule("/", endpoint="alive", methods=("GET",)))
        self._handlers["alive"] = lambda _request: Response("ok\n", mimetype="text/plain")

    def at_time(self, _request: Request) -> datetime:
        """Whole seconds: RFC 5280 (4.1.2.5.2) allows no fractions, in lists and OCSP answers either."""
        return datetime.now(UTC).replace(microsecond=0)

    def serve_crl(self, request: Request, *, label: str, arch: str, **_rest: Any) -> Response:
        """A list of this very moment."""
        crl = fresh_crl(self.architectures[ArchLabel(arch)], ServiceLabel(label), self.at_time(request))
        return Response(crl.dump(), mimetype="application/pkix-crl")

    def serve_timestamp_response(self, request: Request, *, label: str, arch: str) -> Response:
        """A token as ETSI EN 319 422 wants it."""
        registry = self.architectures[ArchLabel(arch)].service_registry
        stamper = Stamper.like(registry.summon_timestamper(ServiceLabel(label), self.at_time(request)))
        answer = stamper.request_tsa_response(tsp.TimeStampReq.load(request.get_data()))
        return Response(answer.dump(), mimetype="application/timestamp-reply")
