"""Contract data to the contract's PDF, and a consent to its certificate (合意締結証明書)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from services.chassis.clock import TOKYO
from services.chassis.eras import full_width, letter_date
from services.signing.fonts import Faces, load_faces
from services.signing.rendering import CHAIN_DESCRIPTION, CHAIN_NAME, SealPicture
from services.signing.rendering.typesetting import Typesetter

CONTRACT, CERTIFICATE = "contract.typ", "certificate.typ"
ELECTRONIC_SIGNATURE = "電子署名"
CONSENT_MARK = "電磁的記録による同意\n（合意締結証明書のとおり）"
PREVIEW_MARK = "公印\n締結時"
CONTRACT_NUMBER = "契約番号　"
HEAD = ("項目", "内容")
WITNESS = (
    "この証明書は、下の契約について、乙が内容に同意し、甲が最後に電子署名をして締結したことを、高畠町のシステムが"
    "立会人として記録したものです。同意の記録と、その時刻の証明（タイムスタンプ）は、このファイルに添付しています。"
)
SECOND_FACTOR = "サインインと、メールで送った1回かぎりの確認コード"

Runs = list[dict[str, str]]


@dataclass(frozen=True)
class ContractOrder:
    """One contract to lay out: its data (shape: docs/contract.md), its seal, the decision chain (None: preview)."""

    contract: Mapping[str, Any]
    seal: SealPicture | None
    day: date
    chain: bytes | None = None


@dataclass(frozen=True)
class CertificateOrder:
    """What a certificate tells.  ``event`` and ``reply``: the consent and its timestamp, which are attached."""

    title: str
    contract: Mapping[str, Any]
    seal: SealPicture | None
    event: bytes
    reply: bytes
    consented_at: datetime
    sealed_at: datetime
    concluded_sha256: str
    decided_by: str
    decided_at: datetime


class AgreementRenderer:
    """Two typesetters, each in a directory of its own below ``directory``."""

    def __init__(self, directory: Path, font_dirs: tuple[Path, ...]) -> None:
        self._faces = load_faces(font_dirs)
        self._contracts = Typesetter(directory / "contract", CONTRACT, font_dirs)
        self._certificates = Typesetter(directory / "certificate", CERTIFICATE, font_dirs)

    def contract(self, order: ContractOrder) -> bytes:
        """The PDF.  Raises GlyphMissingError, RenderingError."""
        files = {"seal.svg": order.seal.drawing if order.seal else b"", "attachment-0": order.chain or b""}
        return self._contracts.set(_Words(self._faces).contract(order), files, order.day)

    def certificate(self, order: CertificateOrder) -> bytes:
        """The PDF.  Raises GlyphMissingError, RenderingError."""
        files = {
            "seal.svg": order.seal.drawing if order.seal else b"",
            "attachment-0": order.event,
            "attachment-1": order.reply,
        }
        day = order.sealed_at.astimezone(TOKYO).date()
        return self._certificates.set(_Words(self._faces).certificate(order, day), files, day)


class _Words:
    """Data as the templates read them: texts cut into runs, numbers of the contract in full width."""

    def __init__(self, faces: Faces) -> None:
        self._faces = faces

    def contract(self, order: ContractOrder) -> dict[str, Any]:
        data = order.contract
        final = order.chain is not None
        attached = [_attachment(CHAIN_NAME, "application/json", CHAIN_DESCRIPTION)] if final else []
        return {
            "metadata": _metadata(f"{data['title']}（{data['contract_number']}）", data["town"]["title"], order.day),
            "head": [self._runs(word) for word in HEAD],
            "number": self._runs(f"{CONTRACT_NUMBER}{data['contract_number']}"),
            "title": self._runs(data["title"]),
            "preamble": self._paragraphs(data["preamble"]),
            "items": self._table([("件名", data["subject"]), *((one["label"], one["value"]) for one in data["items"])]),
            "articles": [self._article(number, one) for number, one in enumerate(data["articles"], 1)],
            "closing": self._paragraphs(data["closing"]),
            "town": self._party("甲", data["town"], ELECTRONIC_SIGNATURE),
            "contractor": self._party("乙", data["contractor"], CONSENT_MARK),
            "seal": self._seal(order.seal, "picture" if final else "place"),
            "attachments": attached,
        }

    def certificate(self, order: CertificateOrder, day: date) -> dict[str, Any]:
        data, event = order.contract, json.loads(order.event)
        return {
            "metadata": _metadata(f"{order.title}（{data['contract_number']}）", data["town"]["title"], day),
            "head": [self._runs(word) for word in HEAD],
            "number": self._runs(f"{CONTRACT_NUMBER}{data['contract_number']}"),
            "date": self._runs(letter_date(day)),
            "issuer": self._runs(f"{data['town']['title']}　{data['town']['person']}"),
            "title": self._runs(order.title),
            "preamble": self._paragraphs(WITNESS),
            "groups": [
                {"title": self._runs(title), "items": self._table(rows)} for title, rows in _groups(order, data, event)
            ],
            "seal": self._seal(order.seal, "picture"),
            "attachments": [
                _attachment("consent.json", "application/json", "乙の同意の記録"),
                _attachment("consent.tsr", "application/timestamp-reply", "同意の記録のタイムスタンプ（RFC 3161）"),
            ],
        }

    def _article(self, number: int, article: Mapping[str, str]) -> dict[str, Any]:
        heading = f"第{full_width(str(number))}条（{article['heading']}）"
        return {"heading": self._runs(heading), "paragraphs": self._paragraphs(article["text"])}

    def _party(self, letter: str, party: Mapping[str, str], mark: str) -> dict[str, Any]:
        lines = (full_width(party["address"]), party["name"], f"{party['title']}　{party['person']}")
        return {
            "letter": self._runs(letter),
            "lines": [self._runs(line) for line in lines],
            "mark": [self._runs(line) for line in mark.splitlines()],
        }

    def _seal(self, seal: SealPicture | None, mode: str) -> dict[str, Any]:
        marks = [self._runs(line) for line in PREVIEW_MARK.splitlines()]
        millimetres = seal.millimetres if seal else 0
        return {"mode": mode if seal else "omitted", "millimetres": millimetres, "text": marks}

    def _table(self, rows: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
        return [{"label": self._runs(label), "value": self._paragraphs(value)} for label, value in rows]

    def _paragraphs(self, text: str) -> list[Runs]:
        return [self._runs(line) for line in text.splitlines() if line]

    def _runs(self, text: str) -> Runs:
        return [{"family": run.family, "text": run.text} for run in self._faces.runs(text)]


def _groups(
    order: CertificateOrder, data: Mapping[str, Any], event: Mapping[str, Any]
) -> Sequence[tuple[str, Sequence[tuple[str, str]]]]:
    town, party = data["town"], data["contractor"]
    return (
        ("契約", (("契約書", f"{data['title']}　{data['contract_number']}"), ("件名", data["subject"]))),
        (
            "乙の同意",
            (
                ("同意した人", f"{party['name']}\n{party['title']}　{party['person']}"),
                ("確認の方法", SECOND_FACTOR),
                ("サインインした日時", _moment(event["signed_in_at"])),
                ("確認コードを入力した日時", _moment(event["second_factor"]["confirmed_at"])),
                ("同意の文", f"{event['sentence']['text']}（{event['sentence']['version']}）"),
                ("タイムスタンプの時刻", _moment(order.consented_at.isoformat())),
                ("同意した文書のSHA-256", _hash(event["document_sha256"])),
            ),
        ),
        (
            "甲の電子署名",
            (
                ("署名した人", f"{town['name']}\n{town['title']}　{town['person']}"),
                ("町の意思決定", f"{order.decided_by}　{_moment(order.decided_at.isoformat())}"),
                ("タイムスタンプの時刻", _moment(order.sealed_at.isoformat())),
                ("締結した文書のSHA-256", _hash(order.concluded_sha256)),
            ),
        ),
    )


def _metadata(title: str, author: str, day: date) -> dict[str, Any]:
    return {"title": title, "author": author, "date": {"year": day.year, "month": day.month, "day": day.day}}


def _attachment(name: str, media_type: str, description: str) -> dict[str, str]:
    return {"name": name, "media_type": media_type, "description": description}


def _moment(text: str) -> str:
    """Japan's time to the second."""
    at = datetime.fromisoformat(text).astimezone(TOKYO)
    return f"{letter_date(at.date())}　{full_width(f'{at.hour}時{at.minute}分{at.second}秒')}"


def _hash(digest: str) -> str:
    """In two lines, in groups of eight."""
    groups = [digest[at : at + 8] for at in range(0, len(digest), 8)]
    return " ".join(groups[:4]) + "\n" + " ".join(groups[4:])
