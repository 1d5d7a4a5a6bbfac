"""A case on the desk: who may do what, when, and what follows."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from services.approval import use_cases
from services.approval.domain.act import (
    CommentMissingError,
    ContentDiffersError,
    Kind,
    MovedOnError,
    NotCheckedError,
    NotYoursError,
    OwnDraftError,
    Seen,
)
from services.approval.domain.bylaws import NoDeciderError
from services.approval.domain.case import State
from services.approval.domain.chain import chain_of
from services.approval.domain.handover import Handover
from services.approval.use_cases import UnknownOutcomeError, paper_of
from services.messages import (
    DecisionDrafted,
    DecisionMade,
    DocumentSigned,
    DraftChecked,
    ExaminationStarted,
    HandlingParked,
    NoticeDelivered,
    NoticeOpened,
    RetryRequested,
    SealPermitted,
    SealRefused,
    StoredVersions,
    encode,
)
from tests.unit.approval.memory import (
    CASE,
    CHIEF,
    CLERK,
    DEPUTY,
    HEAD,
    NAME,
    NOW,
    OFFICER,
    ROADS,
    SUBMITTED,
    TOWN,
    Desk,
    ref,
)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def decided(desk: Desk) -> Desk:
    return desk.examine().draft().check().approve().decide()


def last(desk: Desk, kind: type):
    return next(fact for fact in reversed(desk.said) if isinstance(fact, kind))


def test_an_application_heard_twice_is_one_case(desk: Desk) -> None:
    use_cases.open_case(SUBMITTED, desk.cases, desk.papers, TOWN)
    assert desk.case.state is State.ACCEPTED
    assert desk.case.section == "housing"


def test_the_section_in_charge_takes_the_case_and_nobody_else(desk: Desk) -> None:
    with pytest.raises(NotYoursError):
        desk.examine(ROADS)
    desk.examine(CLERK)
    assert (desk.case.officer, desk.case.state) == (CLERK, State.EXAMINING)
    assert isinstance(desk.said[0], ExaminationStarted)


def test_examination_begins_once(desk: Desk) -> None:
    desk.examine(OFFICER).examine(CLERK)
    assert desk.case.officer == OFFICER
    assert len(desk.said) == 1


def test_a_draft_names_the_content_that_approvals_will_bind_to(desk: Desk) -> None:
    desk.examine().draft()
    drafted = last(desk, DecisionDrafted)
    assert drafted.notice.sha256 in desk.papers.kept
    assert desk.case.seen == Seen(1, drafted.notice.sha256)
    assert desk.case.draft and desk.case.draft.headline == "補助金 198,000円を交付する"


def test_the_notice_writes_the_name_exactly_as_it_was_typed(desk: Desk) -> None:
    desk.examine().draft()
    assert desk.case.draft and desk.case.draft.notice["addressee"]["name"] == NAME


def test_the_notice_goes_out_in_the_mayors_name_whoever_decides(desk: Desk) -> None:
    desk.examine().draft()
    assert desk.case.draft
    assert desk.case.draft.notice["issuer"] == {"title": "高畠町長", "name": "五十嵐 誠一"}
    assert desk.case.draft.route.decider.post == "construction-head"


def test_an_unknown_outcome_is_refused_by_name(desk: Desk) -> None:
    with pytest.raises(UnknownOutcomeError, match="gift"):
        desk.examine().draft(outcome="gift")


def test_a_draft_from_an_old_page_is_told_what_happened_meanwhile(desk: Desk) -> None:
    desk.examine().draft()
    with pytest.raises(MovedOnError) as caught:
        desk.draft(seen=Seen())
    assert caught.value.last and caught.value.last.kind is Kind.DRAFT


def test_nobody_approves_before_the_notice_is_checked_or_with_an_error_in_it(desk: Desk) -> None:
    desk.examine().draft()
    with pytest.raises(NotCheckedError) as unchecked:
        desk.approve()
    desk.check("error")
    with pytest.raises(NotCheckedError) as wrong:
        desk.approve()
    assert (unchecked.value.checked, wrong.value.checked) == (False, True)


def test_a_warning_of_the_compiler_stops_nobody(desk: Desk) -> None:
    assert desk.examine().draft().check("warning").approve().case.approvals


def test_only_the_next_post_of_the_route_acts(desk: Desk) -> None:
    desk.examine().draft().check()
    for sub in (HEAD, DEPUTY, ROADS, OFFICER):
        with pytest.raises(NotYoursError) as caught:
            desk.approve(sub)
        assert caught.value.post_name == "住宅係長"


def test_a_second_tap_finds_that_the_case_has_moved_on(desk: Desk) -> None:
    desk.examine().draft().check().approve()
    with pytest.raises(MovedOnError) as caught:
        desk.approve()
    assert caught.value.last and caught.value.last.sub == CHIEF
    assert len(desk.case.approvals) == 1


def test_the_decider_cannot_approve_instead_of_deciding(desk: Desk) -> None:
    desk.examine().draft().check().approve()
    with pytest.raises(MovedOnError):
        desk.approve(HEAD)


def test_nobody_acts_on_content_that_was_not_in_view(desk: Desk) -> None:
    desk.examine().draft().check()
    old = desk.case.seen
    desk.draft(grounds="別の理由").check()
    with pytest.raises(MovedOnError):
        desk.approve(seen=old)
    with pytest.raises(MovedOnError):
        desk.approve(seen=replace(desk.case.seen, content_sha256="0" * 64))


def test_a_new_version_needs_every_approval_anew(desk: Desk) -> None:
    desk.examine().draft().check().approve().send_back(HEAD)
    desk.draft().check()
    assert desk.case.approvals == []
    assert desk.case.step and desk.case.step.post == "housing-chief"


def test_a_draft_is_pulled_back_only_until_the_next_one_has_acted(desk: Desk) -> None:
    desk.examine().draft().check().draft()
    assert desk.case.seen.version == 2
    desk.check().approve()
    with pytest.raises(MovedOnError):
        desk.draft()


def test_who_sends_back_says_why_and_the_drafter_goes_on(desk: Desk) -> None:
    desk.examine().draft().check()
    with pytest.raises(CommentMissingError):
        desk.send_back(comment="  ")
    desk.send_back()
    assert (desk.case.state, desk.case.acts[-1].comment) == (State.EXAMINING, "見積書を確かめてください。")
    assert desk.case.may_draft


def test_nobody_approves_an_own_draft(desk: Desk) -> None:
    desk.examine().draft().check()
    case = desk.case
    case.drafts[-1] = replace(case.drafts[-1], drafted_by=CHIEF)
    desk.cases.save(case)
    with pytest.raises(OwnDraftError):
        desk.approve()


def test_the_decision_takes_a_number_and_the_day_in_japan(desk: Desk) -> None:
    desk.now = NOW.replace(hour=15, minute=30)
    decided(desk)
    made = last(desk, DecisionMade)
    assert (made.document_number, made.issued_on.isoformat()) == ("高建第1号", "2026-11-25")
    assert (made.decider, made.authority) == ("construction-head", "高畠町事務決裁規程 別表第2の14")
    assert made.notice.sha256 == desk.case.seen.content_sha256


def test_a_decision_is_made_once(desk: Desk) -> None:
    decided(desk)
    with pytest.raises(MovedOnError):
        desk.decide()
    assert len(desk.case.decisions) == 1


def test_the_chain_names_posts_and_hashes_and_no_person(desk: Desk) -> None:
    chain = chain_of(decided(desk).case)
    assert [(act["act"], act["post"]) for act in chain["acts"]] == [
        ("draft", "housing-officer"), ("approve", "housing-chief"), ("decide", "construction-head"),
    ]  # fmt: skip
    assert {act["content_sha256"] for act in chain["acts"]} == {desk.case.seen.content_sha256}
    text = str(chain)
    people = [one.name for one in TOWN.rulebook.organisation.members] + [NAME, "R8-000412", "s-"]
    assert not [name for name in people if name in text]


def test_every_act_of_a_person_is_noted_in_the_ledger(desk: Desk) -> None:
    decided(desk)
    assert [kind for kind, _ in desk.noted] == [Kind.EXAMINE, Kind.DRAFT, Kind.APPROVE, Kind.DECIDE]


def test_a_check_of_other_content_is_no_check(desk: Desk) -> None:
    desk.examine().draft()
    fact = DraftChecked(case_id=CASE, version=1, content_sha256="0" * 64, findings=(), checked_at=NOW)
    with pytest.raises(ContentDiffersError):
        use_cases.receive_check(fact, desk.cases)


def test_a_late_check_of_an_older_version_does_not_open_the_newer_one(desk: Desk) -> None:
    desk.examine().draft().draft().check(version=1)
    with pytest.raises(NotCheckedError):
        desk.approve()


def follow(desk: Desk, *facts) -> Desk:
    acts = {
        SealPermitted: use_cases.receive_permit,
        DocumentSigned: use_cases.receive_signed,
        NoticeDelivered: use_cases.receive_delivery,
        NoticeOpened: use_cases.receive_opening,
        SealRefused: use_cases.receive_seal_refusal,
    }
    for fact in facts:
        acts[type(fact)](fact, desk.cases)
    return desk


def after(document_id: UUID):
    signed = DocumentSigned(
        case_id=CASE, document_id=document_id, document_type="subsidy-grant", document_number="高建第1号",
        outcome="granted", document=ref("pdf"), notice=ref("notice"), versions=StoredVersions("1", "2"), level="B-T",
        signed_at=NOW + timedelta(minutes=2),
    )  # fmt: skip
    permitted = SealPermitted(
        case_id=CASE, document_id=document_id, permitted_by="seal-keeper", permitted_at=NOW + timedelta(minutes=1)
    )
    delivered = NoticeDelivered(case_id=CASE, document_id=document_id, available_at=NOW + timedelta(minutes=3))
    opened = NoticeOpened(case_id=CASE, document_id=document_id, opened_at=NOW + timedelta(minutes=4))
    return [permitted, signed, delivered, opened]


def test_the_desk_sees_the_notice_on_its_way_to_the_opening_in_whatever_order_it_is_told(desk: Desk) -> None:
    document_id = last(decided(desk), DecisionMade).document_id
    follow(desk, *reversed(after(document_id)))
    assert desk.case.state is State.OPENED
    assert desk.case.reached[State.OPENED] == NOW + timedelta(minutes=4)
    assert desk.case.document == paper_of(ref("pdf"))


def test_a_refused_seal_brings_the_case_back_to_its_drafter(desk: Desk) -> None:
    document_id = last(decided(desk), DecisionMade).document_id
    refused = SealRefused(
        case_id=CASE, document_id=document_id, refused_by="seal-keeper", reason="宛先がちがう", refused_at=NOW
    )
    follow(desk, refused)
    assert (desk.case.state, desk.case.seal_refusal) == (State.SEAL_REFUSED, "宛先がちがう")
    desk.draft().check().approve().decide()
    assert [one.document_number for one in desk.case.decisions] == ["高建第1号", "高建第2号"]
    follow(desk, after(document_id)[0])
    assert desk.case.state is State.DECIDED, "what is heard of the refused document changes nothing"


def test_an_amount_above_the_heads_limit_goes_up_to_the_vice_mayor() -> None:
    desk = Desk().examine().draft(amount=500_000)
    assert desk.case.draft
    assert [step.post for step in desk.case.draft.route.steps] == ["housing-chief", "construction-head", "vice-mayor"]


def test_a_matter_that_no_by_law_names_cannot_be_put_forward() -> None:
    with pytest.raises(NoDeciderError):
        TOWN.rulebook.route(matter="none", amount=1, section="housing", drafter=OFFICER, day=NOW.date())


def test_the_department_and_the_posts_of_the_route_may_read_a_case_and_others_not(desk: Desk) -> None:
    desk.examine().draft(amount=500_000)
    assert desk.case.may_be_read_by([], ["housing"])
    assert desk.case.may_be_read_by(["vice-mayor"], [])
    assert not desk.case.may_be_read_by(["education-head"], ["education"])


class MemoryHandovers:
    def __init__(self):
        self.rows = {}

    def add(self, handover):
        self.rows.setdefault(handover.parking_id, handover)

    def load(self, parking_id) -> Handover:
        return replace(self.rows[parking_id])

    def save(self, handover):
        self.rows[handover.parking_id] = handover


def test_parked_work_is_asked_for_again_once() -> None:
    handovers, said = MemoryHandovers(), []
    parked = HandlingParked(
        case_id=CASE, service="signing", parking_id=UUID(int=3), fact="jp.todoke.approval.decision_made.v1",
        error="DamagedDocumentError", parked_at=NOW,
    )  # fmt: skip
    use_cases.receive_handover(parked, handovers)
    use_cases.receive_handover(parked, handovers)
    for sub in (OFFICER, CHIEF):
        use_cases.request_retry(UUID(int=3), sub, handovers, said.append, NOW)
    assert [encode(fact)["service"] for fact in said if isinstance(fact, RetryRequested)] == ["signing"]
    assert handovers.rows[UUID(int=3)].asked_by == OFFICER
