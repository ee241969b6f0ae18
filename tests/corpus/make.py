"""Writes the exports of the corpus whose bytes no editor keeps. The same bytes come out every time.

usage: python make.py

needs: openpyxl 3.1, xlwt 1.3, zstandard 0.25, pyarrow 26
"""

import datetime
import decimal
import gzip
import io
import pathlib
import re
import zipfile
from xml.sax.saxutils import escape

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import xlwt
import zstandard
from openpyxl.styles import Font

FOLDER = pathlib.Path(__file__).parent
MADE_AT = datetime.datetime(2024, 6, 1)

HEADER = "sold_on,dealer_id,amount"
SALES = f"{HEADER}\n2024-05-01,D1,100\n2024-05-02,D2,250\n"
DEALERS = "dealer_id,region,dealer_name"


def write(case, name, content):
    folder = FOLDER / case
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)


def text(case, name, content, encoding="utf-8"):
    write(case, name, content.encode(encoding))


def day(number):
    return datetime.date(2024, 5, number)


# Encodings


def utf8():
    rows = '"sold_on","dealer_id","amount","channel"\n2024-05-01,D1,100,酒吧\n2024-05-02,D2,250,\n'
    text("utf8_with_mark", "orders.csv", rows, "utf-8-sig")
    text("utf8_mark_only", "orders.csv", "", "utf-8-sig")
    text("utf8_with_mark_by_position", "orders.csv", SALES.removeprefix(f"{HEADER}\n"), "utf-8-sig")
    text("texts_joined", "orders.csv", f"\ufeff{SALES}\ufeff{HEADER}\n2024-05-03,D1,30\n")
    rows = f"{DEALERS}\nD1,华北,北京饮料\nD2,华东,上海食品\nD3,华南,广州百"
    write("utf8_cut_at_the_end", "dealers.csv", rows.encode()[:-1])
    lines = [
        f"{DEALERS}\nD1,Nord,Müller & Söhne\n".encode(),
        "D2,Süd,Jäger\nD3,Nord,Größe\n".encode("cp1252"),
        "D4,Süd,Bäcker\n".encode(),
    ]
    write("utf8_two_damaged_lines", "dealers.csv", b"".join(lines))
    lines = [f"{DEALERS}\n".encode()]
    for number in range(1, 15):
        is_old = number % 2 == 0 and number <= 12
        lines.append(f"D{number},华北,北京饮料第{number}店\n".encode("gbk" if is_old else "utf-8"))
    write("utf8_and_gbk_mixed", "dealers.csv", b"".join(lines))
    rows = b"sold_on,dealer_id,note,amount\n2024-05-01,D1,\xfc\xff,100\n2024-05-02,D2,a\0b,250\n"
    write("utf8_damage_in_an_unused_column", "orders.csv", rows)
    text("utf8_named_wrongly", "dealers.csv", f"{DEALERS}\nD1,North,Adler\nD2,华东,上海\nD3,华南,广州\n", "gbk")


def utf16():
    rows = "sold_on\tdealer_id\tamount\tchannel\r\n2024-05-01\tD1\t100\t酒吧\r\n"
    rows += "2024-05-02\tD2\t250\t商店\r\n2024-05-03\tD1\tx\t商店\r\n"
    text("utf16le_with_mark", "orders.txt", f"\ufeff{rows}", "utf-16-le")
    rows = f"\ufeff{DEALERS}\nD1,华北,𠮷野家\nD2,华东,Müller\n"
    text("utf16be_with_mark", "dealers.csv", rows, "utf-16-be")
    text("utf16le_without_mark", "orders.csv", SALES, "utf-16-le")
    text("utf16be_without_mark", "orders.csv", SALES, "utf-16-be")
    rows = "经销商编码,所属大区名称,经销商完整名称\nD1,华北地区,北京市朝阳区饮料经销有限责任公司\n"
    rows += "D2,华东地区,上海市浦东新区食品贸易有限责任公司\nD3,华南地区,广州市天河区百货商店有限责任公司\n"
    text("utf16le_chinese_without_mark", "经销商.csv", rows, "utf-16-le")
    text("utf16_named_with_high_byte_first", "orders.csv", f"\ufeff{SALES}", "utf-16-be")
    rows = f"\ufeff{SALES}".removesuffix("\n")
    write("utf16le_cut_in_a_letter", "orders.csv", rows.encode("utf-16-le")[:-1])
    rows = f"\ufeff{DEALERS}\nD1,华北,北京\nD2,华东,\ud83c\nD3,华南,广州\n"
    write("utf16le_half_a_pair", "dealers.csv", rows.encode("utf-16-le", "surrogatepass"))


