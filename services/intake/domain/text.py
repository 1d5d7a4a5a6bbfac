"""Characters as people read and type them (practice E33, E34): counted, folded for digits only, never normalised."""

import unicodedata

FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
DASHES = {ord(dash): "-" for dash in "‐‑‒–—―−ーｰ"}
UNWANTED = {"Cc", "Cf", "Cs", "Co"}


def length(text: str) -> int:
    """Characters as a reader counts them: variation selectors (IVS) and combining marks belong to their base."""
    return sum(not _belongs_to_base(char) for char in text)


def has_unwanted(text: str) -> bool:
    """Control and direction characters, and private use (外字): nobody else sees what the sender saw."""
    return any(unicodedata.category(char) in UNWANTED for char in text.replace("\n", ""))


def half_width(text: str) -> str:
    """Full-width letters, digits and signs as ASCII: for numbers and addresses of mail, never for names."""
    return text.translate(FULL_WIDTH)


def dialled(text: str) -> str:
    """A telephone number with ASCII digits and hyphens."""
    return half_width(text).translate(DASHES).strip()


def _belongs_to_base(char: str) -> bool:
    return unicodedata.combining(char) > 0 or "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"
