"""What a verifier knows: whose roots it trusts, and the revocation lists at hand.  Needs no PDF library."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from cryptography.x509 import load_pem_x509_certificates

TOWNS, FOLDER = "towns.toml", "other_towns"


@dataclass(frozen=True)
class Authority:
    """``name``: of the town whose seals and timestamps end at these roots.  ``roots``: PEM, any number.  ``is_other``:
    its documents are made by other systems, and need not have the form that ours have.  Raises ValueError when there is
    no certificate in it.
    """

    name: str
    roots: bytes
    is_other: bool = False

    def __post_init__(self) -> None:
        load_pem_x509_certificates(self.roots)


@dataclass(frozen=True)
class Known:
    """``crls``: DER.  ``organization``: in the certificates of our own seals, for a root that many towns share; nothing
    when the root is ours alone.
    """

    authorities: tuple[Authority, ...]
    crls: tuple[bytes, ...] = ()
    organization: str = ""


@dataclass(frozen=True)
class OtherTowns:
    """Towns beside our own.  ``crl_urls``: where their authorities publish revocation lists."""

    authorities: tuple[Authority, ...] = ()
    crl_urls: tuple[str, ...] = ()


def read_other_towns(folder: Path) -> OtherTowns:
    """From ``towns.toml`` in the folder: for each ``[[town]]`` its ``name``, ``roots`` (a PEM file beside it) and
    ``crl_urls``.  Raises OSError, KeyError, ValueError or tomllib.TOMLDecodeError when it is wrong.
    """
    towns = tomllib.loads((folder / TOWNS).read_text("utf-8")).get("town", [])
    authorities = tuple(Authority(town["name"], (folder / town["roots"]).read_bytes(), is_other=True) for town in towns)
    return OtherTowns(authorities, tuple(url for town in towns for url in town.get("crl_urls", ())))