def east_asian():
    rows = f"{DEALERS}\nD1,华北,北京饮料经销商\nD2,华东,𠮷祥㐂食品\nD3,华南,Müller €\n"
    text("gb18030_named", "dealers.csv", rows, "gb18030")
    rows = "日期,经销商编码,金额,渠道\n2024-05-01,D1,100,餐饮渠道\n2024-05-02,D2,250.50,现代商超\n"
    rows += "2024-05-03,D1,30,传统小店\n2024-05-04,D3,35,电子商务\n"
    text("gbk_guessed", "订单.csv", rows, "gbk")
    text("gb2312_named", "dealers.csv", f"{DEALERS}\nD1,华北,镕基饮料\nD2,华东,上海食品\n", "gbk")
    rows = f"{DEALERS}\nD1,North,Adler\nD2,华东,上海食品\nD3,华南,广州百货\nD4,South,Dorn\n"
    text("gbk_few_lines", "dealers.csv", rows, "gbk")
    lines = [
        f"{DEALERS}\nD1,华北,北京饮料\nD2,华东,".encode("gb18030"),
        b"\xff\xff\n",
        "D3,华南,广州百货\n".encode("gb18030"),
    ]
    write("gb18030_damaged", "dealers.csv", b"".join(lines))
    rows = 'dealer_id|region|dealer_name\nD1|臺北|許功蓋商行\nD2|高雄|"教育用品|文具"\nD3|臺中|"淚""育"\n'
    assert "功育".encode("big5") == b"\xa5\x5c\xa8\x7c", "letters that look like a backslash and a pipe"
    text("big5_named", "dealers.txt", rows, "big5")
    rows = f"{DEALERS}\nD1,東京,表参道ソース\nD2,大阪,ポプラ商店\nD3,名古屋,ｶﾌｪ\n"
    text("shift_jis_named", "dealers.csv", rows, "shift_jis")


def western():
    rows = "sold_on;dealer_id;amount;Kanal\n2024-05-01;D1;€ 1.234,50;Café\n"
    rows += "2024-05-02;D2;-70,25;Gaststätte\n2024-05-03;D1;0,00 €;„Süd“\n"
    text("windows_1252_named", "orders.csv", rows, "cp1252")
    rows = "".join(f"D{number},Süd,Müller & Söhne {number}\n" for number in range(1, 11))
    text("latin_umlauts_guessed", "dealers.csv", f"{DEALERS}\n{rows}", "cp1252")
    rows = "Datum;Händler;Umsatz für den Monat;Vertriebsweg\n01.05.2024;D1;100;Getränkemarkt\n"
    rows += "02.05.2024;D2;250;Bar\n03.05.2024;D1;30;Bar\n"
    text("latin_header_guessed", "Umsätze.csv", rows, "cp1252")


# Signs that editors hide, and ends of lines


def odd_bytes():
    rows = f"{HEADER}\n2024-05-01,D\0" + "1,100\n2024-05-02,D2,250\n2024-05-03,D1,1\0" + "00\n2024-\0" + "05-04,D1,5\n"
    text("nul_bytes", "orders.csv", rows)
    text("nul_bytes_at_the_end", "orders.csv", SALES + "\0" * 64)
    text("end_of_file_letter", "orders.csv", f"{SALES}\x1a\n")
    text("empty_file", "orders.csv", "")


