"""Names as they are searched for: 髙橋 is found as 高橋, 渡邉 as 渡辺.  Stored names are never changed."""

# The commonest variants in names, each with the character that keyboards offer.
PAIRS = """
    髙高 﨑崎 嵜崎 邉辺 邊辺 齋斎 齊斎 斉斎 濵浜 濱浜 德徳 廣広 國国 櫻桜 澤沢 瀨瀬 嶋島 嶌島 𠮷吉 眞真
    榮栄 惠恵 圓円 龍竜 瀧滝 藏蔵 顯顕 禮礼 渕淵 冨富 峯峰 槇槙 遙遥 彌弥 條条 萬万 槗橋 𣘺橋 靑青 淸清
    黑黒 穗穂 鐵鉄 豐豊 將将 壽寿 會会 來来 增増 曾曽 縣県 學学 寬寛 濤涛 燈灯 關関 傳伝 佛仏 實実
"""
# Variation selectors (IVS and standardised): they choose a glyph, not another character.
SELECTORS = "".join(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
SPACES = " 　"
FULL_WIDTH = {chr(code): chr(code - 0xFEE0) for code in range(ord("！"), ord("～") + 1)}
VARIANTS = {pair[0]: pair[1] for pair in PAIRS.split()}
FOLDED = VARIANTS | FULL_WIDTH
LEFT_OUT = SELECTORS + SPACES
TABLE = str.maketrans({**FOLDED, **dict.fromkeys(LEFT_OUT, "")})


def folded(text: str) -> str:
    """Without spaces and variation selectors; variants, full-width and large letters as keyboards write them."""
    return text.translate(TABLE).lower()
