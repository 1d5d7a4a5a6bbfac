"""Signing (署名): turns a decision into a sealed document that anyone can verify.

Decides whether a draft's notice can be sealed as it is, whether a document is the one that was decided, and that a
seal is used only when its keeper (公印管守者) permits it.
Hears decision_drafted, decision_made, seal_permitted (its own: the signing itself), paper_posted and retry_requested.
Says draft_checked, seal_permitted, seal_refused and document_signed.
"""
