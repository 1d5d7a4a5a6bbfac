"""Whether words say anything: a fact that only points elsewhere is none, nor is a rule that has no name.

Whoever reads it cannot answer (最高裁 平成23年6月7日, 一級建築士免許取消処分等取消請求事件).
"""

import re

from services.signing.compiler.numbers import plain

HIRAGANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
# All as ``words`` writes it: in hiragana, digits and small letters.  The first that fits is taken.
NOTHING = r"""
    (特に|とくに)?(該当|特記)?(する)?(事項|もの)?(は|が)?(なし|なく|無し|無い|ない|無|ありません|ございません|あらず)
    該当(しない|しません|せず) 同上 同前 同左 右同 同様 同じ
    (前|上|下|後|左|右|別)(記|述|掲|添|紙|表|途|葉|図) 添付 申請(書|内容)
    未(定|記入|記載|入力|作成|詳|確認|確定|了) (検討|確認|調査|調整|作成|審査|協議|照会|準備|記入)中
    後日 後程 後ほど のちほど 追って おって 追加 追記 次回 改めて あらためて 口頭 電話 窓口
    不明 不詳 不祥 (わか|分か|判)(らない|りません) 要確認 確認待ち (以下|一部)?(省略|略|余白) 空欄 空白 保留 仮置き 仮
    例 見本 だみー さんぷる てすと まるまる ばつばつ 諸般の事情 総合的 慎重 厳正 (町長|当町|本町|町)の判断
    不適当 不適切 不相当 不許可 不交付 不承認 却下 拒否 x+ n/?a na tbd tba none null nil test todo
"""
# What stands between such words: alone it says nothing either.
BETWEEN = r"""
    とおり 通り ごとく 参照 記載 説明 連絡 通知 お知らせ 送付 提出 提示 回答 協議 決定 認定 審査 検討 判断
    確認 現在 詳細 内容 事項 理由 事由 根拠 事実 規定 適用 結果 書類 資料 文書
    もの こと ため ので よう など 等 各 及び 又は また から まで
    でございます であり である でした です だった します しました する した して され させて いたします 致します
    いただ(き|く) 願い おねがい お願い ください 下さい なります なる なって おります おり います いる
    認め られ よって より よる 基づ(き|く) 定める ました まして ます れて れる れた
    る た だ な の を に は が も と で し 第 号 [0-9] [ー〇]
"""
# What a law is called in general, and what may stand before it without telling which one it is.
LAW = (
    r"法(律|令|規)|(?<![方手違合不用司立書])法(?![人務定的])|(?<![法命指司政省])令(?![和嬢])|(政|省)令"
    r"|憲法|条約|条例|規則|規程|細則|要綱|要領|要項|(?<!水)基準|告示|指針|協定"
)
GENERAL = r"""
    関係(する)? 関連(する)? 各種 各 当該 該当 上位 所定 現行 既存 本 当 同 其の その この 次の 他 一定
    町(長)? 市 県 国 日本 地方 審査 選考 内部 諸 個別 根拠 適用 必要 適正 適切 法律 法令 法規 規定
    定め きまり 決まり るーる 一般 交付 補助
"""
ARTICLE = re.compile(r"[0-9]+(条|項|号)|別表|附則|附表")


def words(text: str) -> str:
    """What is written, without signs, spaces and ways of writing: to compare, never to keep."""
    return re.sub(r"[\W_]", "", plain(text).casefold()).translate(HIRAGANA)


def says_nothing(text: str) -> bool:
    """Whether all its words are such as stand for what is not said."""
    return not EMPTY.sub("", words(text))


def names_a_rule(text: str, town: str) -> bool:
    """A law by its own name, or a law and the article in it; the town's name alone tells none."""
    found = words(text).replace(words(town), "")
    laws = list(re.finditer(LAW, found))
    return bool(laws) and (bool(ARTICLE.search(found)) or any(_own_name(found[: law.start()]) for law in laws))


def _own_name(before: str) -> bool:
    return bool(GENERIC.sub("", before))


def _alternatives(table: str) -> str:
    return "|".join(table.split())


EMPTY = re.compile(f"{_alternatives(NOTHING)}|{_alternatives(BETWEEN)}")
GENERIC = re.compile(f"{LAW}|{_alternatives(GENERAL)}|{EMPTY.pattern}")
