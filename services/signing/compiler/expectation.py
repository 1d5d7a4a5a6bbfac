"""What the town's data ask of a notice."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.messages import Finding
from services.signing.fonts import Faces
from services.signing.town import BasisKind, DocumentType, Town


@dataclass(frozen=True)
class Expectation:
    """``seal`` and its ``legend``: None for （公印省略）.  ``appeal``: the variant, "none", or None when nobody knows.

    ``reasons``: whether the type of document is a refusal, in whole or in part.  ``basis``: what the procedure rests
    on; None when nobody knows.  ``town``: the defendant, at the ``address`` of its letterhead; ``office``: to whom one
    appeals, and who issues.
    """

    document_type: str
    title: str
    seal: str | None
    legend: str | None
    appeal: str | None
    reasons: bool = False
    basis: BasisKind | None = None
    town: str = ""
    office: str = ""
    address: str = ""


def expectation(town: Town, kind: DocumentType, procedure_id: str, on: date) -> Expectation:
    """Of a document of this type, answering an application of that day."""
    basis = town.basis(procedure_id, on)
    return Expectation(
        document_type=kind.id,
        title=kind.title,
        seal=kind.seal.id if kind.seal else None,
        legend=kind.seal.legend if kind.seal else None,
        appeal=basis.appeal if basis else None,
        reasons=kind.reasons,
        basis=basis.kind if basis else None,
        town=town.name,
        office=town.office,
        address=town.address,
    )


Rule = Callable[[Mapping[str, Any], Expectation, Faces], Finding]
