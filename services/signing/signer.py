"""The signer process: the one holder of the PKCS#11 session, behind a Unix socket that only its own user may open.

    python -m services.signing.signer

One session used by several threads crashes the process (SIGSEGV), so one thread owns it and works through one queue.
Request and answer are frames: 4 bytes of length (big-endian), then a JSON object.

    {"op": "sign", "request_id": …, "algorithm": "sha256", "data": base64}  ->  {"signature": base64}
        "case": …   whose case the log's lines are about, if the caller says so
    {"op": "health"}  ->  {"signed": n, "pid": n}
    any error         ->  {"error": "refused" | "malformed" | "token" | "full" | "pin"}

The same request id with the same data has the same answer; with other data it is refused.  After an error of the token
the process ends with EXIT_TOKEN: its supervisor starts it again with a fresh session.  A PIN that the token refuses is
tried once and never again: a token locks itself after a few.  The process then stays and answers "pin" until somebody
has put the PIN right and starts it anew.
"""

import base64
import hashlib
import json
import os
import signal
import socket
import socketserver
import struct
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pkcs11
from pkcs11.util.ec import encode_ecdsa_signature

from services.chassis.logging import configure, get_logger, of_case
from services.signing import settings as signing_settings

log = get_logger()

EXIT_TOKEN = 3
EXIT_TAKEN = 4
MAX_FRAME = 1 << 20
MAX_ID = 200
REMEMBERED = 10_000
IDLE_SECONDS = 30
PIN_ERRORS = (
    pkcs11.PinIncorrect,
    pkcs11.PinLocked,
    pkcs11.PinExpired,
    pkcs11.PinInvalid,
    pkcs11.PinLenRange,
    pkcs11.UserPinNotInitialized,
)
FULL_ERRORS = (pkcs11.DeviceMemory, pkcs11.HostMemory)
RSA = {name: pkcs11.Mechanism[f"{name.upper()}_RSA_PKCS"] for name in ("sha256", "sha384", "sha512")}


class RefusedError(Exception):
    """The request id was used for other data."""


class PinRefusedError(Exception):
    """The token does not take the PIN of the settings."""


class MalformedError(Exception):
    """Not a request of ours."""


class Token(Protocol):
    """Something that signs."""

    def sign(self, algorithm: str, data: bytes) -> bytes: ...


@dataclass(frozen=True)
class TokenOptions:
    """Where the key is.  ``configuration``: SoftHSM's own file, when the module is SoftHSM."""

    module: Path
    token: str
    pin: str
    key_label: str
    configuration: Path | None = None


class HardwareToken:
    """A PKCS#11 session with the seal's private key.  Used by one thread only."""

    def __init__(self, options: TokenOptions) -> None:
        if options.configuration:
            os.environ["SOFTHSM2_CONF"] = str(options.configuration)
        token = pkcs11.lib(str(options.module)).get_token(token_label=options.token)
        self._session = token.open(user_pin=options.pin)
        self._key = self._session.get_key(pkcs11.ObjectClass.PRIVATE_KEY, label=options.key_label)

    def sign(self, algorithm: str, data: bytes) -> bytes:
        """RSASSA-PKCS1-v1_5, or ECDSA as the DER of RFC 3279 2.2.3, by the key's type."""
        if self._key.key_type == pkcs11.KeyType.RSA:
            return bytes(self._key.sign(data, mechanism=RSA[algorithm]))
        digest = hashlib.new(algorithm, data).digest()
        return bytes(encode_ecdsa_signature(self._key.sign(digest, mechanism=pkcs11.Mechanism.ECDSA)))


class ClosedToken:
    """A token whose PIN was refused: it is not asked again."""

    def sign(self, algorithm: str, data: bytes) -> bytes:  # noqa: ARG002 - as every token
        """Raises PinRefusedError."""
        raise PinRefusedError


class Desk:
    """Answers requests one after another, and remembers its answers."""

    def __init__(self, token: Token) -> None:
        self._token = token
        self._answers: OrderedDict[str, tuple[str, bytes]] = OrderedDict()
        self.signed = 0

    def sign(self, request_id: str, algorithm: str, data: bytes) -> bytes:
        """Raises RefusedError, and whatever the token raises."""
        print_ = f"{algorithm}:{hashlib.sha256(data).hexdigest()}"
        if known := self._answers.get(request_id):
            if known[0] != print_:
                raise RefusedError(request_id)
            return known[1]
        signature = self._token.sign(algorithm, data)
        self._remember(request_id, print_, signature)
        return signature

    def _remember(self, request_id: str, print_: str, signature: bytes) -> None:
        self.signed += 1
        self._answers[request_id] = (print_, signature)
        if len(self._answers) > REMEMBERED:
            self._answers.popitem(last=False)