def line_ends():
    rows = f"{SALES}2024-05-03,D1,x\n2024-05-04,D1,30\n"
    text("lines_cr_only", "orders.csv", rows.replace("\n", "\r"))
    text("lines_cr_only_below_titles", "orders.csv", f"Sales of May\n{SALES}".replace("\n", "\r"))
    rows = f'{HEADER}\n2024-05-01,D1,100\n2024-05-02,"D2,250\n2024-05-03,D1,30\n2024-05-04,"D2",5\n'
    text("quote_open_cr_only", "orders.csv", rows.replace("\n", "\r"))
    rows = f"{HEADER},channel\n2024-05-01,D1,100,bar\n\n2024-05-02,D2,250,\"two\nlines\"\n"
    rows += "2024-05-03,D1,x,bar\n2024-05-04,D1,30,bar\n"
    text("lines_crlf", "orders.csv", rows.replace("\n", "\r\n"))
    rows = f"{HEADER}\r\n2024-05-01,D1,100\n2024-05-02,D2,250\r2024-05-03,D1,30\r\n2024-05-04,D1,5\n"
    text("lines_mixed", "orders.csv", rows)
    text("lines_without_an_end", "orders.csv", SALES.removesuffix("\n"))
    rows = f"{HEADER}\n\n2024-05-01,D1,100\n\n\n2024-05-02,D2,250\n2024-05-03,D1,x\n\n\n"
    text("lines_blank", "orders.csv", rows)
    rows = f"{HEADER},channel\n2024-05-01,D1,100,\"left at\nthe \"\"gate\"\", 9 p.m.,\nwith a note\"\n"
    rows += "2024-05-02,D2,250,bar\n2024-05-03,D1,x,bar\n"
    text("lines_within_quotes", "orders.csv", rows)
    rows = SALES.replace("amount", '"Amount\n(net)"')
    text("lines_within_the_header", "orders.csv", rows)


def blanks():
    rows = SALES.replace(HEADER, " sold_on ,\u00a0dealer_id\u00a0,\u3000amount\u3000")
    text("header_with_blanks", "orders.csv", rows)
    rows = "sold_on;dealer_id;amount\n2024-05-01;D1;1\u00a0234\u00a0567,89\n2024-05-02;D2;1\u202f234\u202f567,17\n"
    text("numbers_french", "Ventes mai.csv", f"{rows}2024-05-03;D1;1 099,50\n2024-05-03;D1;0,00\n")


# Packed and wrongly named files


def gz(content):
    return gzip.compress(content, mtime=0)


def zst(content):
    return zstandard.ZstdCompressor(level=3).compress(content)


def packed():
    more = b"2024-05-03,D1,30\n"
    write("packed_gz", "SALES.CSV.GZ", gz(SALES.encode()) + gz(more))
    write("packed_gz_cut", "sales.csv.gz", gz(SALES.encode())[:-12])
    text("packed_gz_is_none", "sales.csv.gz", SALES)
    rows = f"\ufeff{SALES}{more.decode()}".encode("utf-16-le")
    write("packed_zst", "sales.csv.zst", zst(rows[:75]) + zst(rows[75:]))
    write("packed_zst_cut", "sales.csv.zst", zst(SALES.encode()) + zst(more)[:-5])
    archive = zipped([("sales.csv", SALES)])
    write("packed_zip", "sales.zip", archive)
    write("zip_called_xlsx", "orders.xlsx", archive)


