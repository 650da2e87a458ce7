"""A spreadsheet as text: a line a row, tabs between the cells. Runs in the process for strangers' files."""

import csv
import io
import itertools
import zipfile
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from autoleads import stock_table
from autoleads.errors import MediaRefused

_MOST_ROWS, _MOST_COLUMNS = 2_000, 50
_MOST_SHEETS = 5
_LONGEST_CELL = 5_000
_LONGEST_TEXT = 2_000_000
_MOST_UNPACKED = 64 * 2**20


def text_of(data: bytes) -> str:
    """Of the first sheet that has a heading of a list of cars, else of the first that has anything. Raises
    MediaRefused."""
    from openpyxl import load_workbook  # takes 20 MB, which a process that sees photos only need not spend

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:  # which unpacks no more of a part than is told there
            if sum(part.file_size for part in archive.infolist()) > _MOST_UNPACKED:
                raise MediaRefused("too_heavy", f"over {_MOST_UNPACKED} bytes unpacked")
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        texts = [_written(sheet.iter_rows(values_only=True, max_col=_MOST_COLUMNS)) for sheet in shown[:_MOST_SHEETS]]
    except MediaRefused:
        raise
    except MemoryError:
        raise MediaRefused("too_heavy", "takes too much memory") from None
    except Exception as exc:
        # What zipfile, zlib, expat and openpyxl raise over a damaged or hostile file is no closed set: it goes from
        # OSError and EOFError to RuntimeError, RecursionError and AttributeError.
        raise MediaRefused("broken", type(exc).__name__) from None
    filled = [text for text in texts if text.strip()]
    return next((text for text in filled if stock_table.has_heading(text)), filled[0] if filled else "")


def _written(rows: Iterable[tuple[Any, ...]]) -> str:
    target = io.StringIO()
    writer = csv.writer(target, delimiter="\t", lineterminator="\n")
    for row in itertools.islice(rows, _MOST_ROWS):
        filled = max((at for at, value in enumerate(row, 1) if value is not None), default=0)
        writer.writerow([_cell(value) for value in row[:filled]])
        if target.tell() > _LONGEST_TEXT:
            raise MediaRefused("long_list", f"over {_LONGEST_TEXT} characters")
    return target.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # 2020.0 is a year
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    return " ".join(str(value)[:_LONGEST_CELL].split())
