"""What works while a site is away: the plain answer for every part of the town's work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Works = Literal["works", "partly", "waits"]
ANSWERS: Mapping[Works, tuple[str, str]] = {
    "works": ("動きます", "ok"),
    "partly": ("一部が動きます", "warn"),
    "waits": ("待ちます", "ask"),
}


@dataclass(frozen=True)
class Part:
    """One part of the work.  ``one``: with one site away, ``none``: with both; each with what that means."""

    name: str
    one: tuple[Works, str]
    none: tuple[Works, str]


PARTS: Sequence[Part] = (
    Part(
        "申請を受け付ける",
        ("works", "写真や書類は、動いている拠点に入ります。もう片方には、もどったあとで自動で写します。"),
        ("partly", "受付番号は出ます。写真や書類は、まだつけられません。課の一覧には、もどったあとで出ます。"),
    ),
    Part(
        "審査、起案、承認、決裁",
        ("works", "添付の書類と通知書の見本も、動いている拠点から読めます。"),
        ("partly", "押した結果は残ります。添付と見本は読めません。次の人には、もどったあとで届きます。"),
    ),
    Part(
        "公印の承認と電子署名",
        ("waits", "公印の承認は残ります。署名した文書は両方の拠点に入れてから出すので、もどるまで待ちます。"),
        ("waits", "公印の承認は残ります。署名は、もどるまで待ちます。"),
    ),
    Part(
        "受信箱で通知書を読む",
        ("works", "画面もPDFも、動いている拠点から読めます。"),
        ("partly", "画面では読めます。PDFの保存は、もどるまで待ってもらいます。"),
    ),
    Part(
        "通知書を確かめる",
        ("works", "拠点を使わずに確かめます。"),
        ("works", "拠点を使わずに確かめます。"),
    ),
    Part(
        "文書の保存と、複製の作り直し",
        ("waits", "確認と作り直しは、もどると自動で続けます。"),
        ("waits", "確認と作り直しは、もどると自動で続けます。"),
    ),
)


@dataclass(frozen=True)
class ContinuityView:
    """The sites as they answer now.  ``answering``: by site."""

    answering: Mapping[str, bool]

    @property
    def away(self) -> Sequence[str]:
        """Sites that do not answer."""
        return [site for site, answers in self.answering.items() if not answers]

    @property
    def parts(self) -> Sequence[Part]:
        """Every part of the work."""
        return PARTS

    def answer(self, works: Works) -> tuple[str, str]:
        """A word and its colour."""
        return ANSWERS[works]
