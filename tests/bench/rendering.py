"""Rendering one notice after the other on one core: as typst is called at first, and as the press calls it.

naive: ``typst.compile()`` for each document, its data in ``sys_inputs``.  best: the press's renderer: one compiler kept
warm, the data in a file in memory, the template's constant parts memoized.  The same template, fonts and standards.
"""

import json
import random
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import typst

from infra.local.layout import REPOSITORY
from services.chassis.eras import full_width
from services.signing.fonts import load_faces
from services.signing.rendering import TEMPLATE, Issue, Order, Renderer, SealPicture, layout_of
from services.signing.rendering.codes import code
from services.signing.rendering.typesetting import STANDARDS, TEMPLATES
from services.signing.settings import IPAMJ, NOTO
from tests.bench.figures import Figures, percentile, rate, ratio
from tests.unit.signing import notices

FONT_DIRS = (NOTO, IPAMJ)
ROUNDS, NAIVE, BEST, LOOKED_AT = 5, 4, 40, 6
SEAL = SealPicture((REPOSITORY / "infra" / "town" / "seals" / "mayor.svg").read_bytes(), 21)
DAY = date(2026, 12, 9)
FAMILIES = ("髙橋", "渡邉", "五十嵐", "遠藤", "菅野", "佐竹", "武田", "小松", "大沼")
NAMES = ("みのり", "正", "花子", "隆", "真理子", "浩二", "沙織", "恵")
Render = Callable[[Order], bytes]


def measure() -> Figures:
    """``naive`` and ``best``: documents a second, the median of the rounds; ``best_of_naive``: median of their ratios.

    Raises AssertionError when a document does not say what its data say.
    """
    chance = random.Random(20261127)
    with folder() as warm, folder() as cold:
        renderer = Renderer(warm, FONT_DIRS)
        first = Naive(cold)
        for render in (first, renderer.render):
            render(order(chance))
        rounds = [(of(first, NAIVE, chance), of(renderer.render, BEST, chance)) for _ in range(ROUNDS)]
        look(renderer.render, chance)
    naive, best = ([one[place] for one in rounds] for place in (0, 1))
    ratios = [ratio(quick, slow) for slow, quick in rounds]
    return {
        "naive": percentile(naive, 0.5),
        "best": percentile(best, 0.5),
        "best_of_naive": percentile(ratios, 0.5),
        "rounds": {"naive": naive, "best": best, "best_of_naive": ratios},
    }


class Naive:
    """typst as its first example has it."""

    def __init__(self, root: Path) -> None:
        self._root, self._faces = root, load_faces(FONT_DIRS)
        shutil.copy(TEMPLATES / TEMPLATE, root / TEMPLATE)
        text = (root / TEMPLATE).read_text().replace('json("/data.json")', "json(bytes(sys.inputs.data))")
        (root / TEMPLATE).write_text(text)
        (root / "seal.svg").write_bytes(SEAL.drawing)

    def __call__(self, wanted: Order) -> bytes:
        """One document."""
        assert wanted.issue is not None
        (self._root / "attachment.json").write_bytes(wanted.issue.chain)
        (self._root / "code.svg").write_bytes(code(wanted.issue.address))
        data = json.dumps(layout_of(wanted, self._faces), ensure_ascii=False)
        return bytes(
            typst.compile(
                str(self._root / TEMPLATE),
                root=str(self._root),
                font_paths=[str(path) for path in FONT_DIRS],
                ignore_system_fonts=True,
                format="pdf",
                pdf_standards=[*STANDARDS],
                sys_inputs={"data": data},
            )
        )


def order(chance: random.Random) -> Order:
    """A notice like no other: another name, address and amount."""
    amount = f"{chance.randrange(10, 900)},{chance.randrange(1000):03}"
    notice = notices.grant(
        addressee={
            "name": f"{chance.choice(FAMILIES)} {chance.choice(NAMES)}",
            "address": f"高畠町大字深沼{chance.randrange(1, 9999)}番地",
            "honorific": "様",
        },
        items=[{"label": "交付決定額", "value": f"金{full_width(amount)}円"}],
    )
    issue = Issue(f"高建第{chance.randrange(1, 99999)}号", DAY, b'{"acts":[]}', f"{notices.ADDRESS}{chance.random()}")
    return Order(notice, SEAL, issue)


def of(render: Render, count: int, chance: random.Random) -> float:
    """Documents a second."""
    wanted = [order(chance) for _ in range(count)]
    begun = time.perf_counter()
    for one in wanted:
        render(one)
    return rate(count, time.perf_counter() - begun)


def look(render: Render, chance: random.Random) -> None:
    """Some of them are read: nobody's data may stand in another's notice."""
    for _ in range(LOOKED_AT):
        wanted = order(chance)
        text = subprocess.run(["pdftotext", "-", "-"], input=render(wanted), capture_output=True, check=True).stdout
        said, issue = plain(text.decode()), wanted.issue
        assert issue is not None
        for words in (wanted.notice["addressee"]["name"], wanted.notice["items"][0]["value"], full_width(issue.number)):
            assert plain(words) in said, f"{words} is not in the notice"


def plain(text: str) -> str:
    """Without spaces: a reader of PDF guesses them between short words."""
    return "".join(text.split())


@contextmanager
def folder() -> Iterator[Path]:
    """In memory, where there is such a place."""
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as found:
        yield Path(found)


def rows(found: Figures) -> Iterator[tuple[Any, ...]]:
    """Of the table for people."""
    yield "typst.compile() for each document", found["naive"], ""
    yield "the press's renderer", found["best"], f"{found['best_of_naive']} of naive"
