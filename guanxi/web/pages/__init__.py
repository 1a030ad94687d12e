"""The shared pages of every resource."""

from guanxi.web.pages.actions import ActionPage, BinPage, BulkBinPage, BulkPage, RestorePage
from guanxi.web.pages.forms import CreatePage, EditPage
from guanxi.web.pages.lists import ColumnsPage, ListPage, OptionsPage
from guanxi.web.pages.records import PanelPage, RecordPage

__all__ = [
    "ActionPage",
    "BinPage",
    "BulkBinPage",
    "BulkPage",
    "ColumnsPage",
    "CreatePage",
    "EditPage",
    "ListPage",
    "OptionsPage",
    "PanelPage",
    "RecordPage",
    "RestorePage",
]
