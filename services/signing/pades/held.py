"""The validation data that a PDF brings along (ISO 32000-2 12.8.4.3), as pyHanko reads them."""

from typing import Any

from pyhanko.pdf_utils.reader import PdfFileReader

from services.signing.dss import Dss


def held_data(reader: PdfFileReader) -> Dss:
    """Raises whatever pyHanko raises on a file that is broken."""
    found = _part(reader.root, "/DSS", {})
    return Dss(*(tuple(item.get_object().data for item in _part(found, name, ())) for name in ("/Certs", "/CRLs")))


def _part(container: Any, name: str, otherwise: Any) -> Any:
    return container[name] if name in container else otherwise  # noqa: SIM401 - get() gives a mere reference
