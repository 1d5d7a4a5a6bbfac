"""What the templates of the seal keeper's pages show."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from services.messages import DocumentRef
from services.signing.certificates import Certificate
from services.signing.decision_chain import Act, read_chain
from services.signing.domain import Document
from services.signing.queries import Hold, Sheet
from services.signing.queries.contracts import Evidence
from services.signing.town import DocumentType, Seal, Town


@dataclass(frozen=True)
class DocumentView:
    """One document before its seal keeper."""

    sheet: Sheet
    town: Town
    certificate: Certificate
    consent: Evidence | None = None

    @property
    def document(self) -> Document:
        """What signing has decided of it."""
        return self.sheet.document

    @property
    def hold(self) -> Hold | None:
        """Why it is not signed yet, although permitted."""
        return self.sheet.hold

    @cached_property
    def notice(self) -> dict[str, Any]:
        """The notice data, as the macro of the paper reads it."""
        data: dict[str, Any] = json.loads(self.sheet.notice)
        return data

    @property
    def addressee(self) -> str:
        """Whom the document is for."""
        return str((self.notice.get("addressee") or self.notice.get("contractor") or {}).get("name", ""))

    @property
    def file(self) -> DocumentRef | None:
        """The signed file; before there is one, what will be signed, or how it will look."""
        return self.sheet.sealed or (self.consent.offered if self.consent else self.sheet.preview)

    @property
    def consented(self) -> bool:
        """Whether the contractor has consented to the very document that is to be signed."""
        return bool(self.consent and json.loads(self.consent.event)["document_sha256"] == self.consent.offered.sha256)

    @property
    def kind(self) -> DocumentType:
        """The row of the by-law's table that this document falls under."""
        return self.town.type(self.document.document_type)

    @property
    def seal(self) -> Seal:
        """Whose keeper permits it."""
        return self.town.seal_for(self.document.document_type)

    @property
    def acts(self) -> tuple[Act, ...]:
        """How it was decided."""
        return read_chain(self.sheet.chain)

    @property
    def decider(self) -> str:
        """Name of the post that decided."""
        return self.town.organisation.posts.get(self.document.decider, self.document.decider)

    @property
    def actor(self) -> str:
        """Name of the keeper who permitted or refused."""
        subject = self.document.acted_subject or ""
        return self.town.organisation.members.get(subject, subject)

    @property
    def same(self) -> bool:
        """Whether the notice here is, byte for byte, the one that was checked, approved and decided."""
        return hashlib.sha256(self.sheet.notice).hexdigest() == self.sheet.checked_sha256

    @property
    def match_number(self) -> str:
        """Eight digits of the hash, for comparing by eye with the desk."""
        return f"{self.sheet.checked_sha256[:4]}-{self.sheet.checked_sha256[4:8]}"

    def certificate_holds(self, now: datetime) -> bool:
        """Whether the seal's certificate is within its time."""
        return self.certificate.holds_at(now)

    @property
    def paper_seal(self) -> str:
        """How the paper shows the seal's place."""
        if self.kind.seal is None:
            return ""
        return "sealed" if self.document.state == "signed" else "pending"
