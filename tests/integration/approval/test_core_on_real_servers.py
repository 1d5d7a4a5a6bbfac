"""Cases, numbers and lists in a real database."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from services.approval import queries
from services.approval.domain.act import MovedOnError
from services.approval.domain.case import State
from services.approval.queries import Viewer
from services.chassis import ledger
from services.chassis.clock import now, today
from services.chassis.handling import NotYet
from services.messages import HandlingParked, SealPermitted
from tests.integration.approval.conftest import CHIEF, HEAD, NAME, OFFICER, ROADS, House


def viewer(house: House, sub: str) -> Viewer:
    organisation = house.town.rulebook.organisation
    posts = organisation.posts_of(sub, today())
    department = {organisation.department(post.section, today()).id for post in posts}
    return Viewer(
        sub=sub,
        posts=frozenset(post.id for post in posts),
        offices=frozenset(post.section for post in posts),
        department=frozenset().union(*(organisation.sections_of(one, today()) for one in department)),
    )


def numbers(house: House, tab: queries.Tab, sub: str) -> list[str]:
    with house.engine.connect() as connection:
        return [row.reception_number for row in queries.rows(connection, tab, viewer(house, sub))]


def test_what_was_written_comes_back_whole(house: House) -> None:
    filed = house.file().examine().draft().check().approve().decide()
    case = filed.case
    assert case.application.applicant.name == NAME
    assert case.draft and case.draft.route.steps[-1].post == "construction-head"
    assert case.check and case.check.preview
    assert [act.sub for act in case.acts] == [OFFICER, OFFICER, CHIEF, HEAD]
    assert case.state is State.DECIDED
    assert set(case.reached) == {State.ACCEPTED, State.EXAMINING, State.IN_APPROVAL, State.DECIDED}


def test_state_facts_and_ledger_are_one_commit(house: House) -> None:
    filed = house.file().examine().draft().check().approve().decide()
    assert house.said(filed.id) == ["examination_started.v1", "decision_drafted.v1", "decision_made.v1"]
    acts = "SELECT string_agg(act, ' ' ORDER BY seq) FROM ledger WHERE case_id = :case AND act NOT LIKE 'said%'"
    assert house.value(acts, case=filed.id) == "examine draft approve decide"
    with house.engine.connect() as connection:
        assert ledger.verify(connection) > 0


def test_the_documents_of_a_decision_wait_with_its_facts(house: House) -> None:
    filed = house.file().examine().draft()
    waiting = "SELECT count(*) FROM unstored_documents WHERE owner = :owner"
    assert house.value(waiting, owner=str(filed.id)) == 1
    filed.check().approve().decide()
    assert house.value(waiting, owner=str(filed.id)) == 2


def test_two_who_decide_at_the_same_moment_decide_once_and_no_number_is_left_out(house: House) -> None:
    cases = [house.file().examine().draft().check().approve() for _ in range(3)]
    tries = [(case, case.case.seen) for case in cases for _ in range(3)]

    def decide(one: tuple) -> bool:
        try:
            one[0].decide(HEAD, one[1])
        except MovedOnError:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(decide, tries)) == 3
    given = "SELECT array_agg(substring(document_number from '[0-9]+')::int ORDER BY 1) FROM decisions"
    counts = house.value(given)
    assert counts == list(range(1, len(counts) + 1))


def test_a_fact_of_a_case_that_is_not_known_yet_is_kept_for_later(house: House) -> None:
    with pytest.raises(NotYet):
        house.hear(
            SealPermitted(case_id=uuid4(), document_id=uuid4(), permitted_by="seal-keeper", permitted_at=now())
        )


def test_a_case_is_in_the_list_of_whoever_has_to_act(house: House) -> None:
    filed = house.file()
    assert filed.number in numbers(house, "mine", OFFICER)
    filed.examine().draft().check()
    assert filed.number in numbers(house, "mine", CHIEF)
    assert filed.number in numbers(house, "waiting", OFFICER)
    assert filed.number not in numbers(house, "mine", HEAD)
    filed.approve()
    assert filed.number in numbers(house, "mine", HEAD)
    filed.decide()
    assert filed.number in numbers(house, "done", OFFICER)
    assert filed.number not in numbers(house, "department", OFFICER)


def test_another_department_sees_nothing_of_a_case(house: House) -> None:
    filed = house.file()
    for tab in ("mine", "department", "waiting", "done"):
        assert filed.number not in numbers(house, tab, "s-komatsu")


def test_search_finds_by_number_name_and_reading_what_one_may_read(house: House) -> None:
    filed = house.file(applicant="渡部 正_%")
    with house.engine.connect() as connection:

        def found(words: str, sub: str = OFFICER) -> list[str]:
            return [row.reception_number for row in queries.search(connection, words, viewer(house, sub))]

        assert found(filed.number) == [filed.number]
        assert filed.number in found("渡部正")
        assert filed.number in found("正_%")
        assert filed.number in found("つじよ")
        assert found(filed.number, "s-komatsu") == []
        assert found("___") == []


def test_every_state_is_counted(house: House) -> None:
    house.file()
    with house.engine.connect() as connection:
        counts = queries.count_by_state(connection)
    assert counts["accepted"] >= 1
    assert sum(counts.values()) == house.value("SELECT count(*) FROM cases")


def test_parked_work_is_listed_with_the_number_of_its_case(house: House) -> None:
    filed = house.file()
    parked = HandlingParked(
        case_id=filed.id, service="signing", parking_id=uuid4(), fact="jp.todoke.approval.decision_made.v1",
        error="DamagedDocumentError", parked_at=now(),
    )  # fmt: skip
    house.hear(parked)
    house.hear(parked)
    with house.engine.connect() as connection:
        (row,) = queries.parked(connection, filed.id)
        assert queries.count_parked(connection) == 1
    assert (row.reception_number, row.handover.service) == (filed.number, "signing")


def test_the_clerk_of_another_section_in_the_same_department_may_read(house: House) -> None:
    assert house.file().number in numbers(house, "department", ROADS)
