"""Contracts at the desk on real servers: drafted by form, found in lists, approved, followed to their end."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from html import unescape
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from services.approval import queries, tallies
from services.approval.domain.case import Case, State
from services.chassis.clock import now, today
from services.messages import (
    ContractConcluded,
    ContractConsented,
    ContractDeclined,
    ContractExpired,
    ContractOffered,
    DraftChecked,
    Finding,
    StoredVersions,
)
from tests.integration.approval.conftest import House
from tests.integration.approval.desk import Browse, Desk

OFFICER, HEAD, VICE_MAYOR, HOUSING = "s-komatsu", "s-kuroda", "s-niinuma", "s-kanno"
CHOSEN = "/desk/contracts/new?chosen=1&kind=school-lunch-ingredients&contractor=okitama-seika"
TYPED = {
    "field_goods": "青果　仕様書のとおり", "field_amount": "1,296,000",
    "field_term": "令和8年12月1日から令和9年3月31日まで", "field_grounds": "3者から見積りを取りました。",
}  # fmt: skip


class Deal:
    """One contract, drafted by the form; each method is one act."""

    def __init__(self, house: House, at: Browse, **typed: str) -> None:
        self.house, self.at = house, at
        officer = at(OFFICER)
        answer = officer.press(officer.open(CHOSEN).text, "/desk/contracts/new", **(TYPED | typed))
        assert answer.status_code == 303, answer.text
        self.number = answer.location.split("?")[0].rsplit("/", 1)[-1]

    @property
    def case(self) -> Case:
        with self.house.engine.connect() as connection:
            found = queries.case(connection, self.number)
        assert found is not None
        return found

    @property
    def id(self) -> UUID:
        return self.case.case_id

    @property
    def document_id(self) -> UUID:
        return self.case.decisions[-1].document_id

    def check(self) -> "Deal":
        seen = self.case.seen
        checked = DraftChecked(
            case_id=self.id, version=seen.version, content_sha256=seen.content_sha256,
            findings=(Finding("title", "ok", "題名は文書の種類と合っています"),), checked_at=now(),
            preview=self.house.put(self.id, b"%PDF-1.7 preview", "application/pdf"),
        )  # fmt: skip
        self.house.hear(checked)
        return self

    def decided(self) -> "Deal":
        self.check()
        self.at(HEAD).act(self, "/approve")
        self.at(VICE_MAYOR).act(self, "/decide")
        return self

    def offered(self) -> "Deal":
        document = self.house.put(self.id, b"%PDF-1.7 offered", "application/pdf")
        self.house.hear(
            ContractOffered(
                case_id=self.id, document_id=self.document_id, contract_number=self.number, document=document,
                answer_by=today() + timedelta(days=14), offered_at=now(),
            )
        )  # fmt: skip
        return self

    def concluded(self) -> "Deal":
        self.house.hear(
            ContractConsented(
                case_id=self.id, document_id=self.document_id, document_sha256="ab" * 32, consented_at=now()
            )
        )
        self.house.hear(
            ContractConcluded(
                case_id=self.id, document_id=self.document_id, document_type="goods-contract",
                contract_number=self.number, versions=StoredVersions(a="1", b="2"),
                document=self.house.put(self.id, b"%PDF-1.7 contract", "application/pdf"), certificate_id=uuid4(),
                certificate=self.house.put(self.id, b"%PDF-1.7 certificate", "application/pdf"),
                certificate_versions=StoredVersions(a="3", b="4"), level="B-T", concluded_at=now(),
            )
        )  # fmt: skip
        return self


def form_of(desk: Desk) -> tuple[str, dict[str, str]]:
    """The form of a new contract with everything filled in."""
    action, fields = desk.fields(desk.open(CHOSEN).text, "/desk/contracts/new")
    return action, fields | {name.replace("_", "-", 1): one for name, one in TYPED.items()}


def counted(house: House) -> int:
    return int(house.value("SELECT count(*) FROM cases WHERE kind = 'contract'"))


def test_the_kind_and_the_contractor_are_chosen_first(at: Browse) -> None:
    officer = at(OFFICER)
    page = officer.open("/desk/contracts/new")
    assert page.status_code == 200
    assert "物品売買契約" in page.text
    assert "株式会社おきたま青果" in page.text
    nothing = officer.open("/desk/contracts/new?chosen=1")
    assert nothing.status_code == 422
    assert "契約の種類を選んでください。" in nothing.text
    assert "相手方を選んでください。" in nothing.text
    half = officer.open("/desk/contracts/new?chosen=1&kind=school-lunch-ingredients&contractor=nobody")
    assert "契約の種類を選んでください。" not in half.text
    assert "checked" in half.text


def test_a_section_without_kinds_is_told_so(at: Browse) -> None:
    assert "あなたの係で起案する契約の種類は" in at(HOUSING).open("/desk/contracts/new").text


def test_what_is_missing_is_said_at_its_field_and_nothing_is_lost(house: House, at: Browse) -> None:
    before, officer = counted(house), at(OFFICER)
    answer = officer.press(
        officer.open(CHOSEN).text, "/desk/contracts/new", field_goods="りんご", field_amount="たくさん"
    )
    assert answer.status_code == 422
    assert "契約金額（税込み）は、数字だけで入力してください。" in answer.text
    assert "履行期間を入力してください。" in answer.text
    _, fields = officer.fields(answer.text, "/desk/contracts/new")
    assert (fields["field-goods"], fields["field-amount"]) == ("りんご", "たくさん")
    assert counted(house) == before


def test_a_draft_leads_to_its_page_with_number_and_route(house: House, at: Browse) -> None:
    deal = Deal(house, at)
    assert re.fullmatch(r"R\d+-C\d{6}", deal.number)
    page = at(OFFICER).case(deal)
    for words in ("学校給食用食材購入", "株式会社おきたま青果", "点検中", "教育総務課長の承認待ち", "暴力団排除"):
        assert words in page
    assert "標準処理期間" not in page
    assert house.said(deal.id) == ["decision_drafted.v1"]


def test_a_second_click_leads_to_the_same_contract(house: House, at: Browse) -> None:
    officer = at(OFFICER)
    action, fields = form_of(officer)
    first, second = (officer.client.post(action, data=fields) for _ in range(2))
    assert first.status_code == second.status_code == 303
    assert first.location == second.location


def test_clicks_at_the_same_time_make_one_contract_and_leave_no_gap(house: House, at: Browse) -> None:
    before, officer = counted(house), at(OFFICER)
    action, fields = form_of(officer)
    desks = [at(OFFICER) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda desk: desk.client.post(action, data=fields), desks))
    assert {one.status_code for one in answers} == {303}
    assert len({one.location for one in answers}) == 1
    assert counted(house) == before + 1
    assert Deal(house, at).number[-6:] == f"{before + 2:06d}"


def test_a_form_that_was_changed_after_its_first_click_is_kept_and_shown(house: House, at: Browse) -> None:
    officer = at(OFFICER)
    action, fields = form_of(officer)
    number = officer.client.post(action, data=fields).location.split("?")[0].rsplit("/", 1)[-1]
    answer = officer.client.post(action, data=fields | {"field-amount": "50,000"})
    assert answer.status_code == 409
    assert number in answer.text
    assert 'value="50,000"' in answer.text


def test_the_form_of_another_person_makes_nothing(house: House, at: Browse) -> None:
    action, fields = form_of(at(OFFICER))
    assert at(OFFICER).client.post(action, data=fields).status_code == 303
    assert at(HEAD).client.post(action, data=fields).status_code == 400


def test_another_section_drafts_nothing_and_keeps_what_it_typed(house: House, at: Browse) -> None:
    before, (action, fields) = counted(house), form_of(at(OFFICER))
    answer = at(HOUSING).client.post(action, data=fields)
    assert answer.status_code == 403
    assert "3者から見積りを取りました。" in answer.text
    assert counted(house) == before


def test_a_form_without_kind_is_refused(at: Browse) -> None:
    assert at(OFFICER).client.post("/desk/contracts/new", data={"kind": "boats"}).status_code == 400


def test_those_in_charge_and_on_the_route_find_it_and_nobody_else(house: House, at: Browse) -> None:
    deal = Deal(house, at, field_subject="給食用精米購入")
    assert deal.number in at(HEAD).open("/desk/").text
    for sub in (OFFICER, HEAD, VICE_MAYOR):
        assert deal.number in at(sub).open("/desk/contracts").text
        assert deal.number in at(sub).open("/desk/search?q=給食用精米").text
    assert deal.number not in at(HOUSING).open("/desk/contracts").text
    for path in ("", "/preview.pdf", "/contract.pdf", "/certificate.pdf"):
        assert at(HOUSING).open(f"/desk/cases/{deal.number}{path}").status_code == 404
    assert "契約はまだありません。" in at(HOUSING).open("/desk/contracts").text
    assert at(HOUSING).open(f"/desk/contracts/new?of={deal.number}").status_code == 404


def test_a_contract_that_was_sent_back_is_drafted_anew_under_its_number(house: House, at: Browse) -> None:
    deal = Deal(house, at).check()
    head = at(HEAD)
    asked = head.open(f"/desk/cases/{deal.number}/send-back").text
    assert "事業者には見えません" in asked
    assert head.press(asked, "/send-back", comment="納入の回数を書いてください。").status_code == 303
    page = at(OFFICER).case(deal)
    assert "納入の回数を書いてください。" in page
    anew = at(OFFICER).act(deal, "/draft", field_goods="青果　週に2回")
    assert "起案しました" in anew
    case = deal.case
    assert (case.seen.version, case.reception_number) == (2, deal.number)
    assert case.drafts[1].notice["items"][0]["value"] == "青果　週に２回"
    assert house.said(deal.id) == ["decision_drafted.v1", "decision_drafted.v1"]


def test_nobody_approves_before_the_check(house: House, at: Browse) -> None:
    deal, head = Deal(house, at), at(HEAD)
    answer = head.press(head.case(deal), "/approve")
    assert answer.status_code == 409
    assert "点検しています" in answer.text


def test_the_decision_goes_to_the_contractor_and_its_clock_begins(house: House, at: Browse) -> None:
    deal = Deal(house, at).decided()
    assert house.said(deal.id) == ["decision_drafted.v1", "contract_approved.v1"]
    assert deal.case.due_on == today() + timedelta(days=14)
    page = at(OFFICER).case(deal.offered())
    for words in ("事業者の同意待ち", "事業者が答える期限", "あと14日", "次は、事業者の同意です。"):
        assert words in page
    assert "あと14日" in at(OFFICER).open("/desk/contracts").text


def test_the_concluded_files_are_fetched_at_the_desk(house: House, at: Browse) -> None:
    deal = Deal(house, at).decided().offered().concluded()
    officer = at(OFFICER)
    page = officer.case(deal)
    assert "契約を結びました。この案件は終わりです。" in page
    assert officer.open(f"/desk/cases/{deal.number}/contract.pdf").data == b"%PDF-1.7 contract"
    certificate = officer.open(f"/desk/cases/{deal.number}/certificate.pdf")
    assert certificate.data == b"%PDF-1.7 certificate"
    assert deal.number in officer.open("/desk/?tab=done").text


def test_before_the_conclusion_there_are_no_files(house: House, at: Browse) -> None:
    deal = Deal(house, at)
    for name in ("contract.pdf", "certificate.pdf", "preview.pdf"):
        assert at(OFFICER).open(f"/desk/cases/{deal.number}/{name}").status_code == 404
    assert at(OFFICER).open(f"/desk/cases/{deal.check().number}/preview.pdf").data == b"%PDF-1.7 preview"


@pytest.mark.parametrize(
    ("end", "words"),
    [(State.DECLINED, "量が足りません。"), (State.EXPIRED, "期限までに同意がありませんでした")],
)
def test_the_drafter_reads_why_it_was_not_concluded_and_begins_anew(
    house: House, at: Browse, end: State, words: str
) -> None:
    deal = Deal(house, at, field_place="高畠町立高畠小学校").decided().offered()
    which = {"case_id": deal.id, "document_id": deal.document_id}
    if end is State.DECLINED:
        house.hear(ContractDeclined(**which, reason="量が足りません。", declined_at=now()))
    else:
        house.hear(ContractExpired(**which, expired_at=now()))
    officer = at(OFFICER)
    page = officer.case(deal)
    assert deal.case.state is end
    assert words in page
    again = f"/desk/contracts/new?of={deal.number}"
    assert again in unescape(page)
    answer = officer.press(officer.open(again).text, "/desk/contracts/new")
    assert answer.status_code == 303
    assert answer.location.split("?")[0].rsplit("/", 1)[-1] != deal.number
    assert "高畠町立高畠小学校" in officer.open(answer.location).text


def test_the_daily_sum_and_the_applications_know_no_contracts(house: House, at: Browse) -> None:
    house.file()
    with house.engine.connect() as connection:
        before = tallies.counts(connection), tallies.open_now(connection), queries.count_by_state(connection)
    Deal(house, at).decided()
    with house.engine.connect() as connection:
        after = tallies.counts(connection), tallies.open_now(connection), queries.count_by_state(connection)
        assert queries.count_by_state(connection, "contract")["decided"] >= 1
        assert tallies.gaps(connection, now() + timedelta(hours=1)) == []
    assert after == before


def test_a_list_is_narrowed_to_a_kind_of_contract(house: House, at: Browse) -> None:
    deal = Deal(house, at)
    page = at(HEAD).open("/desk/?procedure=school-lunch-ingredients").text
    assert deal.number in page
    assert "物品売買契約" in page


def test_the_counter_counts_contracts_apart_from_marks(house: House, at: Browse) -> None:
    Deal(house, at).decided()
    query = sa.text("SELECT last FROM document_counters WHERE mark = 'contract'")
    with house.engine.connect() as connection:
        assert connection.scalar(query) == counted(house)
