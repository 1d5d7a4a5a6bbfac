"""The decision chain that a signed notice carries: who may know the file may know it, so no person is named in it."""

from typing import Any

from services.approval.domain.act import Act, Kind
from services.approval.domain.case import Case

SCHEMA = "todoke.decision-chain/1"
SHOWN = (Kind.DRAFT, Kind.APPROVE, Kind.DECIDE)


def chain_of(case: Case) -> dict[str, Any]:
    """JSON value: by-laws, and each act on the decided content with its post, article, hash and time.

    No officer's name, no comment, nothing of the application: residents show the file to others.
    Raises LookupError when there is no draft.
    """
    draft = case.draft
    if draft is None:
        raise LookupError("a case without a draft has no chain")
    route = draft.route
    return {
        "schema": SCHEMA,
        "bylaws": {"name": route.bylaws, "valid_from": route.valid_from.isoformat(), "row": route.row},
        "delegated": route.delegated,
        "document_type": draft.document_type,
        "content_sha256": draft.content_sha256,
        "acts": [_shown(act) for act in case.acts if act.kind in SHOWN and act.version == draft.version],
    }


def _shown(act: Act) -> dict[str, Any]:
    return {
        "act": act.kind.value,
        "post": act.post,
        "post_name": act.post_name,
        "article": act.article,
        "content_sha256": act.content_sha256,
        "at": act.at.isoformat(),
    }
