"""The token that holds the seal's private key: SoftHSM here, an HSM in production; both are used through PKCS#11."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from infra.local.layout import Layout

TOKEN = "todoke"
KEY = "seal"
KEY_ID = "01"


class NoSoftHsmError(Exception):
    """SoftHSM is not on this machine.  Permanent."""

    def __init__(self) -> None:
        super().__init__("SoftHSM is missing: apt-get install softhsm2")


def configuration(layout: Layout) -> Path:
    """SoftHSM's own file, for SOFTHSM2_CONF."""
    return layout.state / "softhsm" / "softhsm2.conf"


def make(layout: Layout, secrets: Mapping[str, str], key: Path) -> None:
    """Make the token and put the key (PKCS#8, PEM) in; harmless when it is there.

    Raises NoSoftHsmError or subprocess.CalledProcessError.
    """
    if not shutil.which("softhsm2-util"):
        raise NoSoftHsmError
    home = configuration(layout).parent
    done = home / "key-imported"
    if done.exists():
        return
    shutil.rmtree(home, ignore_errors=True)
    (home / "tokens").mkdir(parents=True, mode=0o700)
    configuration(layout).write_text(f"directories.tokendir = {home / 'tokens'}\nlog.level = ERROR\n")
    pin = secrets["softhsm/pin"]
    _call(layout, "--init-token", "--free", "--label", TOKEN, "--so-pin", secrets["softhsm/so-pin"], "--pin", pin)
    _call(layout, "--import", str(key), "--token", TOKEN, "--label", KEY, "--id", KEY_ID, "--pin", pin)
    done.touch()


def _call(layout: Layout, *arguments: str) -> None:
    environment = os.environ | {"SOFTHSM2_CONF": str(configuration(layout))}
    subprocess.run(["softhsm2-util", *arguments], env=environment, check=True, capture_output=True)
