"""The signer process: one queue before the token, safe repeats, a clean end."""

import base64
import json
import socket
import stat
import struct
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Thread

import pkcs11
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from services.signing.signer import EXIT_TAKEN, EXIT_TOKEN, Server
from services.signing.signer_client import SignerClient, SignerRefusedError, SignerUnavailableError
from tests.integration.signing.tokens import SignerProcess, make_token


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory, key: rsa.RSAPrivateKey) -> Iterator[SignerProcess]:
    directory = tmp_path_factory.mktemp("signer")
    process = SignerProcess(make_token(directory / "token", key), directory)
    process.wait_until_ready()
    yield process
    process.stop()


def test_the_signature_is_the_keys(signer: SignerProcess, key: rsa.RSAPrivateKey) -> None:
    signature = signer.client.sign("document-1", "sha256", b"attributes")
    key.public_key().verify(signature, b"attributes", padding.PKCS1v15(), hashes.SHA256())


def test_the_same_request_has_the_same_answer_and_is_signed_once(signer: SignerProcess) -> None:
    first = signer.client.sign("document-2", "sha256", b"attributes")
    before = signer.client.health()["signed"]
    assert signer.client.sign("document-2", "sha256", b"attributes") == first
    assert signer.client.health()["signed"] == before


def test_the_same_request_with_other_data_is_refused(signer: SignerProcess) -> None:
    signer.client.sign("document-3", "sha256", b"attributes")
    with pytest.raises(SignerRefusedError):
        signer.client.sign("document-3", "sha256", b"other attributes")


def test_many_at_once_are_all_signed(signer: SignerProcess) -> None:
    with ThreadPoolExecutor(max_workers=16) as clients:
        jobs = [clients.submit(signer.client.sign, f"many-{n}", "sha256", f"{n}".encode()) for n in range(64)]
        assert len({job.result() for job in jobs}) == 64


def test_only_its_own_user_may_open_the_socket(signer: SignerProcess) -> None:
    assert stat.S_IMODE(signer.socket.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "request_",
    [
        {"op": "sign"},
        {"op": "sign", "request_id": "", "algorithm": "sha256", "data": "AA=="},
        {"op": "sign", "request_id": "x", "algorithm": "md5", "data": "AA=="},
        {"op": "sign", "request_id": "x", "algorithm": "sha256", "data": "?"},
        ["sign"],
        None,
    ],
)
def test_a_malformed_request_is_refused_and_harms_nothing(signer: SignerProcess, request_: object) -> None:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(signer.socket))
        frame = json.dumps(request_).encode()
        connection.sendall(struct.pack(">I", len(frame)) + frame)
        size = int.from_bytes(connection.recv(4), "big")
        assert json.loads(connection.recv(size)) == {"error": "malformed"}
    assert signer.client.health()


def test_a_killed_signer_is_unavailable_and_after_its_restart_goes_on(signer: SignerProcess) -> None:
    before = signer.client.sign("document-4", "sha256", b"attributes")
    signer.kill()
    with pytest.raises(SignerUnavailableError):
        signer.client.sign("document-5", "sha256", b"attributes")
    signer.restart()
    assert signer.client.sign("document-4", "sha256", b"attributes") == before


def test_it_stops_cleanly_and_takes_its_socket_with_it(tmp_path: Path, key: rsa.RSAPrivateKey) -> None:
    signer = SignerProcess(make_token(tmp_path / "token", key), tmp_path)
    signer.wait_until_ready()
    assert signer.stop() == 0
    assert not signer.socket.exists()


def test_a_token_that_is_gone_is_unavailable_never_an_answer(tmp_path: Path) -> None:
    with pytest.raises(SignerUnavailableError):
        SignerClient(tmp_path / "none.sock").sign("x", "sha256", base64.b64decode("AA=="))


def test_a_wrong_pin_is_said_once_and_the_process_stays(tmp_path: Path, key: rsa.RSAPrivateKey) -> None:
    signer = SignerProcess(make_token(tmp_path / "token", key), tmp_path, pin="9999")
    signer.wait_until_ready()
    for number in range(20):  # a token that was asked each time would be locked by now
        with pytest.raises(SignerUnavailableError) as raised:
            signer.client.sign(f"document-{number}", "sha256", b"attributes")
        assert raised.value.reason == "pin"
    assert signer.process.poll() is None
    signer.stop()
    right = SignerProcess(make_token(tmp_path / "other", key), tmp_path)
    right.wait_until_ready()
    assert right.client.sign("document-1", "sha256", b"attributes")
    right.stop()


class Full:
    """A token without room."""

    def sign(self, algorithm: str, data: bytes) -> bytes:
        raise pkcs11.DeviceMemory


class Broken:
    """A token that fails."""

    def sign(self, algorithm: str, data: bytes) -> bytes:
        raise pkcs11.DeviceError


@pytest.mark.parametrize(("token", "reason"), [(Full, "full"), (Broken, "token")])
def test_a_token_that_fails_is_named_and_the_process_ends_for_its_supervisor(
    tmp_path: Path, token: type[Full], reason: str
) -> None:
    server = Server(tmp_path / "signer.sock", token)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    with pytest.raises(SignerUnavailableError) as raised:
        SignerClient(tmp_path / "signer.sock").sign("document-1", "sha256", b"attributes")
    assert raised.value.reason == reason
    thread.join(10)
    assert not thread.is_alive()
    assert server.exit_code == EXIT_TOKEN
    server.server_close()


def test_two_signers_never_share_a_socket(signer: SignerProcess) -> None:
    second = signer.another()
    assert second.wait(15) == EXIT_TAKEN
    assert signer.client.health()
