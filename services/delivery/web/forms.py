"""The words of delivery's pages that are not in a template."""

from services.delivery.domain import RemedyKind

NOT_FOUND = "このお知らせは見つかりません。"
REMEDIES: dict[RemedyKind, str] = {
    "review": "町に見直しを求める（審査請求）",
    "suit": "裁判所に訴える（取消訴訟）",
    "ruling_suit": "裁判所に訴える（裁決の取消訴訟）",
}


def file_name(document_number: str) -> str:
    """Under which the PDF is saved: the document's number, nobody's name."""
    return f"通知書_{document_number}.pdf"
