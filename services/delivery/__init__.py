"""Delivery (交付): brings the signed notice to the resident's own device.

Decides who receives digitally and who on paper, when a notice has been opened and has arrived in law, and until when
one can appeal.
Hears application_submitted, decision_made, document_signed, notice_delivered (its own: the mail) and retry_requested.
Says notice_delivered, notice_opened, notice_arrived, delivery_chosen, delivery_failed and paper_posted.
"""
