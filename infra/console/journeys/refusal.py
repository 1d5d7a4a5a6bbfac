"""A permission is refused: the notice carries its reasons and 教示, the inbox page computes the dates."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import ClassVar

from infra.console import applying
from infra.console.journeys.journey import Journey
from services.chassis.clock import today

OFFICER, CHIEF, HEAD = "s-konno", "s-sato", "s-takeda"
KANA = "つじ よしこ"
REASONS = {
    "fact": "申請の場所は幅1.5mの歩道で、足場は歩道に1.2m出ます。",
    "application": "足場を敷地の中に組む余地があるため、やむを得ないものに当たりません。",
    "grounds": "現地を調べたところ、敷地の中に足場を組むことができる。",
}


class Refusal(Journey):
    """道路占用許可 under 道路法: both ways to appeal are open."""

    title: ClassVar[str] = "A permission to use the road, refused with its reasons"
    procedure: ClassVar[str] = "road-occupancy"
    resident: ClassVar[str] = "r-tsuji"
    mail: ClassVar[str] = "yoshiko@example.jp"

    def acts(self) -> tuple[Callable[[], None], ...]:
        """What happens, in order."""
        return (
            lambda: self.apply(answers(self.mail)),
            lambda: self.examine(OFFICER),
            lambda: self.draft(OFFICER, "refused", {f"field-{name}": text for name, text in REASONS.items()}),
            lambda: self.approve(CHIEF),
            lambda: self.decide(HEAD),
            self.permit,
            lambda: self.receive("refusal.pdf"),
            self.look_at_reasons,
            self.archive,
        )

    def look_at_reasons(self) -> None:
        """Reasons stand before the text of the notice, and appeal is told with dates."""
        page = self.visitors[self.resident].page
        text = page.text if page else ""
        with self.step("reasons", self.resident, "reads the reasons first, and until when to appeal"):
            self.require(
                {
                    "the page does not tell the reasons": REASONS["fact"] in text,
                    "the notice stands before the reasons": text.find(REASONS["fact"]) < text.find("通知書の内容"),
                    "the page does not tell how to appeal": "審査請求" in text,
                }
            )


def answers(mail: str) -> Mapping[str, applying.Values]:
    """What a resident answers who wants to put a scaffold on the road."""
    start, end = today() + timedelta(days=30), today() + timedelta(days=60)
    return {
        "applicant": {"kana": KANA, "telephone": "0238-00-6789", "mail": mail},
        "occupancy": {
            "location": "高畠町大字高畠436番地の前、町道中央線",
            "thing": "scaffold",
            "purpose": "住宅の外壁を塗りかえるため、足場を組む。",
            "size": "長さ8m、幅1.2m、高さ6m",
            **applying.date_fields("start", start),
            **applying.date_fields("end", end),
        },
        "files": {},
        "delivery": {"how": "digital"},
    }
