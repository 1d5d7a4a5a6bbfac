"""The stored documents of approval: the form it reads, the notice data and decision chains it writes."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from services.approval.domain.notice import Applicant
from services.approval.domain.paper import Paper
from services.approval.use_cases import Form, paper_of
from services.chassis.canonical import canonical_json
from services.chassis.database import Work
from services.chassis.handling import PermanentError
from services.chassis.objects import Objects, ref_of
from services.messages import DocumentRef

JSON = "application/json"
SHAPE = TypeAdapter(Form)
APPLICANT = tuple(Applicant.__dataclass_fields__)


class UnreadableFormError(PermanentError):
    """The document is whole, but no form document (docs/form.md).  ``sha256``: which."""

    def __init__(self, sha256: str) -> None:
        super().__init__(sha256)
        self.sha256 = sha256


class StoredPapers:
    """Papers in the two-site store.  ``objects``: None where nothing is read."""

    def __init__(self, objects: Objects | None, work: Work) -> None:
        self._objects = objects
        self._work = work

    def form(self, ref: DocumentRef) -> Form:
        """What approval copies out of a form.  Raises Waiting when no site answers, UnreadableFormError."""
        if self._objects is None:
            raise RuntimeError("this process reads no documents")
        try:
            return SHAPE.validate_python(_copied(json.loads(self._objects.get(ref))))
        except (ValueError, LookupError, TypeError) as error:
            raise UnreadableFormError(ref.sha256) from error

    def keep(self, case_id: UUID, value: Mapping[str, Any], retention: str) -> Paper:
        """Attach the canonical JSON of a value: the facts of this commit go out once it is stored."""
        data = canonical_json(dict(value))
        ref = ref_of(str(case_id), data, JSON, retention)
        self._work.attach(ref, data)
        return paper_of(ref)


def _copied(document: Mapping[str, Any]) -> dict[str, Any]:
    """Only what approval's pact names."""
    application = {name: document[name] for name in ("answers", "shown", "attachments")}
    applicant = {name: document["applicant"][name] for name in APPLICANT}
    return {
        "procedure_version": document["procedure_version"],
        "application": application | {"applicant": applicant},
    }
