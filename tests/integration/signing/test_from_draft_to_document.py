"""From a draft to a signed document, on a real database, both sites, a real authority and a real token."""

import io
from collections.abc import Callable
from pathlib import Path
from threading import Timer
from typing import Any

import pikepdf
import pytest
import sqlalchemy as sa

from services.chassis.database import work_on
from services.chassis.handling import NotYet, Waiting
from services.messages import (
    DocumentSigned,
    DraftChecked,
    Fact,
)
from services.signing.domain import (
    AlreadyActedError,
    ContentDiffersError,
    Keeper,
    NotTheKeeperError,
    ReasonMissingError,
)
from services.signing.pades import load_trust
from services.signing.press import Press
from services.signing.sealing import KeptSealing
from services.signing.store import SqlDocuments, sealed_files
from services.signing.verification import verify
from services.signing.web import forms
from tests.integration.signing.cases import Case, House, stored
from tests.integration.signing.pki import Pki
from tests.integration.signing.tokens import SignerProcess, make_token
from tests.unit.signing import notices

SOMEONE = Keeper(subject="s-kanno", posts=frozenset({"housing-officer"}))



def test_a_draft_is_checked_and_shown(case: Case) -> None:
    case.house.hear(case.drafted())
    (checked,) = case.said(DraftChecked)
    assert {finding.severity for finding in checked.findings} == {"ok"}
    assert checked.content_sha256 == case.notice.sha256
    assert checked.preview is not None


def test_a_draft_heard_again_is_checked_once(case: Case) -> None:
    case.house.hear(case.drafted())
    case.house.hear(case.drafted())
    assert len(case.said(DraftChecked)) == 1


def test_a_permitted_document_is_signed_stored_twice_and_valid(case: Case, pki: Pki) -> None:
    case.up_to_the_keeper()
    case.house.hear(case.permit())
    (signed,) = case.said(DocumentSigned)
    copies = [case.house.objects.check(signed.document, site) for site in ("a", "b")]
    assert [copy.version_id for copy in copies] == [signed.versions.a, signed.versions.b]
    assert all(copy.ok and copy.retain_until for copy in copies)
    verdict = verify(case.house.objects.get(signed.document), load_trust(pki.root_pem, pki.trust.crls))
    assert (verdict.status, verdict.level, signed.level) == ("valid", "B-LT", "B-LT")
    assert (signed.document_number, signed.outcome) == ("高建第1号", "granted")


def test_the_permit_heard_again_signs_nothing_more(case: Case, signer: SignerProcess) -> None:
    case.up_to_the_keeper()
    permit = case.permit()
    case.house.hear(permit)
    before = signer.client.health()["signed"]
    case.house.hear(permit)
    assert len(case.said(DocumentSigned)) == 1
    assert signer.client.health()["signed"] == before


def test_a_decision_before_its_draft_is_kept_for_later(case: Case) -> None:
    with pytest.raises(NotYet):
        case.house.hear(case.made())


def test_a_decision_on_other_content_is_refused(case: Case) -> None:
    case.house.hear(case.drafted())
    other = stored(case.house, case.case_id, notices.grant(title="別の題名"))
    with pytest.raises(ContentDiffersError):
        case.house.hear(case.made(notice=other))


def test_only_the_keeper_permits_and_only_once(case: Case) -> None:
    case.up_to_the_keeper()
    with pytest.raises(NotTheKeeperError):
        case.permit(SOMEONE)
    case.permit()
    with pytest.raises(AlreadyActedError):
        case.permit()


def test_a_refusal_has_its_reason(case: Case) -> None:
    case.up_to_the_keeper()
    with pytest.raises(ReasonMissingError):
        case.refuse("  ")
    assert case.refuse("宛先の住所が古い。").reason == "宛先の住所が古い。"


def _elsewhere(house: House, **changes: Any) -> House:
    settings = house.settings.model_copy(update=changes)
    return House(settings, house.engine, house.objects)


@pytest.mark.parametrize(
    ("changes", "server"),
    [
        ({"tsa_urls": ("http://127.0.0.1:9/",)}, "tsa"),
        ({"crl_urls": ("http://127.0.0.1:9/other.crl",)}, "crl"),
    ],
)
def test_an_outage_waits_and_the_next_try_goes_through(case: Case, changes: dict[str, Any], server: str) -> None:
    case.up_to_the_keeper()
    permit = case.permit()
    broken = _elsewhere(case.house, **changes)
    try:
        with pytest.raises(Waiting) as waiting:
            broken.hear(permit)
    finally:
        broken.press.close()
    assert waiting.value.server == server
    case.house.hear(permit)
    assert len(case.said(DocumentSigned)) == 1


def test_a_killed_signer_waits_and_after_its_restart_goes_on(case: Case, signer: SignerProcess) -> None:
    case.up_to_the_keeper()
    permit = case.permit()
    signer.kill()
    with pytest.raises(Waiting) as waiting:
        case.house.hear(permit)
    assert waiting.value.server == "signer"
    signer.restart()
    case.house.hear(permit)
    assert len(case.said(DocumentSigned)) == 1


