"""Signing one page after the other on one core: the key alone, our fast path, a token, and what others make of it.

B-B, RSA-2048; the same PDFs, certificate and key for all (PDFBox: one of them); the levels ask an authority on the same
core.
"""

import io
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import cycle, product
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, fields, signers

from services.signing.pades import Sealing, Stamping, add_validation_data, certify, stamp_document
from services.signing.pades.fast import certify_fast
from services.signing.rendering import Issue, Order, Renderer
from tests.bench.figures import Figures, percentile, rate, ratio
from tests.bench.rendering import DAY, FONT_DIRS, SEAL
from tests.conformance.program import built
from tests.integration.signing.decades import Decades, decades
from tests.integration.signing.tokens import SignerProcess, make_token
from tests.unit.signing import notices

ROUNDS, SECONDS, TURNS = 5, 1.0, 20
FAMILIES, GIVEN, CHAIN = ("佐藤", "渡邉"), ("花子", "みのり"), b'{"acts":[]}'
PEM = serialization.Encoding.PEM
Sign = Callable[[], object]


def measure() -> Figures:
    """Signatures a second, medians of the rounds; ratios are those of each round, their median."""
    with one_core(), decades() as world, tempfile.TemporaryDirectory() as found, working(world, Path(found)) as ways:
        ways()
        rounds = [ways() for _ in range(ROUNDS)]
    return told({name: [one[name] for one in rounds] for name in rounds[0]})


def told(rounds: dict[str, list[float]]) -> Figures:
    """From the rates of each round."""
    middle = {name: percentile(rates, 0.5) for name, rates in rounds.items()}
    return {
        "key_rate": middle["key"],
        "pkcs11_rate": middle["token"],
        "fast_path": middle["fast"],
        "stock_pyhanko": middle["pyhanko"],
        "pdfbox": middle["pdfbox"],
        "fast_path_of_key": of_each(rounds["fast"], rounds["key"]),
        "fast_path_of_pyhanko": of_each(rounds["fast"], rounds["pyhanko"]),
        "levels": {"b_t": middle["b_t"], "b_lt": middle["b_lt"], "b_lta": middle["b_lta"]},
        "rounds": rounds,
    }


def of_each(ours: list[float], reference: list[float]) -> float:
    """Median of the rounds' ratios."""
    return percentile([ratio(one, other) for one, other in zip(ours, reference, strict=True)], 0.5)


@contextmanager
def working(world: Decades, folder: Path) -> Iterator[Callable[[], dict[str, float]]]:
    """A function that measures every way of signing once.

    The key and the fast path take turns of a moment each: what else the machine does meets both alike.
    """
    pages, sealing, at = batch(folder), world.sealing(), datetime.now(UTC)
    pdf, following = pages[0], cycle(pages)
    key, quiet = world.seal.key, Sealing(world.sealing().identity, world.sealing().raw_sign)
    token = SignerProcess(make_token(folder / "token", key), folder)
    token.wait_until_ready()
    java = pdfbox(pdf, world, folder)
    by_token = numbered(token)

    def level(name: str) -> object:
        done = certify(next(following), sealing, at)
        if name == "b_t":
            return done
        done = add_validation_data(done, world.trust())
        return stamp_document(done, Stamping(world.authorities())) if name == "b_lta" else done

    by_turns: dict[str, Sign] = {
        "key": lambda: key.sign(b"x" * 160, padding.PKCS1v15(), hashes.SHA256()),
        "fast": lambda: certify_fast(next(following), quiet.identity, quiet.raw_sign, None, at),
    }
    alone: dict[str, Callable[[], float]] = {
        "token": lambda: per_second(lambda: certify_fast(next(following), quiet.identity, by_token, None, at)),
        "pyhanko": lambda: per_second(lambda: by_pyhanko(next(following), folder)),
        "pdfbox": lambda: asked(java),
        **{name: (lambda name=name: per_second(lambda: level(name))) for name in ("b_t", "b_lt", "b_lta")},  # type: ignore[misc]
    }
    yield lambda: in_turn(by_turns) | {name: way() for name, way in alone.items()}
    token.stop()
    java.communicate()


