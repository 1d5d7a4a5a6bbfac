"""Intake (受付): where residents ask the town for something and see how far it is.

Decides: whether a form can be accepted, its reception number, its day of arrival and its due date.
Hears: what the other services say about a case, for the resident's timeline.
Says: application_submitted.
"""
