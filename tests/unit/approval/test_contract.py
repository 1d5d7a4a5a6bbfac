"""A contract at the desk: drafted with a number, approved by its amount, offered, and followed to its end."""

import itertools
import shutil
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from services.approval.domain.act import Kind, MovedOnError, NotCheckedError, NotYoursError
from services.approval.domain.case import State
from services.approval.domain.contract import contract_number
from services.approval.town import TownDataError, UnknownContractorError, UnknownProcedureError, read_town
from services.approval.use_cases.contracts import AlreadyDraftedError
from services.approval.web.contract_views import ContractCourse, left
from services.approval.web.contract_words import CONTRACT as WORDS
from services.approval.web.contract_words import ENDS
from services.approval.web.people import Names
from services.approval.web.rows import Due
from services.messages import ContractApproved, DecisionDrafted
from tests.unit.approval.bargains import (
    CONTRACT,
    HEAD,
    KIND,
    LATER,
    MAYOR,
    OFFICER,
    STRANGER,
    VICE_MAYOR,
    Bargain,
)
from tests.unit.approval.memory import NOW, TOWN

SOURCE = Path(__file__).parents[3] / "infra" / "town"


@pytest.fixture
def bargain() -> Bargain:
    return Bargain()


def test_a_drafted_contract_has_its_number_and_is_told_with_its_data(bargain: Bargain) -> None:
    case = bargain.draft().case
    assert (case.reception_number, case.kind, case.state) == ("R8-C000001", "contract", State.IN_APPROVAL)
    assert (case.due_on, case.officer) == (None, OFFICER)
    [said] = bargain.said
    assert isinstance(said, DecisionDrafted)
    assert (said.document_type, said.notice.sha256) == ("goods-contract", case.seen.content_sha256)
    notice = bargain.ports.papers.kept[said.notice.sha256]
    assert notice["contract_number"] == "R8-C000001"
    assert bargain.noted == [(Kind.DRAFT, OFFICER)]


def test_the_contract_names_both_parties_and_the_tax_within_the_amount(bargain: Bargain) -> None:
    data = bargain.draft().case.drafts[0].notice
    assert data["town"]["person"] == "五十嵐 誠一"
    assert data["contractor"]["subject"] == "c-okitama"
    assert "kana" not in data["contractor"]
    items = {one["label"]: one["value"] for one in data["items"]}
    assert items["契約金額"] == "金１，２９６，０００円\n（うち消費税及び地方消費税の額　金９６，０００円）"
    assert items["履行期間"] == "令和８年１２月１日から令和９年３月３１日まで"
    assert (data["amount"], data["answer_days"]) == (1_296_000, 14)


@pytest.mark.parametrize(
    ("amount", "posts"),
    [
        (799_999, ["education-head"]),
        (800_000, ["education-head", "vice-mayor"]),
        (4_999_999, ["education-head", "vice-mayor"]),
        (5_000_000, ["education-head", "vice-mayor", "mayor"]),
    ],
)
def test_the_amount_says_who_decides(bargain: Bargain, amount: int, posts: list[str]) -> None:
    route = bargain.draft(amount=amount).case.drafts[0].route
    assert [step.post for step in route.steps] == posts


def test_the_mayor_decides_a_large_contract(bargain: Bargain) -> None:
    bargain.draft(amount=6_000_000).check().approve().approve(VICE_MAYOR).decide(MAYOR)
    assert bargain.case.state is State.DECIDED


def test_only_the_section_of_the_kind_drafts(bargain: Bargain) -> None:
    with pytest.raises(NotYoursError):
        bargain.draft(STRANGER)


def test_the_same_form_makes_one_contract(bargain: Bargain) -> None:
    with pytest.raises(AlreadyDraftedError):
        bargain.draft().draft()
    assert len(bargain.case.drafts) == 1


def test_each_contract_of_a_year_has_the_next_number(bargain: Bargain) -> None:
    bargain.draft().draft(case_id=UUID(int=71))
    assert bargain.cases.load(UUID(int=71)).reception_number == "R8-C000002"
    assert contract_number(2019, 3) == "R1-C000003"


def test_a_new_version_keeps_the_number_and_needs_every_approval_again(bargain: Bargain) -> None:
    case = bargain.draft().check().send_back().draft_anew(place="高畠町立高畠小学校").case
    assert (case.reception_number, case.seen.version, case.approvals) == ("R8-C000001", 2, [])
    assert case.drafts[0].notice["contract_number"] == case.drafts[1].notice["contract_number"]


def test_a_contract_is_approved_by_others_and_only_once_it_is_checked(bargain: Bargain) -> None:
    with pytest.raises(NotCheckedError):
        bargain.draft().approve()
    with pytest.raises(NotYoursError):
        bargain.check().approve(STRANGER)


def test_what_the_head_drafts_is_decided_by_the_next_above(bargain: Bargain) -> None:
    bargain.draft(HEAD, amount=100_000).check()
    assert [step.post for step in bargain.case.drafts[0].route.steps] == ["vice-mayor"]
    with pytest.raises(NotYoursError):
        bargain.decide(HEAD)


def test_the_decision_is_told_as_an_approved_contract_with_the_day_to_answer_by(bargain: Bargain) -> None:
    case = bargain.decided().case
    said = bargain.said[-1]
    assert isinstance(said, ContractApproved)
    assert said.contract.sha256 == case.seen.content_sha256
    assert (said.contract_number, said.answer_by) == ("R8-C000001", date(2026, 12, 8))
    assert said.decider == "vice-mayor"
    assert case.due_on == said.answer_by
    assert case.decisions[0].document_number == case.reception_number
    assert case.decisions[0].chain.retention == "5y"


