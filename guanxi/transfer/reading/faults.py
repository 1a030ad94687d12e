"""What is wrong with a file as a whole, as one sentence for the person who brought it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.kernel.rules import RuleBroken

SENTENCES: Mapping[str, Any] = {
    "empty": gettext_lazy("The file is empty."),
    "gone": gettext_lazy("The file is not there any more: upload it again."),
    "xls": gettext_lazy("This is an old Excel file (.xls), whatever its name says: save it as .xlsx or CSV."),
    "web": gettext_lazy("This is a web page, whatever its name says: open it in Excel and save it as .xlsx or CSV."),
    "encrypted": gettext_lazy("The workbook is protected by a password: save it without one."),
    "macros": gettext_lazy("The workbook holds macros: save it as .xlsx, without them."),
    "bomb": gettext_lazy("The workbook unpacks to far more than its size: save the rows as CSV."),
    "dtd": gettext_lazy("The workbook declares entities, as no Excel does: save it again from Excel, or as CSV."),
    "workbook": gettext_lazy("This is no Excel workbook, or it is damaged: save it again as .xlsx or CSV."),
    "columns": gettext_lazy("The file has %(columns)s columns; at most %(most)s are read."),
    "cell": gettext_lazy("Row %(line)s holds a cell of more than 32,767 characters, or an unclosed quotation mark."),
    "quotes": gettext_lazy("The quotation marks in row %(line)s do not close: every one needs its partner."),
    "rows": gettext_lazy("The sheet has rows beyond %(most)s, the last that Excel knows: save it again from Excel."),
    "gap": gettext_lazy(
        "More than %(most)s rows above row %(line)s are empty: delete them, or what stands below them by mistake."
    ),
    "binary": gettext_lazy("This is no table: bring an Excel workbook (.xlsx) or a CSV file."),
    "encoding": gettext_lazy("The characters of the file cannot be read: save it as CSV in UTF-8 or GB18030."),
    "memory": gettext_lazy("Reading the file needs too much memory: save the rows as CSV."),
    "slow": gettext_lazy(
        "The first rows could not be read within %(seconds)s seconds: save them as CSV, or split them."
    ),
    "busy": gettext_lazy("Other files are being read just now: try again in a moment."),
    "broken": gettext_lazy("Reading the file took too much time or memory: save the rows as CSV, or split them."),
}


def fault_of(said: Mapping[str, Any]) -> RuleBroken:
    """The refusal that a child's fault stands for."""
    sentence = str(SENTENCES.get(said["fault"], _("The file cannot be read.")))
    return RuleBroken(sentence % said if "%(" in sentence else sentence, field="file")
