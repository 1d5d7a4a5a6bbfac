"""Ready sentences (文例): staff choose what is often written; the chosen ones follow what was typed."""

from collections.abc import Sequence

from services.approval.domain.act import Kind
from services.approval.web.house import house
from services.chassis.web.forms import Typed

READY = "ready"


def sentences(kind: Kind) -> Sequence[str]:
    """Those that the page of an act offers."""
    return house().town.sentences.get(kind.value, ())


def added(text: str, typed: Typed, offered: Sequence[str]) -> str:
    """The text with the chosen sentences, each on a line of its own; what is not offered is not added."""
    return "\n".join([*filter(None, [text]), *(one for one in offered if one in typed.get(READY, []))])
