"""The Java program of this folder: built once with Maven, then one process for many files."""

import hashlib
import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

SOURCES = Path(__file__).parent
BUILT = Path(__file__).parents[2] / "var" / "conformance"
BUILD_SECONDS = 900


@dataclass(frozen=True)
class Signature:
    """As PDFBox finds it and Bouncy Castle checks it.

    ``whole``: it covers the file to its end.  ``permission``: P of DocMDP, 0 when it does not certify.
    """

    kind: str
    intact: bool
    whole: bool
    permission: int


@dataclass(frozen=True)
class Answer:
    """Broken rules of ISO 19005-3 level A and of ISO 14289-1, each "clause-test"."""

    pdfa3a: tuple[str, ...]
    pdfua1: tuple[str, ...]
    signatures: tuple[Signature, ...]

    @property
    def conforms(self) -> bool:
        """To both standards."""
        return not self.pdfa3a and not self.pdfua1


class Program:
    """Asked file by file; ends with ``close``."""

    def __init__(self, directory: Path) -> None:
        self._file = directory / "asked.pdf"
        folder = built()
        command = ["java", "-Xss8m", "-cp", f"{folder / 'target'}/*:{folder / 'target' / 'lib'}/*", "conformance.Main"]
        self._errors = (directory / "java.log").open("w")
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors, text=True
        )

    def ask(self, pdf: bytes) -> Answer:
        """What the validators say of a file."""
        self._file.write_bytes(pdf)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{self._file}\n")
        self._process.stdin.flush()
        said = json.loads(self._process.stdout.readline())
        signatures = tuple(Signature(**one) for one in said["signatures"])
        return Answer(tuple(said["pdfa3a"]), tuple(said["pdfua1"]), signatures)

    def close(self) -> None:
        """End the process."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait(30)
        self._errors.close()


def built() -> Path:
    """The folder of the program as its sources are now; built when it is not there yet."""
    sources = sorted([SOURCES / "pom.xml", *(SOURCES / "src").rglob("*.java")])
    digest = hashlib.sha256(b"".join(one.read_bytes() for one in sources)).hexdigest()[:16]
    folder = BUILT / digest
    if not (folder / "done").exists():
        _build(folder)
    return folder


def _build(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copy(SOURCES / "pom.xml", folder)
    shutil.copytree(SOURCES / "src", folder / "src")
    command = ["mvn", "--quiet", "--batch-mode", "package"]
    done = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True, timeout=BUILD_SECONDS)
    assert done.returncode == 0, done.stdout[-4000:]
    (folder / "done").touch()
