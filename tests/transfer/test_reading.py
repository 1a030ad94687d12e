"""Files of every kind, and files that are none: rows, or one sentence."""

import csv
import hashlib
import io
import json
import os
import signal
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from guanxi.kernel.rules import RuleBroken
from guanxi.transfer.reading import child, csv_rows, limits
from guanxi.transfer.reading.faults import SENTENCES
from guanxi.transfer.reading.table import GLANCES, glance, open_table, read_first
from tests.transfer.files import HEAD, changed, csv_file, with_part, workbook

ROWS = [HEAD, ["云栖智造", "0571-86000000", "浙江"], ["海纳电子", "13805712233", "广东"]]


def rows_of(path: Path) -> list[list[str]]:
    with open_table(path) as table:
        return [row.cells[: table.width] for row in table.rows]


def fault_of(path: Path) -> str:
    with pytest.raises(RuleBroken) as refusal:
        rows_of(path)
    assert refusal.value.field == "file"
    return str(refusal.value)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"])
def test_text_files_are_read_in_every_encoding_and_with_every_delimiter(tmp_path, encoding, delimiter):
    many = [*ROWS, *([f"客户{n}", "", "浙江"] for n in range(200))]
    assert rows_of(csv_file(tmp_path / "a.csv", many, encoding, delimiter)) == many


def test_a_workbook_is_read_whatever_its_name(tmp_path):
    assert rows_of(workbook(tmp_path / "list.csv", ROWS)) == ROWS


def test_gbk_behind_a_heading_in_ascii_is_recognised(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"name,phone\n" + b"abc,1\n" * 200_000 + "云栖,2\n".encode("gbk"))
    table, _rows = read_first(path, 1)
    assert table.encoding == "gb18030"