def batch(folder: Path) -> list[bytes]:
    """Notices of one page, each to somebody else."""
    renderer, day = Renderer(folder / "press", FONT_DIRS), date(DAY.year, DAY.month, DAY.day)
    names = [f"{family}　{given}" for family, given in product(FAMILIES, GIVEN)]
    orders = [
        Order(notices.addressed_to(name), SEAL, Issue(f"高建第{number}号", day, CHAIN, notices.ADDRESS))
        for number, name in enumerate(names, 1)
    ]
    return [renderer.render(order) for order in orders]


def numbered(token: SignerProcess) -> Callable[[str, bytes], bytes]:
    """Through the signer process: each request has an id of its own."""
    count = iter(range(10_000_000))
    return lambda name, data: token.client.sign(f"bench-{next(count)}", name, data)


def by_pyhanko(pdf: bytes, folder: Path) -> bytes:
    """As its documentation has it: the signer from files, once loaded."""
    settings = PdfSignatureMetadata(
        "Seal", subfilter=fields.SigSeedSubFilter.PADES, certify=True, docmdp_permissions=fields.MDPPerm.FILL_FORMS
    )
    signed = signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), settings, signer=stock_signer(folder))
    return bytes(signed.getvalue())


_signers: dict[Path, Any] = {}


def stock_signer(folder: Path) -> Any:
    """pyHanko's own, kept."""
    if folder not in _signers:
        files = str(folder / "key.pem"), str(folder / "seal.pem")
        _signers[folder] = signers.SimpleSigner.load(*files, ca_chain_files=(str(folder / "chain.pem"),))
    return _signers[folder]


def pdfbox(pdf: bytes, world: Decades, folder: Path) -> "subprocess.Popen[str]":
    """A warm Java process that measures itself, once for each line; the files for pyHanko are written on the way."""
    private = world.seal.key.private_bytes
    pkcs8, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "key.pem").write_bytes(private(PEM, pkcs8, plain))
    (folder / "key.der").write_bytes(private(serialization.Encoding.DER, pkcs8, plain))
    (folder / "seal.pem").write_bytes(world.seal.certificate.public_bytes(PEM))
    (folder / "chain.pem").write_bytes(world.issuing.certificate.public_bytes(PEM))
    (folder / "seal.der").write_bytes(world.seal.der)
    (folder / "page.pdf").write_bytes(pdf)
    program = built() / "target"
    arguments = [str(folder / name) for name in ("page.pdf", "key.der", "seal.der")]
    command = ["java", "-cp", f"{program}/*:{program / 'lib'}/*", "conformance.Rate", *arguments, str(SECONDS)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(command, text=True, **pipes)  # type: ignore[call-overload, no-any-return]


def asked(java: "subprocess.Popen[str]") -> float:
    """One more measurement."""
    assert java.stdin is not None
    assert java.stdout is not None
    java.stdin.write("\n")
    java.stdin.flush()
    return round(float(java.stdout.readline()), 1)


def per_second(sign: Sign) -> float:
    """For SECONDS, once at least."""
    return rate(*repeated(sign, SECONDS))


def in_turn(signs: dict[str, Sign]) -> dict[str, float]:
    """Each for SECONDS, in TURNS parts."""
    parts = [{name: repeated(sign, SECONDS / TURNS) for name, sign in signs.items()} for _ in range(TURNS)]
    return {name: rate(*map(sum, zip(*(part[name] for part in parts), strict=True))) for name in signs}


def repeated(sign: Sign, seconds: float) -> tuple[int, float]:
    """How often, and how long it took."""
    begun, count = time.perf_counter(), 0
    while time.perf_counter() - begun < seconds:
        sign()
        count += 1
    return count, time.perf_counter() - begun


@contextmanager
def one_core() -> Iterator[None]:
    """This process and what it starts."""
    all_of_them = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(all_of_them)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, all_of_them)


def rows(found: Figures) -> Iterator[tuple[Any, ...]]:
    """Of the table for people."""
    yield "the RSA-2048 key alone", found["key_rate"], ""
    yield "fast path, B-B, software key", found["fast_path"], f"{found['fast_path_of_key']} of the key"
    yield "fast path through the token (SoftHSM)", found["pkcs11_rate"], ""
    yield "PDFBox, warm", found["pdfbox"], ""
    yield "pyHanko, its own signer", found["stock_pyhanko"], f"fast path: {found['fast_path_of_pyhanko']} times"
    for name, one in found["levels"].items():
        yield f"level {name.upper().replace('_', '-')}, with its timestamps", one, ""