def wrong_names():
    text("csv_called_xlsx", "orders.xlsx", SALES)
    text("csv_called_parquet", "sales.parquet", SALES)
    rows = [line.split(",") for line in SALES.splitlines()]
    write("xlsx_called_csv", "orders.csv", xlsx_of(rows))
    write("xlsx_packed_gz", "orders.xlsx.gz", gz(xlsx_of(rows)))
    write("packed_gz_called_csv", "orders.csv", gz(SALES.encode()))
    cells = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>\n" for row in rows)
    text("html_called_xls", "orders.xls", f"<html><body><table>\n{cells}</table></body></html>\n")


# Spreadsheets


def zipped(members):
    """A zip archive of (name, content), without the time of its making."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members:
            info = zipfile.ZipInfo(name, MADE_AT.timetuple()[:6])
            info.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return buffer.getvalue()


def xlsx_bytes(book, values=None):
    """The book as a file; `values` are those that a spreadsheet program would have computed for its formulas."""
    buffer = io.BytesIO()
    book.save(buffer)
    members = []
    with zipfile.ZipFile(buffer) as archive:
        for member in archive.namelist():
            content = archive.read(member)
            if member == "docProps/core.xml":
                made = MADE_AT.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
                content = re.sub(rb"\d{4}-\d\d-\d\dT[\d:]+Z", made, content)
            if member == "xl/worksheets/sheet1.xml":
                content = with_values(content.decode(), values or {}).encode()
            members.append((member, content))
    return zipped(members)


def with_values(sheet, values):
    for place, value in values.items():
        kind = ' t="str"' if isinstance(value, str) else ""
        pattern = rf'<c r="{place}"([^>]*?)( t="\w+")?>(<f>.*?</f>)<v\s*/?>(</v>)?</c>'
        sheet, count = re.subn(pattern, rf'<c r="{place}"\1{kind}>\3<v>{value}</v></c>', sheet)
        assert count == 1, f"{place} has no formula"
    return sheet


def fill(sheet, rows, down=1, right=1):
    for row, cells in enumerate(rows):
        for column, value in enumerate(cells):
            if value is not None:
                sheet.cell(down + row, right + column, value)


def book_of(rows):
    book = openpyxl.Workbook()
    fill(book.active, rows)
    return book


def xlsx_of(rows):
    return xlsx_bytes(book_of(rows))


COLUMNS = HEADER.split(",")
# Days and numbers as such and as text; 45418 is 2024-05-06.
PLAIN = [
    [*COLUMNS, "order_id", "quantity"],
    [day(1), "D1", 1250.75, 1001, 3],
    [day(2), " D2 ", "1.250,25", "A-7", "2"],
    ["03.05.2024", 1001, -20.25, 1003, -1],
    [45418, "1001", 0.1 + 0.2, "0042", 1],
    [datetime.datetime(2024, 5, 7, 14, 30), "007", 1300, 999_999_999_999_999, 0.5],
    [day(8), 7, 0.75],
]
LEAP = [COLUMNS, [day(1), "D1", 100], [datetime.date(2024, 2, 29), "D2", 250]]


def save(case, book, values=None, name="orders.xlsx"):
    write(case, name, xlsx_bytes(book, values))


def xlsx_cells():
    save("xlsx_plain", book_of(PLAIN), name="Auszug.xlsx")
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    fill(book.active, LEAP)
    save("xlsx_days_from_1904", book)

    rows = [[*COLUMNS, "note"], [day(1), "D1", 100, "#N/A"], [day(1), "D1", "#N/A"], [day(1), "#REF!", 5]]
    book = book_of([*rows, [day(2), "D2", 250], [day(2), "D2", "#DIV/0!"], ["#VALUE!", "D2", 7]])
    # All but this one are errors and not their texts.
    book.active["C6"].data_type = "s"
    save("xlsx_errors", book)

    ids = [999_999_999_999_999, 1e15, 1_234_570_000_000_000, "1.23457E+15", 1_234_567_890_123_456_789]
    rows = [[*COLUMNS, "order_id"]] + [[day(1), "D1", 100 + place, id_] for place, id_ in enumerate(ids)]
    save("xlsx_ids_rounded", book_of([*rows, [day(2), "D2", 5, "1234567890123456789"]]))
    save("xlsx_amount_too_large", book_of([COLUMNS, [day(1), "D1", 100], [day(2), "D2", 2e15]]))

    book = book_of([COLUMNS, [day(1), "D1", 100], [day(2), 42, 5]])
    book.active["B3"].number_format = "0000"
    save("xlsx_zeros_by_format", book)

    rows = [COLUMNS, [day(1), "D1", "=50*2"], ["=DATE(2024,5,2)", "D2", 250]]
    book = book_of([*rows, [day(3), "D1", "=Prices!B2*3"], [day(4), '="00"&7', 30]])
    book.active["A3"].number_format = "yyyy-mm-dd"
    save("xlsx_formulas", book, {"C2": 100, "A3": 45414, "B5": "007"})

    rows = [COLUMNS, [datetime.datetime(2024, 5, 1, 23, 59, 59), "D1", 100], [datetime.time(14, 30), "D1", 5]]
    book = book_of([*rows, [datetime.timedelta(hours=36, minutes=30), "D1", 6], [-3, "D1", 7]])
    book.active["A5"].number_format = "yyyy-mm-dd"
    save("xlsx_times", book)

    rows = [COLUMNS, ["2024年5月1日", "D1", "$1,234.50"], ["2024年5月2日", "D2", "(5.25)"]]
    rows += [["2024年5月3日", "D1", "１，０５０"], ["2024-05-06", "D1", "9.00-"], ["2024/5/7", "D2", 1234.5]]
    save("xlsx_text_numbers", book_of([*rows, ["2024/5/7", "D2", "1.234,50"]]), name="订单.xlsx")


def xlsx_rows():
    rows = [["Adler Foods: sales of May"], ["printed on", datetime.date(2024, 6, 1)], [], [*COLUMNS, "channel"]]
    rows += [[day(1), "D1", 100, "Totally Fresh"], ["Subtotal", None, 100], [day(2), "D2", 250, "bar"]]
    rows += [[day(3), "D1", 30, "Total"], ["Summe", None, 380], ["合计", None, 380]]
    rows += [["Grand Total: 3 rows", None, 380]]
    book = book_of(rows)
    book.active.merge_cells("A1:D1")
    save("xlsx_titles_and_totals", book)

    rows = [["Date", "Dealer", "Net sales"], [None, None, "Amount", "Quantity"]]
    book = book_of([*rows, [day(1), "D1", 100, 1], [day(2), "D2", 250, 2]])
    for cells in ["A1:A2", "B1:B2", "C1:D1"]:
        book.active.merge_cells(cells)
    save("xlsx_header_over_two_rows", book)

    rows = [COLUMNS, [day(1), "D1", 100], [], ["  ", " "], [day(2), "D2", 250], [], [day(3), "D1", "x"]]
    book = book_of(rows)
    book.active["B6"].font = Font(bold=True)
    save("xlsx_blank_rows", book)

    book = book_of([COLUMNS])
    for place in ["A2", "B3", "C5"]:
        book.active[place].font = Font(bold=True)
    save("xlsx_headers_only", book)
    save("xlsx_empty", openpyxl.Workbook())

    rows = [["Targets of 2024, in thousands"], ["Dealer", "Year", *range(1, 13), "Sum"]]
    rows += [["D1", 2024, *range(1, 13), 78], ["D2", 2024, *[None] * 4, 5, *[None] * 7, 5], ["Total", 2024, 1]]
    book = book_of(rows)
    book.active.merge_cells("A1:O1")
    save("xlsx_targets_wide", book, name="targets.xlsx")

    rows = [["dealer_id", "month", "target_amount"], ["D1", day(1), 100], ["D1", 202406, "200"], ["D2", "2024Q2", 400]]
    save("xlsx_targets_months", book_of([*rows, ["D3", day(1), "#NUM!"]]), name="targets.xlsx")


def xlsx_sheets():
    table = [COLUMNS, [day(1), "D1", 100], [day(2), "D2", 250]]
    book = book_of([["Ask the controller about this book."]])
    fill(book.create_sheet("Umsätze "), table, 4, 3)
    save("xlsx_sheet_of_job_file", book)

    book = book_of([["dealers"], ["D1"]])
    book.active.sheet_state = "hidden"
    fill(book.create_sheet("May"), table)
    book.active = 1
    save("xlsx_hidden_sheet", book)

    book = book_of(table)
    book.active.title = "Umsatz"
    book.create_sheet("Info")
    save("xlsx_sheet_unknown", book)


def xls():
    for case, rows, is_1904 in [("xls_plain", PLAIN, False), ("xls_days_from_1904", LEAP, True)]:
        book = xlwt.Workbook()
        book.dates_1904 = is_1904
        sheet = book.add_sheet("Sheet1")
        dated = xlwt.easyxf(num_format_str="YYYY-MM-DD")
        for down, row in enumerate(rows):
            for right, value in enumerate(row):
                style = [dated] if isinstance(value, datetime.date) else []
                sheet.write(down, right, value, *style)
        buffer = io.BytesIO()
        book.save(buffer)
        write(case, "Auszug.xls", buffer.getvalue())


ODS_NAMES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
}


def ods_cell(value, times=1):
    repeated = f' table:number-columns-repeated="{times}"' if times > 1 else ""
    if isinstance(value, datetime.date):
        kind = f'office:value-type="date" office:date-value="{value.isoformat()}"'
    elif isinstance(value, str):
        kind = 'office:value-type="string"'
    else:
        kind = f'office:value-type="float" office:value="{value!r}"'
    return f"<table:table-cell {kind}{repeated}><text:p>{escape(str(value))}</text:p></table:table-cell>"


def ods_row(cells, times=1):
    repeated = f' table:number-rows-repeated="{times}"' if times > 1 else ""
    return f"<table:table-row{repeated}>{''.join(cells)}</table:table-row>"


def ods_bytes(rows):
    spaces = " ".join(f'xmlns:{short}="{name}"' for short, name in ODS_NAMES.items())
    blank = ods_row(['<table:table-cell table:number-columns-repeated="16384"/>'], 1_048_000)
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} office:version="1.3"><office:body>'
        f'<office:spreadsheet><table:table table:name="Sheet1">{"".join(rows)}{blank}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest'
        ' xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    return zipped([("mimetype", kind), ("content.xml", content), ("META-INF/manifest.xml", manifest)])


def ods():
    rows = [ods_row([ods_cell(value) for value in row]) for row in PLAIN]
    write("ods_plain", "Auszug.ods", ods_bytes(rows))
    rows = [
        ods_row([ods_cell(label) for label in [*COLUMNS, "quantity"]]),
        ods_row([ods_cell(day(1)), ods_cell("D1"), ods_cell(5, times=2)], times=3),
        ods_row([ods_cell(day(2)), ods_cell("D2"), ods_cell(245)]),
    ]
    write("ods_repeated_rows", "orders.ods", ods_bytes(rows))


# Parquet


def parquet(case, columns, **options):
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer, **options)
    write(case, "sales.parquet", buffer.getvalue())


def euros(*amounts):
    return pa.array([None if amount is None else decimal.Decimal(amount) for amount in amounts], pa.decimal128(12, 2))


def two_sales():
    return {"sold_on": [day(1), day(2)], "dealer_id": ["D1", "D2"], "amount": euros("100", "250")}


def parquet_values():
    parquet("parquet_types", {
        "sold_on": [day(1), day(2), day(3), day(3)],
        "dealer_id": ["D1", "D2", "D1", "D2"],
        "amount": euros("100.50", "250", "-19.99", None),
        "quantity": pa.array([3, None, -1, 1], pa.int16()),
    })
    parquet("parquet_doubles", {
        "sold_on": [day(1)] * 6,
        "dealer_id": ["D1", "D2"] * 3,
        "amount": [1234.5, 0.1 + 0.2, 1e-9, float("inf"), float("nan"), 12_345_678.5],
    })
    parquet("parquet_ids_as_numbers", {
        "sold_on": [day(1), day(2), day(3)],
        "dealer_id": [1001, 1002, 7],
        "amount": euros("100", "250", "30"),
        "order_id": [9_007_199_254_740_993, 2, 3],
        "outlet_id": [5.0, None, 6.0],
        "product_id": pa.array([77, 78, 79], pa.decimal128(38, 0)),
    })
    parquet("parquet_more_types", {
        "sold_on": pa.array([day(1), day(2)], pa.date64()),
        "dealer_id": pa.array(["D1", "D2"], pa.large_string()),
        "amount": pa.array([100, 250], pa.uint32()),
        "quantity": pa.array([0.1, 2.5], pa.float32()),
        "channel": [True, False],
    })
    parquet("parquet_text_as_bytes", {
        "sold_on": [b"2024-05-01", b"2024-05-02"],
        "dealer_id": [b"007", b"D2"],
        "amount": [b"100.50", b"250"],
        "channel": ["酒吧".encode(), b"bar"],
    }, store_schema=False)
    parquet("parquet_text_values", {
        "sold_on": ["01.05.2024", "02.05.2024", "2024-05-03"],
        "dealer_id": pa.array(["D1", "D2", "D1"], pa.large_string()),
        "amount": pa.array(["1.234,50", "-0,25", "5"], pa.string_view()),
    })


def parquet_moments():
    moment = datetime.datetime
    moments = [moment(2024, 5, 1, 10), moment(2024, 5, 2), moment(2024, 5, 2, 23, 59, 59)]
    parquet("parquet_dictionary_and_moments", {
        "sold_on": pa.array(moments, pa.timestamp("us", "UTC")),
        "dealer_id": pa.array(["D1", "D2", "D1"]).dictionary_encode(),
        "amount": euros("100", "250", "30"),
        "channel": pa.array(["酒吧", None, "酒吧"]).dictionary_encode(),
    })
    # Half past midnight and half past eleven in the evening of 2024-05-01 in Shanghai, eight hours before UTC.
    moments = [moment(2024, 4, 30, 16, 30), moment(2024, 5, 1, 15, 30)]
    in_shanghai = pa.array(moments, pa.timestamp("us", "Asia/Shanghai"))
    parquet("parquet_moments_of_a_zone", {**two_sales(), "sold_on": in_shanghai})
    moments = pa.array([moment(2024, 5, 1, 23, 59), moment(2024, 5, 2)], pa.timestamp("ns"))
    options = {"use_deprecated_int96_timestamps": True, "store_schema": False}
    parquet("parquet_old_moments", {**two_sales(), "sold_on": moments}, **options)


def parquet_files():
    nested = {"lines": [[1, 2], []], "buyer": [{"name": "A"}, None]}
    parquet("parquet_nested_unused", {**two_sales(), **nested})
    parquet("parquet_packed_by_zstd", two_sales(), compression="zstd")
    parquet("parquet_packed_by_gzip", two_sales(), compression="gzip")
    parquet("parquet_cut", two_sales())
    path = FOLDER / "parquet_cut" / "sales.parquet"
    path.write_bytes(path.read_bytes()[:-40])


def main():
    for make in [utf8, utf16, east_asian, western, odd_bytes, line_ends, blanks, packed, wrong_names]:
        make()
    for make in [xlsx_cells, xlsx_rows, xlsx_sheets, xls, ods, parquet_values, parquet_moments, parquet_files]:
        make()


if __name__ == "__main__":
    main()
