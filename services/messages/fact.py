"""What every fact has."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Fact:
    """Something that has happened to one case.  ``case_id`` is random and tells nothing about the person."""

    sender: ClassVar[str] = ""
    name: ClassVar[str] = ""
    schema_version: ClassVar[int] = 1

    case_id: UUID

    @classmethod
    def routing_key(cls) -> str:
        """``<fact>.v<version>``, the key under which the sender's exchange routes it."""
        return f"{cls.name}.v{cls.schema_version}"

    @classmethod
    def type(cls, sender: str = "") -> str:
        """CloudEvents ``type``; ``sender`` only for facts that every service says."""
        return f"jp.todoke.{cls.sender or sender}.{cls.routing_key()}"
