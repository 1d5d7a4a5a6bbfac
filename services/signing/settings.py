"""What signing needs to know besides what every service does."""

from pathlib import Path
from typing import Annotated, Any, ClassVar

from pydantic import SecretStr, field_validator
from pydantic_settings import NoDecode

from services.chassis.settings import REPOSITORY, Settings
from services.chassis.settings import load as load_settings

NOTO = Path("/usr/share/fonts/opentype/noto")
IPAMJ = Path("/usr/share/fonts/truetype/ipamj")
SOFTHSM = Path("/usr/lib/softhsm/libsofthsm2.so")


class SigningSettings(Settings):
    """``tsa_urls`` in the order they are tried.  Lists are comma-separated, certificates PEM files.

    ``mail_from``: the address that the town's mails to contractors come from.
    ``seal_chain``: issuers of the seal's certificate, without the root.  ``trust_root``: every root that seals and
    timestamps may end at.
    """

    service: ClassVar[str] = "signing"

    signer_socket: Path = REPOSITORY / "var" / "run" / "signer.sock"
    pkcs11_module: Path = SOFTHSM
    pkcs11_token: str
    pkcs11_pin: SecretStr
    pkcs11_key_label: str
    softhsm2_conf: Path | None = None

    seal_certificate: Path
    seal_chain: Path
    trust_root: Path
    tsa_urls: Annotated[tuple[str, ...], NoDecode]
    crl_urls: Annotated[tuple[str, ...], NoDecode]
    font_dirs: Annotated[tuple[Path, ...], NoDecode] = (NOTO, IPAMJ)
    press_processes: int = 1

    smtp_host: str = "127.0.0.1"
    smtp_port: int = 25
    mail_from: str

    @field_validator("tsa_urls", "crl_urls", "font_dirs", mode="before")
    @classmethod
    def split_commas(cls, value: Any) -> Any:
        """Environment variables hold lists as text."""
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


def load(**values: Any) -> SigningSettings:
    """Raises pydantic.ValidationError, which names each missing or wrong variable."""
    return load_settings(SigningSettings, **values)
