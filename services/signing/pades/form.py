"""The certifying revision's form: field ``Seal``, its widget, and the widget's structure element.

What PDF/A-3a (ISO 19005-3 6.3, 6.4) and PDF/UA-1 (ISO 14289-1 7.18) ask of a widget: /F 132, a zero rectangle, /TU,
/StructParent, and a structure element Form with an OBJR, entered in the parent tree.
"""

from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields

FIELD = "Seal"
TOOLTIP = "電子署名"
PRINT_AND_LOCKED = 132


class UnexpectedShapeError(Exception):
    """The PDF is not one that our renderer makes.  Permanent.  ``part``: what was looked for."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part


def add_seal_field(writer: IncrementalPdfFileWriter) -> None:
    """Add field, widget and structure element to the revision being written.  Raises UnexpectedShapeError."""
    if "/AcroForm" in writer.root:
        raise UnexpectedShapeError("no form yet")
    specification = fields.SigFieldSpec(FIELD, on_page=0, box=None, readable_field_name=TOOLTIP)
    fields.append_signature_field(writer, specification)
    widget = writer.root["/AcroForm"]["/Fields"].raw_get(0)
    widget_object = widget.get_object()
    widget_object[pdf_name("/F")] = generic.NumberObject(PRINT_AND_LOCKED)
    _tag(writer, widget, widget_object)


def _tag(writer: IncrementalPdfFileWriter, widget: generic.IndirectObject, widget_object: Any) -> None:
    tree = _part(writer.root, "/StructTreeRoot")
    (document,) = _list(tree, "/K")
    numbers = _part(_part(tree, "/ParentTree"), "/Nums")
    key = _part(tree, "/ParentTreeNextKey")
    page = widget_object.raw_get("/P")
    element = writer.add_object(_form_element(document, page, widget))
    _list(document.get_object(), "/K").append(element)
    numbers.extend([generic.NumberObject(key), element])
    tree[pdf_name("/ParentTreeNextKey")] = generic.NumberObject(key + 1)
    widget_object[pdf_name("/StructParent")] = generic.NumberObject(key)
    writer.update_container(_list(document.get_object(), "/K"))
    writer.update_container(numbers)
    writer.update_container(tree)


def _form_element(document: Any, page: Any, widget: generic.IndirectObject) -> generic.DictionaryObject:
    reference = {"/Type": pdf_name("/OBJR"), "/Obj": widget, "/Pg": page}
    return generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/StructElem"),
            pdf_name("/S"): pdf_name("/Form"),
            pdf_name("/P"): document,
            pdf_name("/Pg"): page,
            pdf_name("/Alt"): generic.TextStringObject(TOOLTIP),
            pdf_name("/K"): generic.DictionaryObject({pdf_name(name): value for name, value in reference.items()}),
        }
    )


def _part(container: Any, name: str) -> Any:
    try:
        return container[name]
    except KeyError:
        raise UnexpectedShapeError(name) from None


def _list(container: Any, name: str) -> generic.ArrayObject:
    found = _part(container, name)
    if not isinstance(found, generic.ArrayObject):
        raise UnexpectedShapeError(name)
    # Raw: the items stay references.
    return found
