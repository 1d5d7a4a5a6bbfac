"""CloudEvents 1.0 (JSON format) around a fact."""

import builtins
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from services.messages.encoding import DecodingError, decode, encode
from services.messages.fact import Fact

F = TypeVar("F", bound=Fact)
SPECVERSION = "1.0"


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """One message.

    ``source``: the sender's name.  ``subject``: the case id.  ``sequence``: counts up per case and sender, from 1.
    ``correlationid``: the case's, the same in every service.  ``ledgerhead``: hash of the sender's newest ledger row,
    so that all who hear it are witnesses.
    """

    id: UUID
    source: str
    type: str
    subject: str
    time: datetime
    correlationid: str
    sequence: int
    ledgerhead: str
    data: dict[str, Any]

    def to_json(self) -> str:
        """The message body; keys sorted, UTF-8 text."""
        document = {"specversion": SPECVERSION, "datacontenttype": "application/json"}
        document |= {name: encode(getattr(self, name)) for name in self.__dataclass_fields__ if name != "data"}
        return json.dumps(document | {"data": self.data}, ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, body: str | bytes) -> "Envelope":
        """Raises DecodingError when the body is not one of our messages."""
        try:
            document = json.loads(body)
        except (UnicodeDecodeError, ValueError) as error:
            raise DecodingError("the body is not JSON") from error
        return cls.from_document(document)

    @classmethod
    def from_document(cls, document: Any) -> "Envelope":
        """The same from a JSON value already read."""
        if not isinstance(document, dict) or document.get("specversion") != SPECVERSION:
            raise DecodingError("not a CloudEvents 1.0 document")
        data = document.get("data")
        if not isinstance(data, dict):
            raise DecodingError("data: an object is wanted")
        return decode(_Attributes, document).with_data(data)

    def fact(self, wanted: "builtins.type[F]") -> F:
        """The fact inside.  Raises DecodingError when the type is another or data has not its shape."""
        if self.type != wanted.type(self.source):
            raise DecodingError(f"{self.type} is not {wanted.type(self.source)}")
        return decode(wanted, self.data)


@dataclass(frozen=True, kw_only=True)
class _Attributes:
    id: UUID
    source: str
    type: str
    subject: str
    time: datetime
    correlationid: str
    sequence: int
    ledgerhead: str

    def with_data(self, data: dict[str, Any]) -> Envelope:
        return Envelope(data=data, **self.__dict__)
