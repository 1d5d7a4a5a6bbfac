"""The form document: what was applied for, as the other services read it (docs/form.md)."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.intake.domain.application import Application
from services.intake.domain.draft import Draft
from services.intake.domain.procedure import Procedure

SCHEMA = "todoke.form/1"
APPLICANT = ("name", "kana", "birthdate", "address", "telephone", "mail")
VERIFIED = ("name", "address", "birthdate")
Shown = Sequence[Mapping[str, Any]]


def form_document(
    draft: Draft, application: Application, procedure: Procedure, claims: Mapping[str, str], shown: Shown
) -> dict[str, Any]:
    """JSON value of the form document.  ``claims``: vouched for by the sign-in; ``shown``: as the resident saw it."""
    return {
        "schema": SCHEMA,
        "procedure_id": procedure.id,
        "procedure_version": procedure.valid_from.isoformat(),
        "procedure_name": procedure.name,
        "reception_number": str(application.number),
        "submitted_at": application.submitted_at.isoformat(),
        "applicant": _applicant(draft, procedure, claims),
        "answers": draft.answers,
        "shown": list(shown),
        "attachments": [_attachment(draft, place) for place in range(len(draft.attachments))],
        "delivery": {
            "digital": application.digital,
            "consented_at": draft.consented_at.isoformat() if draft.consented_at else None,
        },
    }


def _applicant(draft: Draft, procedure: Procedure, claims: Mapping[str, str]) -> dict[str, Any]:
    told = {meaning: procedure.form.meaning(meaning, draft.answers) for meaning in APPLICANT}
    verified = [meaning for meaning in VERIFIED if told[meaning] and told[meaning] == claims.get(meaning)]
    return {"sub": draft.sub, **told, "verified": verified}


def _attachment(draft: Draft, place: int) -> dict[str, Any]:
    one = draft.attachments[place]
    return {
        "id": f"{one.question}-{place + 1}",
        "question": one.question,
        "name": one.name,
        "media_type": one.media_type,
        "size": one.size,
        "sha256": one.sha256,
    }
