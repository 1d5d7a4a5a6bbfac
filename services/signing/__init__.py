"""Signing (署名): turns a decision into a sealed document that anyone can verify, and a contract into a concluded one.

Decides whether a draft can be sealed as it is, whether a document is the one that was decided, that a seal is used only
when its keeper (公印管守者) permits it, and who has consented to which contract, when and how.
Hears decision_drafted, decision_made, contract_approved, paper_posted, retry_requested, and its own seal_permitted (the
signing itself), contract_offered, contract_concluded (mails), consent_code_requested and consent_given.
Says draft_checked, seal_permitted, seal_refused, document_signed, contract_offered, consent_code_requested,
consent_given, contract_consented, contract_declined, contract_expired and contract_concluded.
"""
