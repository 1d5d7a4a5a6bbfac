"""Approval (決裁): where the town's staff examine an application and decide on it.

Decides: who may draft, approve and decide a case by the by-laws of the day, what the notice says, its document number.
Hears: from intake application_submitted, application_corrected, application_withdrawn; from signing draft_checked,
seal_permitted, seal_refused, document_signed, and of contracts contract_offered, contract_consented, contract_declined,
contract_expired, contract_concluded; from delivery notice_delivered, notice_opened, delivery_chosen, delivery_failed,
paper_posted; handling_parked of every service.
Says: examination_started, correction_requested, decision_drafted, decision_made, contract_approved, retry_requested.
"""
