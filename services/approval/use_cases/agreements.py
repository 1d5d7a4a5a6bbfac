"""Where an act on a contract differs from one on an application: what is composed, what a decision makes of it."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from services.approval.domain.act import Act
from services.approval.domain.case import Case, Decision, Draft
from services.approval.domain.chain import chain_of
from services.approval.domain.contract import Agreement, compose_contract
from services.approval.domain.notice import Values
from services.approval.domain.wording import local_date
from services.approval.use_cases.ports import Ports, Town, reference_of
from services.messages import ContractApproved


def contract_data(case: Case, agreement: Agreement, values: Values, town: Town, day: date) -> dict[str, Any]:
    """What the contract says (docs/contract.md), with its number: it has had that since it was first drafted."""
    kind = town.kind(case.procedure_id, case.procedure_version)
    letterhead = town.letterhead(kind.outcome.document_type, kind.procedure.appeal_variant, day)
    contractor = town.contractor(agreement.contractor)
    return compose_contract(kind, case.reception_number, values, letterhead, town.party(day), contractor)


def contract_decision(case: Case, draft: Draft, act: Act, ports: Ports) -> Decision:
    """The town's will to conclude; from this day on the contractor has so many days for the consent."""
    day = local_date(act.at)
    case.due_on = day + timedelta(days=draft.notice["answer_days"])
    return Decision(
        document_id=uuid4(),
        document_number=case.reception_number,
        issued_on=day,
        version=draft.version,
        outcome=draft.outcome,
        sub=act.sub,
        post=act.post,
        authority=draft.route.authority,
        chain=ports.papers.keep(case.case_id, chain_of(case), draft.notice["retention"]),
        decided_at=act.at,
    )


def contract_approved(case: Case, draft: Draft, decision: Decision) -> ContractApproved:
    """What signing offers to the contractor."""
    return ContractApproved(
        case_id=case.case_id,
        version=draft.version,
        document_id=decision.document_id,
        document_type=draft.document_type,
        contract_number=case.reception_number,
        contract=reference_of(draft.document),
        chain=reference_of(decision.chain),
        decider=decision.post,
        authority=decision.authority,
        answer_by=case.due_on or decision.issued_on,
        decided_at=decision.decided_at,
    )
