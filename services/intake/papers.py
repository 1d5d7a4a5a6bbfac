"""The stored documents that intake reads: what the office asks (docs/correction.md)."""

import json

from services.chassis.handling import PermanentError
from services.chassis.objects import Objects
from services.intake.domain.correction import Asked
from services.messages import DocumentRef


class UnreadableRequestError(PermanentError):
    """The document is whole, but not what its sender promised.  ``sha256``: which."""

    def __init__(self, sha256: str) -> None:
        super().__init__(sha256)
        self.sha256 = sha256


class StoredRequests:
    """Requests for correction out of the two-site store."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects

    def request(self, ref: DocumentRef) -> tuple[str, tuple[Asked, ...]]:
        """Message and questions.  Raises Waiting when no site answers, UnreadableRequestError."""
        try:
            value = json.loads(self._objects.get(ref))
            asked = tuple(Asked(one["topic"], one["question"], one["note"]) for one in value["questions"])
            return str(value["message"]), asked
        except (ValueError, KeyError, TypeError) as error:
            raise UnreadableRequestError(ref.sha256) from error
