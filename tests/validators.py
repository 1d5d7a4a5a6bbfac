"""The validators that others use, beside our own: each is given a root, its revocation lists, and a file."""

import io
import json
import random
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from asn1crypto import crl, pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

REPOSITORY = Path(__file__).parents[1]
SATISFIED = ("Signature is Valid.", "Certificate is Trusted.")


@dataclass(frozen=True)
class Validators:
    """``folder``: ``root.pem``, ``crls/*.crl``, and an NSS store that knows the root and nothing else."""

    folder: Path

    @classmethod
    def prepared(cls, folder: Path, root_pem: bytes, crls: Iterator[bytes]) -> "Validators":
        """In an empty folder, with nothing of a running system."""
        (folder / "crls").mkdir()
        (folder / "root.pem").write_bytes(root_pem)
        for number, der in enumerate(crls):
            (folder / "crls" / f"{number}.crl").write_bytes(der)
        store = f"sql:{folder}"
        subprocess.run(["certutil", "-N", "-d", store, "--empty-password"], check=True)
        trusted = ["certutil", "-A", "-d", store, "-n", "root", "-t", "CT,C,C", "-a", "-i", str(folder / "root.pem")]
        subprocess.run(trusted, check=True)
        return cls(folder)

    def pdfsig(self, pdf: bytes, *options: str) -> str:
        """What Poppler says."""
        command = ["pdfsig", *options, "-nssdir", str(self.folder), str(self._file(pdf))]
        return subprocess.run(command, check=False, capture_output=True, text=True).stdout

    def pdfsig_is_satisfied(self, pdf: bytes, *options: str) -> bool:
        """Valid and trusted.  It has no words for validation data after the signature: that nothing else stands there,
        the others say.
        """
        said = self.pdfsig(pdf, *options)
        return all(words in said for words in SATISFIED)

    def pyhanko_is_satisfied(self, pdf: bytes) -> bool:
        """Strict reading, revocation hard-fail, a trusted timestamp.  In a thread of its own, for pyHanko's event loop
        cannot run in one in which Playwright keeps another.
        """
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(self._strictly_valid, pdf).result()

    def todoke(self, pdf: bytes) -> tuple[int, dict[str, Any]]:
        """Exit code and verdict of ``todoke verify``."""
        command = [sys.executable, "-m", "infra.console", "verify", str(self._file(pdf)), "--json"]
        command += ["--trust", str(self.folder / "root.pem")]
        done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, check=False)
        return done.returncode, json.loads(done.stdout)[0]

    def _file(self, pdf: bytes) -> Path:
        file = self.folder / "file.pdf"
        file.write_bytes(pdf)
        return file

    def _strictly_valid(self, pdf: bytes) -> bool:
        lists = sorted((self.folder / "crls").glob("*.crl"))
        _, _, root = pem.unarmor((self.folder / "root.pem").read_bytes())
        context = ValidationContext(
            trust_roots=[x509.Certificate.load(root)],
            crls=[crl.CertificateList.load(path.read_bytes()) for path in lists],
            revocation_mode="hard-fail",
            allow_fetching=False,
        )
        try:
            (signature,) = PdfFileReader(io.BytesIO(pdf), strict=True).embedded_signatures
            status = validate_pdf_signature(signature, context, context)
        except Exception:
            return False
        return bool(status.bottom_line and status.timestamp_validity.trusted)


def signed_bytes(pdf: bytes) -> Iterator[int]:
    """Places that the signature covers: text of the file, its structure, and the signature's own dictionary."""
    chance = random.Random(20261209)
    hole = pdf.index(b"/Contents <")
    yield from (chance.randrange(200, hole) for _ in range(3))
    yield pdf.index(b"/ByteRange") - 1
    yield pdf.index(b">", hole + 11) + 10


def flipped(pdf: bytes, place: int) -> bytes:
    """With the lowest bit of one byte turned over."""
    return pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]