def test_a_contract_takes_no_document_number(bargain: Bargain) -> None:
    bargain.decided()
    assert list(bargain.ports.numbers.last) == [("contract", 2026)]


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_the_facts_lead_to_the_conclusion_in_any_order(bargain: Bargain, order: tuple[int, ...]) -> None:
    bargain.decided()
    facts = [bargain.offered(), bargain.consented(), bargain.permitted(), bargain.concluded()]
    case = bargain.hear(*(facts[one] for one in order)).hear(*facts).case
    assert case.state is State.CONCLUDED
    assert case.document and case.document.sha256 == facts[3].document.sha256
    assert case.agreement and case.agreement.certificate
    assert case.agreement.certificate.sha256 == facts[3].certificate.sha256


def test_each_fact_is_a_state(bargain: Bargain) -> None:
    bargain.decided()
    told = [
        (bargain.offered(), State.OFFERED),
        (bargain.consented(), State.CONSENTED),
        (bargain.permitted(), State.PERMITTED),
        (bargain.concluded(), State.CONCLUDED),
    ]
    for fact, state in told:
        assert bargain.hear(fact).case.state is state


def test_a_contractor_who_declines_ends_it_with_the_reason(bargain: Bargain) -> None:
    case = bargain.decided().hear(bargain.offered(), bargain.declined()).case
    assert case.state is State.DECLINED
    assert case.agreement and case.agreement.reason == "量が足りません。"


def test_a_contractor_who_does_not_answer_ends_it(bargain: Bargain) -> None:
    assert bargain.decided().hear(bargain.expired(), bargain.offered()).case.state is State.EXPIRED


def test_a_seal_that_is_not_permitted_ends_it_and_does_not_go_back_to_the_drafter(bargain: Bargain) -> None:
    case = bargain.decided().hear(bargain.offered(), bargain.consented(), bargain.not_permitted()).case
    assert case.state is State.NOT_SEALED
    assert case.agreement and case.agreement.reason == "金額がちがいます。"
    assert not case.may_draft


def test_what_has_ended_is_not_drafted_anew(bargain: Bargain) -> None:
    bargain.decided().hear(bargain.declined())
    with pytest.raises(MovedOnError):
        bargain.draft_anew()


def test_what_is_said_of_another_document_changes_nothing(bargain: Bargain) -> None:
    case = bargain.decided().hear(bargain.declined(UUID(int=1))).case
    assert case.state is State.DECIDED
    assert case.agreement and not case.agreement.reason


def test_the_way_of_a_declined_contract_ends_with_the_reason(bargain: Bargain) -> None:
    case = bargain.decided().hear(bargain.offered(), bargain.declined()).case
    course = ContractCourse(case, bargain.actor(OFFICER), Names(TOWN.rulebook.organisation, date(2026, 11, 24)))
    last = course.route()[-1]
    assert (last.title, last.state, last.at) == ("事業者の同意なし", "ask", LATER)
    assert "量が足りません。" in last.text
    titles = [one.title for one in course.log()]
    assert "事業者が同意しませんでした" in titles
    assert "申請を受け付けました" not in titles


def test_a_consent_whose_timestamp_has_only_seconds_stands_after_the_offer(bargain: Bargain) -> None:
    bargain.decided().hear(bargain.offered())
    case = bargain.hear(bargain.consented()).case
    case.reached[State.CONSENTED] = LATER.replace(second=0) - (LATER - NOW) / 1000
    course = ContractCourse(case, bargain.actor(OFFICER), Names(TOWN.rulebook.organisation, date(2026, 11, 24)))
    assert course.reached[State.CONSENTED] >= course.reached[State.OFFERED]


def test_days_are_left_only_while_the_contractor_is_asked() -> None:
    last, today = date(2026, 12, 8), date(2026, 12, 1)
    assert left(State.OFFERED, last, today) == Due("あと7日", late=False)
    assert left(State.CONSENTED, last, today) is None
    assert left(State.IN_APPROVAL, None, today) is None


def test_every_state_has_its_words() -> None:
    for state in State:
        assert WORDS.states[state][0]
        assert WORDS.asked.get(state) or state is State.IN_APPROVAL
        assert WORDS.next.get(state) or state is State.IN_APPROVAL
    assert set(ENDS) < set(WORDS.states)


def test_what_the_town_does_not_have_is_named() -> None:
    with pytest.raises(UnknownProcedureError, match="boats"):
        TOWN.kind_on("boats", date(2026, 11, 24))
    with pytest.raises(UnknownProcedureError, match=KIND):
        TOWN.kind_on(KIND, date(2026, 3, 31))
    with pytest.raises(UnknownContractorError, match="nobody"):
        TOWN.contractor("nobody")


def test_a_word_that_nothing_fills_in_stops_the_process(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SOURCE, tmp_path / "town"))
    path = folder / "contracts" / f"{KIND}.toml"
    path.write_text(path.read_text("utf-8").replace("{goods}", "{boats}"), "utf-8")
    with pytest.raises(TownDataError, match="boats"):
        read_town(folder)


def test_only_those_in_charge_and_on_the_route_read_it(bargain: Bargain) -> None:
    case = bargain.draft().case
    assert case.may_be_read_by([], ["education"])
    assert case.may_be_read_by(["vice-mayor"], [])
    assert not case.may_be_read_by(["housing-chief"], ["housing"])
    assert case.case_id == CONTRACT
