"""The token that holds the seal's private key: SoftHSM here, an HSM in production; both are used through PKCS#11.

The key pair is made inside the token and its private half cannot be read out: only the public half becomes a file, and
the authority certifies that (``public-only`` in authority.yaml).  So there is no private key to import and to forget.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pkcs11
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

TOKEN = "todoke"
KEY = "seal"
KEY_ID = b"\x01"
KEY_BITS = 2048
MODULES = (
    Path("/usr/lib/softhsm/libsofthsm2.so"),
    Path("/usr/lib64/pkcs11/libsofthsm2.so"),
    Path("/usr/local/lib/softhsm/libsofthsm2.so"),
    Path("/opt/homebrew/lib/softhsm/libsofthsm2.so"),
)


class NoSoftHsmError(Exception):
    """SoftHSM is not on this machine.  Permanent."""

    def __init__(self) -> None:
        super().__init__("SoftHSM is missing: apt-get install softhsm2")


def make(home: Path, pin: str, so_pin: str) -> bytes:
    """Make token and key pair where they are missing.  Returns the public key (SubjectPublicKeyInfo, PEM).

    Raises NoSoftHsmError, subprocess.CalledProcessError or pkcs11.PKCS11Error.
    """
    if not any((home / "tokens").glob("*")):
        _make_token(home, pin, so_pin)
    os.environ["SOFTHSM2_CONF"] = str(configure(home, home / "tokens"))
    token = pkcs11.lib(str(module())).get_token(token_label=TOKEN)
    with token.open(rw=True, user_pin=pin) as session:
        return _public_key(session)


def configure(home: Path, tokens: Path) -> Path:
    """Write SoftHSM's own file, which says where its tokens lie; its path."""
    tokens.mkdir(parents=True, exist_ok=True, mode=0o700)
    configuration = home / "softhsm2.conf"
    configuration.write_text(f"directories.tokendir = {tokens.resolve()}\nlog.level = ERROR\n")
    return configuration.resolve()


def module() -> Path:
    """The PKCS#11 library.  Raises NoSoftHsmError."""
    found = next((path for path in MODULES if path.exists()), None)
    if found is None or not shutil.which("softhsm2-util"):
        raise NoSoftHsmError
    return found


def _make_token(home: Path, pin: str, so_pin: str) -> None:
    """Made beside and moved when it is whole: a first start may be interrupted."""
    module()
    fresh = home / "tokens.new"
    shutil.rmtree(fresh, ignore_errors=True)
    environment = os.environ | {"SOFTHSM2_CONF": str(configure(home, fresh))}
    # python-pkcs11 cannot initialise a token; for a moment the PINs of this stand-in show in the list of processes.
    arguments = ("--init-token", "--free", "--label", TOKEN, "--so-pin", so_pin, "--pin", pin)
    subprocess.run(["softhsm2-util", *arguments], check=True, capture_output=True, env=environment)
    fresh.rename(home / "tokens")


def _public_key(session: pkcs11.Session) -> bytes:
    try:
        key = session.get_key(object_class=pkcs11.ObjectClass.PUBLIC_KEY, label=KEY)
    except pkcs11.NoSuchKey:
        key, _private = session.generate_keypair(pkcs11.KeyType.RSA, KEY_BITS, id=KEY_ID, label=KEY, store=True)
    modulus = int.from_bytes(key[pkcs11.Attribute.MODULUS], "big")
    exponent = int.from_bytes(key[pkcs11.Attribute.PUBLIC_EXPONENT], "big")
    public = rsa.RSAPublicNumbers(exponent, modulus).public_key()
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
