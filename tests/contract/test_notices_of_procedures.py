"""What approval composes of the town's data is what signing's notice compiler lets pass, for every procedure."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.approval.domain.notice import Applicant, Field, Outcome, Procedure, compose
from services.approval.domain.organisation import Rank
from services.approval.town import read_town as read_for_approval
from services.delivery.domain.notice import Notice
from services.intake.town import read_town as read_for_intake
from services.messages import decode
from services.signing.compiler import compile_notice, expectation, may_be_sealed
from services.signing.fonts import load_faces
from services.signing.town import read_town as read_for_signing
from tests.unit.signing.glyphs import FONT_DIRS

TOWN = Path(__file__).parents[2] / "infra" / "town"
DAY = date(2026, 11, 24)
APPROVAL, SIGNING = read_for_approval(TOWN), read_for_signing(TOWN)
BASES = {(one.id, one.valid_from): one.legal_basis for one in read_for_intake(TOWN).procedures}
OUTCOMES = [
    pytest.param(procedure, outcome, id=f"{procedure.id}-{outcome.id}")
    for procedure in APPROVAL.procedures.values()
    for outcome in procedure.outcomes
]
APPLICANT = Applicant(sub="r-takahashi", name="髙橋 みのり", kana="たかはし みのり", address="高畠町大字深沼1234番地5")


def composed(procedure: Procedure, outcome: Outcome) -> dict[str, Any]:
    texts = {"rule": "要綱第４条による。", "fact": "例として書いた事実", "application": "例として書いたあてはめ"}
    values = {
        one.id: 198_000 if one.kind == "amount" else texts.get(one.id, "例として書いた文") for one in outcome.fields
    }
    letterhead = APPROVAL.letterhead(outcome.document_type, procedure.appeal_variant, DAY)
    return compose(procedure, outcome, values, letterhead, APPLICANT, "R8-000001", DAY)


@pytest.mark.parametrize(("procedure", "outcome"), OUTCOMES)
def test_every_outcome_passes_the_notice_compiler(procedure: Procedure, outcome: Outcome) -> None:
    notice = composed(procedure, outcome)
    kind = SIGNING.type(outcome.document_type)
    wanted = expectation(SIGNING, kind, procedure.id, DAY)
    findings = compile_notice(notice, wanted, load_faces(FONT_DIRS))
    assert may_be_sealed(findings), [one for one in findings if one.severity == "error"]


@pytest.mark.parametrize(("procedure", "outcome"), OUTCOMES)
def test_only_a_decision_under_a_mere_outline_carries_no_appeal(procedure: Procedure, outcome: Outcome) -> None:
    basis = BASES[procedure.id, procedure.valid_from]
    appeal = composed(procedure, outcome)["appeal"]
    assert (appeal is None) == (basis.kind == "outline")
    assert basis.appeal == (appeal["variant"] if appeal else "none")


@pytest.mark.parametrize(("procedure", "outcome"), OUTCOMES)
def test_every_section_has_people_who_draft_approve_and_decide_and_none_of_them_keeps_the_seal(
    procedure: Procedure, outcome: Outcome
) -> None:
    organisation = APPROVAL.rulebook.organisation
    office = organisation.posts_in(procedure.section, DAY)
    officers = [one for one in organisation.posts if one.id in office and one.rank is Rank.OFFICER]
    drafters = [member.sub for one in officers for member in organisation.holders(one.id, DAY)]
    assert drafters
    for drafter in drafters:
        route = APPROVAL.rulebook.route(
            matter=outcome.matter, amount=198_000, section=procedure.section, drafter=drafter, day=DAY
        )
        posts = [step.post for step in route.steps]
        people = {drafter, *(one.sub for post in posts for one in organisation.holders(post, DAY))}
        assert len(posts) >= 2
        assert SIGNING.keepers.isdisjoint({*posts, *office})
        assert people.isdisjoint(one.sub for post in SIGNING.keepers for one in organisation.holders(post, DAY))


@pytest.mark.parametrize(("procedure", "outcome"), OUTCOMES)
def test_what_a_decision_makes_due_reaches_the_inbox(procedure: Procedure, outcome: Outcome) -> None:
    summary = decode(Notice, composed(procedure, outcome)).summary
    fees = [one.name for one in procedure.fees if outcome.id in one.outcomes]
    assert [one.name for one in summary.fees] == fees
    assert [one.what for one in summary.collect] == [
        one.what for one in procedure.collect if outcome.id in one.outcomes
    ]


def test_a_refusal_makes_nothing_due() -> None:
    for procedure in APPROVAL.procedures.values():
        for outcome in procedure.outcomes:
            if outcome.id in ("refused", "dismissed"):
                summary = composed(procedure, outcome)["summary"]
                assert (summary["fees"], summary["collect"]) == ([], [])


@pytest.mark.parametrize("procedure", APPROVAL.procedures.values(), ids=lambda procedure: procedure.id)
def test_every_refusal_carries_fact_rule_and_application(procedure: Procedure) -> None:
    against = [one for one in procedure.outcomes if one.id != "granted"]
    assert all(one.reasons is not None for one in against)


@pytest.mark.parametrize(("procedure", "outcome"), OUTCOMES)
def test_the_reasons_that_the_form_proposes_or_gives_as_an_example_pass_the_compiler(
    procedure: Procedure, outcome: Outcome
) -> None:
    fields = {one.id: one for one in outcome.fields if one.id in ("fact", "rule", "application")}
    told = {name: _proposed(one) for name, one in fields.items()}
    notice = composed(procedure, outcome) | {"reasons": told or None}
    wanted = expectation(SIGNING, SIGNING.type(outcome.document_type), procedure.id, DAY)
    assert may_be_sealed(compile_notice(notice, wanted, load_faces(FONT_DIRS))), told


def _proposed(one: Field) -> str:
    return (one.proposal.text if one.proposal else "") or one.support.partition("例：")[2]


def test_every_proposed_answer_is_asked_in_the_form() -> None:
    for form in read_for_intake(TOWN).procedures:
        asked = {f"{topic.id}.{question.id}" for topic in form.form.topics for question in topic.questions}
        outcomes = APPROVAL.procedure(form.id, form.valid_from).outcomes
        proposals = [one.proposal.answer for outcome in outcomes for one in outcome.fields if one.proposal]
        assert {answer for answer in proposals if answer} <= asked
