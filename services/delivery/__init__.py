"""Delivery (交付): brings the signed notice to the resident's own device.

Decides who may receive digitally, when a notice has been opened and has arrived in law, and until when one can appeal.
Hears application_submitted, decision_made, document_signed, notice_delivered (its own: the mail) and retry_requested.
Says notice_delivered, notice_opened and notice_arrived.
"""