class TestFaults:
    def test_an_empty_file(self, tmp_path):
        path = tmp_path / "a.csv"
        path.touch()
        assert "empty" in fault_of(path) or "空" in fault_of(path)

    def test_a_file_of_empty_lines(self, tmp_path):
        path = tmp_path / "a.csv"
        path.write_text(" \n,,\n\n")
        fault_of(path)

    def test_an_old_workbook_renamed(self, tmp_path):
        path = tmp_path / "a.xlsx"
        path.write_bytes(child.OLD_EXCEL + b"\0" * 2000)
        assert ".xls" in fault_of(path)

    def test_a_workbook_behind_a_password(self, tmp_path):
        path = tmp_path / "a.xlsx"
        path.write_bytes(child.OLD_EXCEL + b"\0" * 600 + child.ENCRYPTED)
        assert ".xls)" not in fault_of(path)

    def test_a_picture(self, tmp_path):
        path = tmp_path / "a.csv"
        path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40)
        fault_of(path)

    @pytest.mark.parametrize(
        "content",
        [b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\n", rb"{\rtf1\ansi name,phone}", b"\x1f\x8b\x08\x00abc"],
    )
    def test_a_document_that_reads_like_text(self, tmp_path, content):
        path = tmp_path / "a.csv"
        path.write_bytes(content)
        assert fault_of(path) == SENTENCES["binary"]

    @pytest.mark.parametrize("start", ["", "\ufeff", "\n  "])
    @pytest.mark.parametrize("tag", ["<html xmlns='x'>", "<!DOCTYPE html>", "<table>", "<?xml version='1.0'?>"])
    def test_a_web_page_named_like_a_workbook(self, tmp_path, start, tag):
        path = tmp_path / "a.xls"
        path.write_text(f"{start}{tag}\n<tr><td>客户名称</td></tr>", encoding="utf-8")
        assert fault_of(path) == SENTENCES["web"]

    def test_a_head_of_an_old_workbook_alone(self, tmp_path):
        path = tmp_path / "a.xls"
        path.write_bytes(child.OLD_EXCEL[:4])
        assert fault_of(path) == SENTENCES["xls"]

    def test_text_in_no_known_encoding(self, tmp_path):
        path = tmp_path / "a.csv"
        path.write_bytes(b"name\n" + b"\xff\xff\xfe" * 50)
        fault_of(path)

    def test_half_a_character_at_the_end(self, tmp_path):
        path = tmp_path / "a.csv"
        path.write_bytes("客户名称,电话\n云栖,1".encode("utf-16") + b"\x41")
        fault_of(path)

    def test_quotation_marks_that_do_not_close(self, tmp_path):
        path = tmp_path / "a.csv"
        path.write_text('name,phone\n"云栖,1\n海纳,2\n', encoding="utf-8")
        assert "2" in fault_of(path)

    def test_a_giant_cell(self, tmp_path):
        path = tmp_path / "a.csv"
        path.write_text("name,phone\n云栖,1\n" + "x" * 40_000 + ",2\n", encoding="utf-8")
        assert "3" in fault_of(path)

    def test_too_many_columns(self, tmp_path):
        path = csv_file(tmp_path / "a.csv", [["h"] * 16_384, ["1"] * 16_384])
        assert "16384" in fault_of(path)
        book = workbook(tmp_path / "b.xlsx", [["h"] * 16_384, ["1"]])
        assert "16384" in fault_of(book)

    def test_a_zip_that_is_no_workbook(self, tmp_path):
        path = tmp_path / "a.xlsx"
        path.write_bytes(b"PK\x03\x04 and nothing else")
        fault_of(path)
        book = workbook(tmp_path / "b.xlsx", ROWS)
        fault_of(changed(book, tmp_path / "c.xlsx", lambda name, old: old if "xl/" not in name else None))
        fault_of(changed(book, tmp_path / "d.xlsx", lambda name, old: old if "sheet1" not in name else b"<worksheet"))

    def test_half_a_workbook(self, tmp_path):
        book = workbook(tmp_path / "a.xlsx", ROWS)
        half = tmp_path / "b.xlsx"
        half.write_bytes(book.read_bytes()[:2000])
        fault_of(half)

    def test_macros(self, tmp_path):
        book = workbook(tmp_path / "a.xlsx", ROWS)
        sentence = fault_of(with_part(book, tmp_path / "b.xlsx", "xl/vbaProject.bin", b"macro"))
        assert sentence != fault_of(with_part(book, tmp_path / "c.xlsx", "xl/x.xml", b"<!DOCTYPE a><a/>"))

    def test_a_bomb_is_refused_before_it_unpacks(self, tmp_path):
        book = workbook(tmp_path / "a.xlsx", ROWS)
        fault_of(with_part(book, tmp_path / "b.xlsx", "xl/worksheets/sheet2.xml", b"0" * (limits.LARGE + 1)))

    @pytest.mark.parametrize("entity", ['<!ENTITY a "aaaa">', '<!ENTITY a SYSTEM "file:///etc/hostname">'])
    def test_entities_are_never_opened(self, tmp_path, entity):
        book = workbook(tmp_path / "a.xlsx", ROWS)

        def planted(name, old):
            if name != "xl/worksheets/sheet1.xml":
                return old
            return f"<!DOCTYPE worksheet [{entity}]>".encode() + old

        fault_of(changed(book, tmp_path / "b.xlsx", planted))

    def test_entities_behind_a_long_comment_are_never_opened(self, tmp_path):
        book = workbook(tmp_path / "a.xlsx", ROWS)
        start = b"<!--" + b"x" * 5_000 + b'--><!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
        fault_of(changed(book, tmp_path / "b.xlsx", lambda name, old: start + old if "sheet1" in name else old))

    def test_a_reader_without_memory_says_so(self, tmp_path, monkeypatch):
        path = csv_file(tmp_path / "a.csv", ROWS)
        monkeypatch.setattr("guanxi.transfer.reading.table.sys.executable", "/bin/false")
        assert "CSV" in fault_of(path)


class TestLimits:
    def run(self, path: Path, **limit: int) -> "subprocess.CompletedProcess[str]":
        """The child itself, with a limit of its own lowered."""
        lower = "; ".join(f"child.{name} = {value}" for name, value in limit.items())
        script = f"import sys; from guanxi.transfer.reading import child; {lower}; child.main(sys.argv[1])"
        return subprocess.run([sys.executable, "-c", script, path], capture_output=True, text=True, check=False)

    def test_memory_ends_with_a_fault(self, tmp_path):
        path = tmp_path / "a.xlsx"
        with xlsxwriter.Workbook(path) as book:  # unlike openpyxl it shares texts, which are held in memory
            sheet = book.add_worksheet()
            for number in range(20_000):
                digits = hashlib.sha512(str(number).encode()).hexdigest()  # such as do not pack well
                sheet.write_string(number, 0, "文".join(digits * 4))
        assert json.loads(self.run(path, MEMORY=56 << 20).stdout.splitlines()[-1]) == {"fault": "memory"}

    def test_processor_time_ends_the_child(self, tmp_path):
        path = tmp_path / "a.csv"
        path.write_bytes(b"name,phone\n" + b"abc,1\n" * 3_000_000)
        ended = self.run(path, CPU_SECONDS=1)
        assert ended.returncode in (-signal.SIGKILL, -signal.SIGXCPU)
        assert "end" not in ended.stdout[-200:]

    def test_a_page_waits_no_longer_than_its_time(self, tmp_path):
        path = tmp_path / "a.csv"
        os.mkfifo(path)  # nobody writes to it: whoever opens it waits for ever
        with pytest.raises(RuleBroken, match=r"0\.2") as refusal:
            glance(path, 20, seconds=0.2)
        assert refusal.value.field == "file"

    def test_two_files_are_looked_into_at_once_and_no_third(self, tmp_path):
        path = csv_file(tmp_path / "a.csv", ROWS)
        with GLANCES, GLANCES, pytest.raises(RuleBroken, match=r"moment|稍"):
            glance(path, 20)
        for _ in range(limits.GLANCES + 1):  # a file that cannot be read gives its turn back
            with pytest.raises(RuleBroken):
                glance(tmp_path / "gone.csv", 20)
        assert [row.cells[0] for row in glance(path, 20)] == [row[0] for row in ROWS]


class TestWorkbooks:
    def test_without_its_size_or_with_a_false_one(self, tmp_path):
        book = workbook(tmp_path / "a.xlsx", ROWS)
        without = changed(book, tmp_path / "b.xlsx", lambda _n, old: old.replace(b'<dimension ref="A1:C3"/>', b""))
        vast = changed(book, tmp_path / "c.xlsx", lambda _n, old: old.replace(b'"A1:C3"', b'"A1:XFD1048576"'))
        assert rows_of(without) == rows_of(vast) == ROWS

    @pytest.mark.parametrize("epoch", [None, CALENDAR_MAC_1904])
    def test_dates_of_both_epochs(self, tmp_path, epoch):
        book = workbook(
            tmp_path / "a.xlsx", [["day", "time"], [date(2026, 11, 23), datetime(2026, 11, 23, 8, 30)]], epoch=epoch
        )
        assert rows_of(book)[1] == ["2026-11-23", "2026-11-23 08:30:00"]

    def test_a_date_beyond_the_calendar_is_an_error_of_its_row(self, tmp_path):
        book = openpyxl.Workbook()
        book.active.append(["name", "day"])
        book.active.append(["云栖", 99_999_999])
        book.active["B2"].number_format = "yyyy-mm-dd"
        book.save(tmp_path / "a.xlsx")
        assert rows_of(tmp_path / "a.xlsx")[1] == ["云栖", {"error": "#VALUE!"}]

    def test_numbers_keep_their_digits_or_say_that_they_lost_them(self, tmp_path):
        book = workbook(tmp_path / "a.xlsx", [["a", "b", "c", "d"], [13805712233, 0.1, 12.0, 330106199001011234]])
        *kept, lost = rows_of(book)[1]
        assert kept == ["13805712233", "0.1", "12"]
        assert lost["long"].startswith("330106199001011")

    def test_the_first_sheet_that_is_shown_is_read(self, tmp_path):
        book = openpyxl.Workbook()
        book.active.sheet_state = "hidden"
        book.active.append(["hidden"])
        shown = book.create_sheet("名单")
        shown.append(["客户名称"])
        book.save(tmp_path / "a.xlsx")
        table, rows = read_first(tmp_path / "a.xlsx", 5)
        assert (table.sheet, rows[0].cells[0]) == ("名单", "客户名称")

    def test_rows_keep_their_numbers_past_empty_ones(self, tmp_path):
        book = openpyxl.Workbook()
        book.active["A3"], book.active["A9"] = "客户名称", "云栖"
        book.save(tmp_path / "a.xlsx")
        _table, rows = read_first(tmp_path / "a.xlsx", 5)
        assert [row.number for row in rows] == [3, 9]

    def numbered(self, target: Path, second: int, *, filled: bool = True) -> Path:
        """A workbook whose second row stands in the file under another number."""
        book = workbook(target.with_suffix(".old"), [["客户名称"], ["云栖" if filled else None]])

        def moved(_name, old):
            return old.replace(b'<row r="2"', b'<row r="%d"' % second).replace(b'r="A2"', b'r="A%d"' % second)

        return changed(book, target, moved)

    def test_a_row_beyond_the_last_of_excel_is_a_fault_at_once(self, tmp_path):
        assert "1048576" in fault_of(self.numbered(tmp_path / "a.xlsx", 8_000_000))
        assert "1048576" in fault_of(self.numbered(tmp_path / "b.xlsx", 10**15))

    def test_a_long_gap_is_a_fault_and_an_empty_last_row_is_none(self, tmp_path):
        most = limits.MOST_EMPTY_ROWS
        assert str(most + 3) in fault_of(self.numbered(tmp_path / "a.xlsx", most + 3))
        assert len(rows_of(self.numbered(tmp_path / "b.xlsx", most + 2))) == 2
        assert len(rows_of(self.numbered(tmp_path / "c.xlsx", limits.LAST_ROW, filled=False))) == 1

    def test_millions_of_shared_texts_in_a_small_file_are_refused_unread(self, tmp_path):
        book = workbook(tmp_path / "a.xlsx", ROWS)
        texts = b"<sst>" + b"<si><t>a</t></si>" * 300_000 + b"</sst>"
        many = with_part(book, tmp_path / "b.xlsx", "xl/sharedStrings.xml", texts)
        assert many.stat().st_size < 64 << 10
        assert fault_of(many) == str(RuleBroken(SENTENCES["bomb"]))


@given(
    rows=st.lists(
        st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12), min_size=2, max_size=4),
        min_size=1,
        max_size=8,
    )
)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_whatever_a_program_wrote_as_csv_is_read_back(tmp_path, rows):
    rows = [["name", "phone"], *rows]
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    path = tmp_path / "a.csv"
    path.write_bytes(text.getvalue().encode("utf-8-sig"))
    read = [cells for _line, cells in list(csv_rows.read(str(path)))[1:]]
    assert read == [row for row in rows if any(cell.strip() for cell in row)]


@given(content=st.binary(max_size=400), start=st.sampled_from([b"", b"PK\x03\x04", b"\xff\xfe", "客户,".encode("gbk")]))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
def test_any_bytes_give_rows_or_one_fault(tmp_path, content, start):
    path = tmp_path / "a"
    path.write_bytes(start + content)
    try:
        list(child.read(str(path)))
    except limits.FileFault as fault:
        assert fault.code
