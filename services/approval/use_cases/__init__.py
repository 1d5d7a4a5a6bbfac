"""What approval does: ``acts`` of people, ``facts`` it hears, ``corrections`` (both); ``ports``: what they need."""

from services.approval.use_cases.acts import (
    AMOUNT,
    DraftDecision,
    TakeStep,
    UnknownOutcomeError,
    approve,
    decide,
    draft_decision,
    request_retry,
    send_back,
    start_examination,
)
from services.approval.use_cases.corrections import (
    RequestCorrection,
    go_on,
    receive_correction,
    request_correction,
)
from services.approval.use_cases.facts import (
    open_case,
    receive_check,
    receive_choice,
    receive_delay,
    receive_delivery,
    receive_delivery_failure,
    receive_handover,
    receive_opening,
    receive_permit,
    receive_posting,
    receive_resumption,
    receive_seal_refusal,
    receive_signed,
    receive_withdrawal,
)
from services.approval.use_cases.ports import (
    Cases,
    Form,
    Handovers,
    Numbers,
    Papers,
    Ports,
    Town,
    paper_of,
    reference_of,
)

__all__ = [
    "AMOUNT", "Cases", "DraftDecision", "Form", "Handovers", "Numbers", "Papers", "Ports", "RequestCorrection",
    "TakeStep", "Town", "UnknownOutcomeError", "approve", "decide", "draft_decision", "go_on", "open_case",
    "paper_of", "receive_check", "receive_choice", "receive_correction", "receive_delay", "receive_delivery",
    "receive_delivery_failure", "receive_handover", "receive_opening", "receive_permit", "receive_posting",
    "receive_resumption", "receive_seal_refusal", "receive_signed", "receive_withdrawal", "reference_of",
    "request_correction", "request_retry", "send_back", "start_examination",
]  # fmt: skip
