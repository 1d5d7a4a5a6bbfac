"""Attacks that take something from one signed file and put it into another: each gets both, of one level."""

from tests.integration.signing.attacks.forging import Forger
from tests.integration.signing.trees import Hole as CmsHole


def signature_of_another_document(pdf: bytes, other: bytes) -> bytes:
    start, end = Forger(pdf).holes[0]
    first, last = Forger(other).holes[0]
    assert end - start == last - first
    return pdf[:start] + other[first:last] + pdf[end:]


def last_signature_of_another_document(pdf: bytes, other: bytes) -> bytes:
    """With level B-LTA: a copied document timestamp."""
    start, end = Forger(pdf).holes[-1]
    first, last = Forger(other).holes[-1]
    return pdf[:start] + other[first:last] + pdf[end:]


def timestamp_of_another_signature(pdf: bytes, other: bytes) -> bytes:
    """The token inside the signature; below B-T the unsigned attributes of nothing."""
    hole, given = CmsHole(pdf), CmsHole(other)
    tree, donor = hole.tree(), given.tree()
    own = tree.content[1].content[0].content[-1].content[0]
    taken = donor.content[1].content[0].content[-1].content[0].content
    if own.content[-1].tag == 0xA1:
        own.content[-1] = taken[-1]
    else:
        own.content.append(taken[0])
    return hole.filled_with(tree)


def last_revision_of_another_document(pdf: bytes, other: bytes) -> bytes:
    """What was added to the other file last, added to this one: its table points to the wrong places."""
    end = other.rindex(b"%%EOF", 0, len(other) - 10) + 6
    return pdf + other[end:]


ATTACKS = (
    signature_of_another_document,
    last_signature_of_another_document,
    timestamp_of_another_signature,
    last_revision_of_another_document,
)
