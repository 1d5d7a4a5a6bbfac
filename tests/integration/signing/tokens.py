"""A SoftHSM token of its own, and the signer process over it."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pkcs11
from asn1crypto import keys
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from pkcs11.util.rsa import decode_rsa_private_key

from services.signing.signer_client import SignerClient, SignerUnavailableError

MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")
PIN = "1234"
REPOSITORY = Path(__file__).parents[3]


@dataclass(frozen=True)
class SoftToken:
    """A SoftHSM token directory with one RSA key labelled ``seal``."""

    directory: Path

    @property
    def configuration(self) -> Path:
        return self.directory / "softhsm2.conf"


def make_token(directory: Path, key: rsa.RSAPrivateKey) -> SoftToken:
    """Initialise a token and import the key, in a process of its own: SoftHSM reads its configuration only once."""
    token = SoftToken(directory)
    (directory / "tokens").mkdir(parents=True)
    token.configuration.write_text(f"directories.tokendir = {directory / 'tokens'}\nlog.level = ERROR\n")
    environment = os.environ | {"SOFTHSM2_CONF": str(token.configuration)}
    initialise = ["softhsm2-util", "--init-token", "--free", "--label", "todoke", "--so-pin", PIN, "--pin", PIN]
    subprocess.run(initialise, env=environment, check=True, capture_output=True)
    der = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    (directory / "key.der").write_bytes(der)
    load = "import sys; from tests.integration.signing.tokens import import_key; import_key(sys.argv[1])"
    subprocess.run([sys.executable, "-c", load, str(directory)], env=environment, check=True, cwd=REPOSITORY)
    return token


def import_key(directory: str) -> None:
    """Runs in the process that make_token starts."""
    private = keys.RSAPrivateKey.load((Path(directory) / "key.der").read_bytes())
    attributes = decode_rsa_private_key(private.dump())
    attributes |= {pkcs11.Attribute.LABEL: "seal", pkcs11.Attribute.TOKEN: True, pkcs11.Attribute.SIGN: True}
    with pkcs11.lib(str(MODULE)).get_token(token_label="todoke").open(rw=True, user_pin=PIN) as session:
        session.create_object(attributes)


class SignerProcess:
    """``services.signing.signer`` as a child."""

    def __init__(self, token: SoftToken, directory: Path, pin: str = PIN) -> None:
        self._token, self._pin = token, pin
        self.socket = directory / "signer.sock"
        self.client = SignerClient(self.socket, timeout=5)
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        run = (
            "import os, sys; from pathlib import Path; from services.signing.signer import *;"
            "options = TokenOptions(Path(sys.argv[1]), 'todoke', sys.argv[2], 'seal', Path(sys.argv[3]));"
            "os._exit(serve(Path(sys.argv[4]), lambda: HardwareToken(options)))"
        )
        arguments = [str(MODULE), self._pin, str(self._token.configuration), str(self.socket)]
        return subprocess.Popen([sys.executable, "-c", run, *arguments], cwd=REPOSITORY)

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + 15
        while time.monotonic() < deadline:
            try:
                self.client.health()
            except SignerUnavailableError:
                time.sleep(0.05)
            else:
                return
        raise TimeoutError("the signer did not start")

    def another(self) -> subprocess.Popen[bytes]:
        """A second one on the same socket."""
        return self._start()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def restart(self) -> None:
        self.process = self._start()
        self.wait_until_ready()

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(timeout=10)
