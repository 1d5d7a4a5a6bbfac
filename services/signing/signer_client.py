"""How the rest of signing asks the signer process for a raw signature."""

import base64
import json
import socket
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from services.chassis.logging import case_of_lines

HEAD = 4
OF_THE_TOKEN = ("token", "full", "pin")


class SignerUnavailableError(Exception):
    """The signer process, or its token, does not answer.  Transient: its supervisor starts it again.

    ``reason``: token, full (it has no room), pin (it refuses the PIN), or the error's name.
    """

    permanent: ClassVar[bool] = False

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class SignerRefusedError(Exception):
    """The signer refuses: the request id was used for other data, or the request is malformed.  Permanent."""

    permanent: ClassVar[bool] = True


@dataclass(frozen=True)
class SignerClient:
    """Where the signer listens.  A connection per request: the signer may have been restarted since the last."""

    path: Path
    timeout: float = 20.0

    def sign(self, request_id: str, algorithm: str, data: bytes) -> bytes:
        """The raw signature value over ``data``.

        ``algorithm``: sha256, sha384 or sha512.  The same id and data give the same value.
        Raises SignerUnavailableError, SignerRefusedError.
        """
        payload = base64.b64encode(data).decode()
        request = {"op": "sign", "request_id": request_id, "algorithm": algorithm, "data": payload}
        answer = self._ask(request | {"case": case_of_lines()})
        return base64.b64decode(answer["signature"])

    def health(self) -> dict[str, Any]:
        """How many it has signed since its start, and its pid.  Raises SignerUnavailableError."""
        return self._ask({"op": "health"})

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        try:
            answer = self._exchange(json.dumps(request).encode())
        except (OSError, ValueError) as error:
            raise SignerUnavailableError(type(error).__name__) from error
        if answer.get("error") in OF_THE_TOKEN:
            raise SignerUnavailableError(answer["error"])
        if "error" in answer:
            raise SignerRefusedError(answer["error"])
        return answer

    def _exchange(self, frame: bytes) -> dict[str, Any]:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(self.timeout)
            connection.connect(str(self.path))
            connection.sendall(struct.pack(">I", len(frame)) + frame)
            size = int.from_bytes(_receive(connection, HEAD), "big")
            answer: dict[str, Any] = json.loads(_receive(connection, size))
            return answer


def _receive(connection: socket.socket, size: int) -> bytes:
    received = b""
    while len(received) < size:
        if not (part := connection.recv(size - len(received))):
            raise ConnectionResetError
        received += part
    return received
