"""The workbook that people fill in: the headings of a kind, and one row as an example."""

from io import BytesIO

import xlsxwriter
from django.utils.translation import gettext as _

from guanxi.kernel.text import listed
from guanxi.transfer.kinds import Kind
from guanxi.transfer.kinds.fields import Field


def workbook_of(kind: Kind, fields: list[Field]) -> bytes:
    """An .xlsx with the headings in the reader's language, an example, and a sheet that explains the columns."""
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    head, text = book.add_format({"bold": True, "bg_color": "#E8EEFB"}), book.add_format({"num_format": "@"})
    sheet = book.add_worksheet(str(kind.label))
    sheet.freeze_panes(1, 0)
    notes = book.add_worksheet(_("Columns"))
    notes.write_row(0, 0, [_("Column"), _("Needed"), _("Further headings that are understood")], head)
    notes.set_column(0, 0, 24)
    notes.set_column(2, 2, 80)
    for place, field in enumerate(fields):
        # As text: else Excel takes the last digits of credit codes and the first zeros of phone numbers.
        sheet.set_column(place, place, 18, text)
        sheet.write_string(0, place, str(field.label), head)
        sheet.write_string(1, place, field.sample, text)
        words = listed(field.words)
        notes.write_row(place + 1, 0, [str(field.label), _("yes") if field.required else "", words])
    book.close()
    return target.getvalue()
