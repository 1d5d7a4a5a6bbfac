"""What approval composes of the town's data is what signing's notice compiler lets pass, for every procedure."""

from datetime import date
from pathlib import Path

import pytest

from services.approval.domain.notice import Applicant, Outcome, Procedure, compose
from services.approval.town import read_town as read_for_approval
from services.intake.town import read_town as read_for_intake
from services.signing.compiler import Expectation, compile_notice, may_be_sealed
from services.signing.fonts import load_faces
from services.signing.town import read_town as read_for_signing
from tests.unit.signing.glyphs import FONT_DIRS

TOWN = Path(__file__).parents[2] / "infra" / "town"
DAY = date(2026, 11, 24)
APPROVAL, SIGNING = read_for_approval(TOWN), read_for_signing(TOWN)
OUTCOMES = [
    pytest.param(procedure, outcome, id=f"{procedure.id}-{outcome.id}")
    for procedure in APPROVAL.procedures.values()
    for outcome in procedure.outcomes
]
APPLICANT = Applicant(sub="r-takahashi", name="髙橋 みのり", kana="たかはし みのり", address="高畠町大字深沼1234番地5")


@pytest.mark.parametrize(("procedure", "outcome"), OUTCOMES)
def test_every_outcome_passes_the_notice_compiler(procedure: Procedure, outcome: Outcome) -> None:
    values = {one.id: 198_000 if one.kind == "amount" else "例として書いた文" for one in outcome.fields}
    letterhead = APPROVAL.letterhead(outcome.document_type, procedure.appeal_variant, DAY)
    notice = compose(procedure, outcome, values, letterhead, APPLICANT, "R8-000001", DAY)
    kind = SIGNING.type(outcome.document_type)
    wanted = Expectation(
        title=kind.title,
        legend=kind.seal.legend if kind.seal else None,
        appeal=SIGNING.appeal_variant(procedure.id, DAY),
    )
    findings = compile_notice(notice, wanted, load_faces(FONT_DIRS))
    assert may_be_sealed(findings), [one for one in findings if one.severity == "error"]


@pytest.mark.parametrize("procedure", APPROVAL.procedures.values(), ids=lambda procedure: procedure.id)
def test_every_refusal_carries_fact_rule_and_application(procedure: Procedure) -> None:
    refused = procedure.outcome("refused")
    assert refused is None or refused.reasons is not None


def test_every_proposed_answer_is_asked_in_the_form() -> None:
    for form in read_for_intake(TOWN).procedures:
        asked = {f"{topic.id}.{question.id}" for topic in form.form.topics for question in topic.questions}
        outcomes = APPROVAL.procedure(form.id, form.valid_from).outcomes
        proposals = [one.proposal.answer for outcome in outcomes for one in outcome.fields if one.proposal]
        assert {answer for answer in proposals if answer} <= asked
