"""The decision chain as a signed document carries it: which post did what, by which article, when.

Written by approval; signing attaches it as it is and reads it only to show it to the seal keeper.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.chassis.handling import PermanentError


class UnreadableChainError(PermanentError):
    """The stored chain is not one."""


@dataclass(frozen=True)
class Act:
    """``act``: draft, approve or decide."""

    act: str
    post: str
    post_name: str
    article: str
    at: datetime


def read_chain(text: bytes) -> tuple[Act, ...]:
    """Its acts, in their order.  Raises UnreadableChainError."""
    try:
        return tuple(_act(one) for one in json.loads(text)["acts"])
    except (ValueError, KeyError, TypeError) as error:
        raise UnreadableChainError from error


def _act(one: dict[str, Any]) -> Act:
    return Act(one["act"], one["post"], one["post_name"], one["article"], datetime.fromisoformat(one["at"]))
