"""Every document stays PDF/A-3a and PDF/UA-1 through signing, at each level, and PDFBox finds each signature whole."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.chassis.canonical import canonical_json
from services.signing.pades import Sealing, Stamping, Trust, add_validation_data, certify, stamp_document
from services.signing.rendering import Issue, Order, Renderer, SealPicture
from services.signing.rendering.agreements import AgreementRenderer, CertificateOrder, ContractOrder
from tests.conformance.program import Answer, Program
from tests.integration.signing.pki import Pki
from tests.unit.signing import contracts, glyphs, notices
from tests.unit.signing.drafts import RIGHT

SEAL = SealPicture((Path(__file__).parents[3] / "infra" / "town" / "seals" / "mayor.svg").read_bytes(), 21)
ISSUE = Issue("高建第1087号", datetime(2026, 12, 9, tzinfo=UTC).date(), b'{"acts":[]}', notices.ADDRESS)
LONG = notices.grant(conditions=[f"第{n}の条件。{'あらかじめ町長の承認を受けること。' * 4}" for n in range(1, 31)])
KINDS = {
    "grant": RIGHT["grant"],
    "refusal": RIGHT["road-refusal"],
    "without a seal": RIGHT["dog"],
    "several pages": LONG,
    "a variant of 辻 in Noto": notices.addressed_to(f"{notices.TSUJI_E0100} 花子"),
    "a variant of 辻 in IPAmj": notices.addressed_to(f"{notices.TSUJI_E0102} {notices.YOSHI}子"),
    "a long name": notices.addressed_to("高畠町まほろばの里農業協同組合" * 3),
}
MOMENT = "2026-12-09T06:01:00+00:00"
EVENT = {
    "signed_in_at": MOMENT,
    "second_factor": {"confirmed_at": MOMENT},
    "sentence": {"version": "1", "text": "この契約に同意します。"},
    "document_sha256": "cd" * 32,
}
LEVELS = ("B-B", "B-T", "B-LT", "B-LTA")


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    found = Program(tmp_path_factory.mktemp("java"))
    yield found
    found.close()


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Every kind of document, unsigned."""
    renderer = Renderer(tmp_path_factory.mktemp("notices"), glyphs.FONT_DIRS)
    pages = {name: renderer.render(Order(one, SEAL if one["seal"] else None, ISSUE)) for name, one in KINDS.items()}
    agreements = AgreementRenderer(tmp_path_factory.mktemp("agreements"), glyphs.FONT_DIRS)
    day = datetime(2026, 12, 9, tzinfo=UTC)
    contract = contracts.goods()
    certificate = CertificateOrder(
        title="合意締結証明書", contract=contract, seal=SEAL, event=canonical_json(EVENT), reply=b"reply",
        consented_at=day, sealed_at=day, concluded_sha256="ab" * 32, decided_by="副町長", decided_at=day,
    )  # fmt: skip
    return pages | {
        "contract": agreements.contract(ContractOrder(contract, SEAL, day.date(), b'{"acts":[]}')),
        "certificate": agreements.certificate(certificate),
    }


def at_level(pdf: bytes, level: str, sealing: Sealing, trust: Trust) -> bytes:
    """The document at a level."""
    asked = None if level == "B-B" else sealing.authorities
    done = certify(pdf, Sealing(sealing.identity, sealing.raw_sign, asked), datetime.now(UTC))
    if level in ("B-LT", "B-LTA"):
        done = add_validation_data(done, trust)
    return stamp_document(done, Stamping(sealing.authorities)) if level == "B-LTA" else done


@pytest.mark.parametrize("kind", [*KINDS, "contract", "certificate"])
def test_every_kind_conforms_before_signing_and_at_every_level(
    program: Program, rendered: dict[str, bytes], sealing: Sealing, pki: Pki, kind: str
) -> None:
    assert program.ask(rendered[kind]) == Answer((), (), ())
    for level in LEVELS:
        answer = program.ask(at_level(rendered[kind], level, sealing, pki.trust))
        assert answer.conforms, (level, answer)
        first, *later = answer.signatures
        assert (first.kind, first.intact, first.permission) == ("signature", True, 2), level
        assert [(one.kind, one.intact) for one in later] == [("timestamp", True)] * (level == "B-LTA"), level
        assert answer.signatures[-1].whole == (level != "B-LT"), level


@pytest.mark.parametrize(
    ("spoil", "standard"),
    [
        (lambda pdf: re.sub(rb"/Lang\(ja-JP\)", b"/Long(ja-JP)", pdf), "pdfua1"),
        (lambda pdf: pdf.replace(b"/MarkInfo", b"/MorkInfo"), "pdfa3a"),
        (lambda pdf: pdf[:-40], "pdfa3a"),
        (lambda _: b"no pdf", "pdfa3a"),
    ],
)
def test_a_broken_file_breaks_a_rule(
    program: Program, rendered: dict[str, bytes], spoil: object, standard: str
) -> None:
    assert callable(spoil)
    altered = spoil(rendered["grant"])
    assert altered != rendered["grant"]
    assert getattr(program.ask(altered), standard) != ()


def test_a_changed_signed_byte_is_not_intact(
    program: Program, rendered: dict[str, bytes], sealing: Sealing, pki: Pki
) -> None:
    pdf = at_level(rendered["grant"], "B-LTA", sealing, pki.trust)
    altered = pdf[:5000] + bytes([pdf[5000] ^ 1]) + pdf[5001:]
    assert [one.intact for one in program.ask(altered).signatures] == [False, False]
