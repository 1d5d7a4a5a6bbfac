"""The jobs of the press.  Each runs in a process of its own, where pyHanko and typst may be imported.

A job is a public function here: ``Press`` asks for it by its name.
"""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from services.chassis.clock import TOKYO, now, today
from services.chassis.logging import get_logger
from services.messages import Finding
from services.signing import pades
from services.signing.certificates import read_certificate
from services.signing.compiler import Issuing, canonical, compile_notice, expectation, issue_mistake, shape
from services.signing.contract_compiler import compile_contract
from services.signing.fonts import load_faces
from services.signing.preservation import extended
from services.signing.press.machine import Machine
from services.signing.press.orders import (
    CertificateOrder,
    CertifyOrder,
    Checked,
    Extended,
    ExtendOrder,
    LayoutOrder,
    PressRefusedError,
    Sealed,
    SealOrder,
    Stamped,
)
from services.signing.rendering import Issue, Order, SealPicture, agreements
from services.signing.revocation import CrlCache
from services.signing.settings import SigningSettings
from services.signing.signer_client import SignerClient
from services.signing.town import DocumentType, Town, read_town
from services.signing.verification import verify

log = get_logger()
CONTRACT, CERTIFICATE = "contract", "contract-certificate"
NO_PREVIEW_OF_NOTICE = frozenset({"shape", "glyphs", "addressee", "issuer"})
NO_PREVIEW_OF_CONTRACT = frozenset({"shape", "glyphs", "parties", "number", "articles"})


def check(machine: Machine, notice: bytes, document_type: str) -> Checked:
    """What the compiler finds, and the preview."""
    town, data = _town(machine), _read(notice)
    kind = town.type(document_type)
    if not isinstance(data, dict):
        return Checked((shape(data),), None)
    # The one place where the form of a document decides how it is checked and laid out.
    return (_check_contract if kind.form == CONTRACT else _check_notice)(machine, town, kind, data)


def seal(machine: Machine, order: SealOrder) -> Sealed:
    """The final notice, sealed."""
    kind = _town(machine).type(order.document_type)
    notice = _require_of_type(_read(order.notice), kind)
    _require_issuable(order, date.fromisoformat(notice["submitted_on"]))
    return _sealed(machine, lambda: _render(machine, order), kind, order)


def _read(notice: bytes) -> Any:
    """Raises PressRefusedError."""
    if not canonical(notice):
        raise PressRefusedError("NotCanonicalError")
    return json.loads(notice)


def _require_of_type(notice: Any, kind: DocumentType) -> dict[str, Any]:
    """What was decided is a notice of the type whose seal it gets.  Raises PressRefusedError."""
    if shape(notice).severity == "error":
        raise PressRefusedError("NoticeShapeError")
    if (notice["document_type"], notice["title"]) != (kind.id, kind.title):
        raise PressRefusedError("DocumentTypeDiffersError")
    return dict(notice)


def _require_issuable(order: SealOrder, submitted_on: date) -> None:
    """Number and date are in no preview: they are read here.  Raises PressRefusedError."""
    decided_on = order.decided_at.astimezone(TOKYO).date()
    issuing = Issuing(order.document_number, order.issued_on, submitted_on, decided_on, today())
    if mistake := issue_mistake(issuing):
        raise PressRefusedError(mistake)


def lay_out(machine: Machine, order: LayoutOrder) -> bytes:
    """A contract's PDF, with its decision chain, unsigned."""
    picture = _picture(_town(machine).type(order.document_type))
    data = json.loads(order.contract)
    return machine.agreements.contract(agreements.ContractOrder(data, picture, order.day, order.chain))


def stamp(machine: Machine, event: bytes) -> Stamped:
    """A verified timestamp over an event."""
    found = pades.stamp(event, _authorities(machine.settings))
    return Stamped(found.reply, found.at)


def certify(machine: Machine, order: CertifyOrder) -> Sealed:
    """A PDF of ours, sealed as it is."""
    return _sealed(machine, lambda: order.pdf, _town(machine).type(order.document_type), order)


def certificate(machine: Machine, order: CertificateOrder) -> Sealed:
    """A contract's certificate, rendered and sealed."""
    town = _town(machine)
    kind = town.type(CERTIFICATE)
    told = agreements.CertificateOrder(
        title=kind.title,
        contract=json.loads(order.contract),
        seal=_picture(kind),
        event=order.event,
        reply=order.reply,
        consented_at=order.consented_at,
        sealed_at=order.sealed_at,
        concluded_sha256=order.concluded_sha256,
        decided_by=town.organisation.posts.get(order.decider, order.decider),
        decided_at=order.decided_at,
    )
    return _sealed(machine, lambda: machine.agreements.certificate(told), kind, order)


