"""Attacks that are prepared before the town signs (shadow attacks), and signatures that are not the town's.

Each takes the unsigned file and the PKI and gives what the forger hands on.
"""

from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from services.signing.pades import Stamping, add_validation_data, certify, stamp_document
from tests.integration.signing.attacks.forging import Forger, picture, stream
from tests.integration.signing.attacks.originals import KeySigner, certified, sealing_of
from tests.integration.signing.pki import Pki


def _sealed(prepared: bytes, pki: Pki) -> bytes:
    return certify(prepared, sealing_of(pki), datetime.now(UTC))


def hidden_contents_shown_later(unsigned: bytes, pki: Pki) -> bytes:
    """Hide and replace: a second version lies in the signed file; a table that is added shows it."""
    forger = Forger(unsigned)
    number, place = forger.contents, len(unsigned) + 1
    hidden = unsigned + b"\n%d 0 obj\n%b\nendobj\n" % (number, stream(b"0 g (forged) Tj"))
    tail = b"xref\n0 0\ntrailer\n<</Size %d/Root %d 0 R/Prev %d%b>>\nstartxref\n%d\n%%%%EOF\n"
    prepared = hidden + tail % (forger.size, forger.root, forger.table, forger.kept(), len(hidden))
    signed = _sealed(prepared, pki)
    return Forger(signed).revise({}, places={number: place})


def hidden_contents_only(unsigned: bytes, pki: Pki) -> bytes:
    """The first half of it: whoever signs it signs what is not shown, too."""
    forger = Forger(unsigned)
    hidden = unsigned + b"\n%d 0 obj\n%b\nendobj\n" % (forger.contents, stream(b"0 g (forged) Tj"))
    tail = b"xref\n0 0\ntrailer\n<</Size %d/Root %d 0 R/Prev %d%b>>\nstartxref\n%d\n%%%%EOF\n"
    return _sealed(hidden + tail % (forger.size, forger.root, forger.table, forger.kept(), len(hidden)), pki)


def cover_taken_off_later(unsigned: bytes, pki: Pki) -> bytes:
    """Hide: what the signer saw covered is uncovered."""
    forger = Forger(unsigned)
    page, cover = forger.page, forger.size
    contents = b"/Contents[%d 0 R %d 0 R]" % (forger.contents, cover)
    covered = forger.revise(
        {page: forger.with_entries(page, contents, b"/Contents"), cover: stream(b"1 g 0 0 9 9 re f")}
    )
    signed = certified(covered, KeySigner.of(pki))
    return Forger(signed).revise({cover: stream(b"")})


def text_field_filled_later(unsigned: bytes, pki: Pki) -> bytes:
    """Replace: a field whose value shows only when somebody points at it."""
    signed = certified(_with_text_field(unsigned), KeySigner.of(pki))
    forger = Forger(signed)
    field = max(n for n in range(forger.size) if forger.state.place(n) and b"/FT/Tx" in forger.body(n)[:400])
    return forger.revise({field: forger.body(field).replace(b"/V(1000)", b"/V(9000)")})


def text_field_beside_the_seal(unsigned: bytes, pki: Pki) -> bytes:
    """A field that shows one thing and holds another."""
    return certified(_with_text_field(unsigned), KeySigner.of(pki))


def _with_text_field(unsigned: bytes) -> bytes:
    forger = Forger(unsigned)
    new, page = forger.size, forger.page
    field = b"<</Type/Annot/Subtype/Widget/FT/Tx/T(amount)/V(1000)/Rect[0 0 99 99]/P %d 0 R/AP<</N %d 0 R>>>>"
    objects = {
        page: forger.with_entries(page, b"/Annots[%d 0 R]" % new, b"/Annots"),
        new: field % (page, new + 1),
        new + 1: picture(),
    }
    return forger.revise(objects)


def script_in_the_signed_file(unsigned: bytes, pki: Pki) -> bytes:
    forger = Forger(unsigned)
    script = b"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>"
    return _sealed(forger.revise({forger.root: forger.with_entries(forger.root, script)}), pki)


def additional_actions_in_the_signed_file(unsigned: bytes, pki: Pki) -> bytes:
    forger = Forger(unsigned)
    return _sealed(forger.revise({forger.root: forger.with_entries(forger.root, b"/AA<</WP<</S/Print>>>>")}), pki)


def signed_by_a_namesake(unsigned: bytes, pki: Pki) -> bytes:
    """Every name is the town's; the keys are the forger's own."""
    return certified(unsigned, _namesake(pki))


def signed_by_a_namesake_with_the_real_chain(unsigned: bytes, pki: Pki) -> bytes:
    """The town's intermediate certificate stands beside a signer's that it has not issued."""
    fake = _namesake(pki)
    return certified(unsigned, KeySigner(fake.signing_cert.dump(), pki.identity.chain, fake.forged_key))


def archived_by_an_unknown_authority(unsigned: bytes, pki: Pki) -> bytes:
    """A rightly signed file, and a document timestamp that is itself no more than a namesake's signature."""
    proven = add_validation_data(_sealed(unsigned, pki), pki.trust)
    stamped = stamp_document(proven, Stamping(pki.authorities))
    start, end = Forger(stamped).holes[-1]
    other = Forger(certified(unsigned, _namesake(pki)))
    first, last = other.holes[0]
    digits = other.pdf[first + 1 : last - 1].rstrip(b"0").upper()
    return stamped[: start + 1] + digits.ljust(end - start - 2, b"0") + stamped[end - 1 :]


class _Namesake(KeySigner):
    forged_key: rsa.RSAPrivateKey


def _namesake(pki: Pki) -> _Namesake:
    real = x509.load_der_x509_certificate(pki.identity.certificate)
    issuer = x509.load_der_x509_certificate(pki.identity.chain[0])
    keys = [rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2)]
    middle = _copied(issuer, keys[0], keys[0])
    own = _copied(real, keys[1], keys[0])
    found = _Namesake(own, (middle,), keys[1])
    found.forged_key = keys[1]
    return found


def _copied(real: x509.Certificate, key: rsa.RSAPrivateKey, issuer: rsa.RSAPrivateKey) -> bytes:
    builder = x509.CertificateBuilder(real.issuer, real.subject, key.public_key(), real.serial_number)
    builder = builder.not_valid_before(real.not_valid_before_utc).not_valid_after(real.not_valid_after_utc)
    for extension in real.extensions:
        builder = builder.add_extension(extension.value, extension.critical)
    return builder.sign(issuer, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


ATTACKS = tuple(
    each
    for name, each in list(globals().items())
    if callable(each) and getattr(each, "__module__", "") == __name__ and not name.startswith("_")
)