class Server(socketserver.ThreadingUnixStreamServer):
    """Threads read and write; one thread signs."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, path: Path, token: Callable[[], Token]) -> None:
        self.queue = ThreadPoolExecutor(max_workers=1, thread_name_prefix="token")
        self.desk = Desk(self._opened(token))
        self.exit_code = 0
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove_stale(path)
        umask = os.umask(0o177)
        try:
            super().__init__(str(path), Connection)
        finally:
            os.umask(umask)

    def _opened(self, token: Callable[[], Token]) -> Token:
        try:
            return self.queue.submit(token).result()
        except PIN_ERRORS as error:
            log.error("pin_refused", error=type(error).__name__)
            return ClosedToken()

    def stop(self, exit_code: int = 0) -> None:
        """From any thread but the one that serves."""
        self.exit_code = exit_code
        threading.Thread(target=self.shutdown, daemon=True).start()

    def answer(self, request: Any) -> dict[str, Any]:
        """One request's answer; an error of the token also ends the process."""
        with of_case(_case_of(request)):
            return self._answer_or_error(request)

    def _answer_or_error(self, request: Any) -> dict[str, Any]:
        try:
            return self._answer(request)
        except MalformedError:
            return {"error": "malformed"}
        except RefusedError:
            log.warning("signature_refused_other_data")
            return {"error": "refused"}
        except PinRefusedError:
            return {"error": "pin"}
        except Exception as error:
            log.error("token_failed", error=type(error).__name__)
            self.stop(EXIT_TOKEN)
            return {"error": "full" if isinstance(error, FULL_ERRORS) else "token"}

    def _answer(self, request: Any) -> dict[str, Any]:
        if isinstance(request, dict) and request.get("op") == "health":
            return {"signed": self.desk.signed, "pid": os.getpid()}
        arguments = _parse(request)
        signature = self.queue.submit(self.desk.sign, *arguments).result()
        log.info("signature_given")
        return {"signature": base64.b64encode(signature).decode()}


class Connection(socketserver.StreamRequestHandler):
    """Frames in, frames out, until the client closes."""

    timeout = IDLE_SECONDS
    server: Server

    def handle(self) -> None:
        """Answer one request after the other until the caller goes."""
        try:
            while True:
                answer = json.dumps(self.server.answer(_read(self.rfile))).encode()
                self.wfile.write(struct.pack(">I", len(answer)) + answer)
        except (OSError, EOFError):
            return


def serve(path: Path, token: Callable[[], Token]) -> int:
    """Until SIGTERM or an error of the token.  Returns the process's exit code."""
    server = Server(path, token)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: server.stop())
    log.info("signer_started")
    server.serve_forever(poll_interval=0.1)
    server.server_close()
    path.unlink(missing_ok=True)
    log.info("signer_stopped", exit_code=server.exit_code)
    return server.exit_code


def _case_of(request: Any) -> str:
    found = request.get("case") if isinstance(request, dict) else None
    return found[:MAX_ID] if isinstance(found, str) else ""


def _parse(request: Any) -> tuple[str, str, bytes]:
    try:
        request_id, algorithm = request["request_id"], request["algorithm"]
        data = base64.b64decode(request["data"], validate=True)
    except (TypeError, KeyError, ValueError) as error:
        raise MalformedError from error
    if request.get("op") != "sign" or algorithm not in RSA or not isinstance(request_id, str):
        raise MalformedError
    if not data or not 0 < len(request_id) <= MAX_ID:
        raise MalformedError
    return request_id, algorithm, data


def _read(stream: Any) -> Any:
    head = stream.read(4)
    size = int.from_bytes(head, "big")
    if not head or size > MAX_FRAME:
        raise EOFError
    try:
        return json.loads(stream.read(size))
    except ValueError:
        return {}


def _remove_stale(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as probe:
        if path.exists() and probe.connect_ex(str(path)) == 0:
            log.error("signer_socket_taken")
            sys.exit(EXIT_TAKEN)
    path.unlink(missing_ok=True)


def main() -> int:
    """The process's exit code."""
    configure("signing", "signer")
    settings = signing_settings.load()
    options = TokenOptions(
        settings.pkcs11_module,
        settings.pkcs11_token,
        settings.pkcs11_pin.get_secret_value(),
        settings.pkcs11_key_label,
        settings.softhsm2_conf,
    )
    try:
        return serve(settings.signer_socket, lambda: HardwareToken(options))
    except pkcs11.PKCS11Error as error:
        log.error("token_failed", error=type(error).__name__)
        return EXIT_TOKEN


if __name__ == "__main__":
    # Not sys.exit: a hung PKCS#11 call in the token's thread must not keep the process from ending.
    os._exit(main())