def extend(machine: Machine, order: ExtendOrder) -> Extended:
    """A sealed file with a newer timestamp."""
    settings = machine.settings
    pades.require_some(settings.tsa_urls)
    authorities = _authorities(settings)
    return extended(order.pdf, authorities.trust, pades.Stamping(authorities, order.digest))


def _check_notice(machine: Machine, town: Town, kind: DocumentType, data: dict[str, Any]) -> Checked:
    if (found := shape(data)).severity == "error":
        return Checked((found,), None)
    wanted = expectation(town, kind, data["procedure_id"], date.fromisoformat(data["submitted_on"]))
    findings = compile_notice(data, wanted, load_faces(machine.settings.font_dirs))
    if _errors(findings) & NO_PREVIEW_OF_NOTICE:
        return Checked(findings, None)  # what cannot be issued is not shown as if it could
    return Checked(findings, machine.renderer.render(Order(data, _picture(kind))))


def _check_contract(machine: Machine, town: Town, kind: DocumentType, data: dict[str, Any]) -> Checked:
    wanted = expectation(town, kind, "", today())
    findings = compile_contract(data, wanted, load_faces(machine.settings.font_dirs))
    if _errors(findings) & NO_PREVIEW_OF_CONTRACT:
        return Checked(findings, None)
    return Checked(findings, machine.agreements.contract(agreements.ContractOrder(data, _picture(kind), today())))


def _errors(findings: tuple[Finding, ...]) -> set[str]:
    return {finding.code for finding in findings if finding.severity == "error"}


def _sealed(
    machine: Machine,
    render: Callable[[], bytes],
    kind: DocumentType,
    order: SealOrder | CertifyOrder | CertificateOrder,
) -> Sealed:
    """Signed at the level that the town asks for at once, and confirmed; never silently at a lower one.

    The document's id is the signer's request id: nothing is signed twice.
    """
    settings, authorities, level = machine.settings, _authorities(machine.settings), kind.level_at_once
    _require_certificate(settings)
    asked = authorities if level in pades.TIMESTAMPED else None
    if asked:
        pades.require_some(asked.urls)  # before the costly part
    signer = SignerClient(settings.signer_socket)
    sealing = pades.Sealing(machine.identity, lambda name, data: signer.sign(str(order.document_id), name, data), asked)
    pdf = pades.certify(render(), sealing, order.claimed_at)
    if level in pades.WITH_DATA:
        pdf = pades.add_validation_data(pdf, authorities.trust)
    return _confirmed(pdf, authorities.trust, level, order.claimed_at)


def _render(machine: Machine, order: SealOrder) -> bytes:
    kind = _town(machine).type(order.document_type)
    address = f"{machine.settings.public_url}/verify/q/{order.public_id}"
    issue = Issue(order.document_number, order.issued_on, order.chain, address)
    return machine.renderer.render(Order(json.loads(order.notice), _picture(kind), issue))


def _require_certificate(settings: SigningSettings) -> None:
    """Nothing is asked of the key outside its certificate's time.  Raises PressRefusedError."""
    if not read_certificate(settings.seal_certificate).holds_at(now()):
        raise PressRefusedError("SealCertificateError")


def _confirmed(pdf: bytes, trust: pades.Trust, level: str, claimed_at: datetime) -> Sealed:
    """Nothing leaves the press that our own verifier does not call valid, at the level that was asked for."""
    verdict = verify(pdf, trust)
    if verdict.status != "valid" or verdict.level != level:
        log.error("sealed_file_not_valid", reasons=verdict.reasons, level=verdict.level)
        raise PressRefusedError("SealedFileNotValidError")
    return Sealed(pdf, verdict.signed_at or claimed_at, verdict.level)


def _trust(settings: SigningSettings) -> pades.Trust:
    crls = CrlCache(settings.state_dir / "crls", settings.crl_urls).current(datetime.now(UTC))
    return pades.load_trust(settings.trust_root, crls)


def _authorities(settings: SigningSettings) -> pades.Authorities:
    return pades.Authorities(settings.tsa_urls, _trust(settings))


def _picture(kind: DocumentType) -> SealPicture | None:
    return SealPicture(kind.seal.drawing, kind.seal.millimetres) if kind.seal else None


def _town(machine: Machine) -> Town:
    return read_town(machine.settings.town_dir)