def test_a_crash_after_sealing_never_seals_again(case: Case, signer: SignerProcess) -> None:
    case.up_to_the_keeper()
    permit = case.permit()
    with work_on(case.house.engine, "signing") as work:
        documents = SqlDocuments(work.connection)
        document, texts = documents.load(case.document_id), documents.sources(case.document_id)
        kept = KeptSealing(case.house.engine, case.house.press)(document, texts)
    before = signer.client.health()["signed"]
    case.house.hear(permit)
    (signed,) = case.said(DocumentSigned)
    assert signer.client.health()["signed"] == before
    assert case.house.objects.get(signed.document) == kept.pdf
    with case.house.engine.connect() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(sealed_files)) == 0


def test_a_store_that_is_down_waits_with_the_sealed_file_kept(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    case.up_to_the_keeper()
    permit = case.permit()

    def down(*_arguments: object, **_options: object) -> None:
        raise Waiting("store")

    with monkeypatch.context() as broken:
        broken.setattr(case.house.objects, "put", down)
        with pytest.raises(Waiting):
            case.house.hear(permit)
    assert case.said(DocumentSigned) == []
    case.house.hear(permit)
    assert len(case.said(DocumentSigned)) == 1


def test_a_press_process_that_dies_is_replaced(case: Case) -> None:
    case.house.hear(case.drafted())
    press: Press = case.house.press
    for process in press.processes():
        process.kill()
    case.house.hear(case.drafted(version=2))
    assert len(case.said(DraftChecked)) == 2


def test_facts_have_no_name_and_no_address(case: Case) -> None:
    case.up_to_the_keeper()
    case.house.hear(case.permit())
    said: list[Fact] = case.said(Fact)
    assert said
    assert not any(notices.YOSHI in str(fact) or "436番地" in str(fact) for fact in said)


def test_a_wrong_pin_waits_for_a_person_and_then_goes_on_by_itself(case: Case, pki: Pki, tmp_path: Path) -> None:
    case.up_to_the_keeper()
    permit = case.permit()
    closed = SignerProcess(make_token(tmp_path / "token", pki.seal_key), tmp_path, pin="9999")
    closed.wait_until_ready()
    elsewhere = _elsewhere(case.house, signer_socket=closed.socket)
    try:
        with pytest.raises(Waiting) as waiting:
            elsewhere.hear(permit)
    finally:
        elsewhere.press.close()
        closed.stop()
    assert waiting.value.server == "pin"
    assert forms.waiting("pin") == "電子公印の鍵の暗証番号がちがいます"
    case.house.hear(permit)
    assert len(case.said(DocumentSigned)) == 1


@pytest.mark.parametrize("spoil", [Path.unlink, lambda path: path.write_bytes(b"OTTO no font")])
def test_a_font_that_is_missing_or_broken_is_waited_for_and_named(
    case: Case, tmp_path: Path, spoil: Callable[[Path], object]
) -> None:
    fonts = tmp_path / "fonts"
    fonts.mkdir()
    for path in (found for folder in case.house.settings.font_dirs for found in folder.glob("*.tt?")):
        (fonts / path.name).write_bytes(path.read_bytes())
    spoil(fonts / "ipamjm.ttf")
    elsewhere = _elsewhere(case.house, font_dirs=(fonts,))
    try:
        with pytest.raises(Waiting) as waiting:
            elsewhere.hear(case.drafted())
        assert waiting.value.server == "font"
        assert forms.waiting("font") == "通知書の書体が、署名する機械に入っていません"
        (fonts / "ipamjm.ttf").write_bytes(_installed("ipamjm.ttf", case.house))
        elsewhere.hear(case.drafted())  # by the same process, with nobody's help
    finally:
        elsewhere.press.close()
    assert len(case.said(DraftChecked)) == 1


def _installed(name: str, house: House) -> bytes:
    return next(path for folder in house.settings.font_dirs if (path := folder / name).is_file()).read_bytes()


def test_a_notice_of_six_hundred_pages_is_shown_and_signed(case: Case, pki: Pki) -> None:
    long = [f"第{n}の条件。{'あらかじめ町長の承認を受けること。' * 4}" for n in range(1, 7901)]
    case.notice = stored(case.house, case.case_id, notices.grant(conditions=long))
    case.up_to_the_keeper()
    case.house.hear(case.permit())
    (signed,) = case.said(DocumentSigned)
    pdf = case.house.objects.get(signed.document)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert len(opened.pages) >= 600
    assert verify(pdf, pki.trust).status == "valid"


@pytest.mark.parametrize("moment", range(6))
def test_a_press_that_is_killed_at_any_moment_signs_nothing_twice(
    case: Case, signer: SignerProcess, moment: int
) -> None:
    case.up_to_the_keeper()
    permit = case.permit()
    case.house.press.warm_up()
    killer = Timer(0.02 + 0.03 * moment, lambda: [process.kill() for process in case.house.press.processes()])
    killer.start()
    before = signer.client.health()["signed"]
    try:
        case.house.hear(permit)
    except Waiting:
        case.house.hear(permit)
    killer.join()
    assert len(case.said(DocumentSigned)) == 1
    assert signer.client.health()["signed"] == before + 1
