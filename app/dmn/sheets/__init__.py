"""Decision tables as spreadsheets: to XLSX and back into the model they came from, and to CSV. Bytes in, bytes out.

A sheet is a `Grid` (`grids`): what the XML of a table says, read and written by `elements`, as cells of a workbook by
`workbooks`; `merging` brings an edited sheet back and says what it changed. Nothing here opens a file, and nothing else
in `app.dmn` knows this room, so that only who wants spreadsheets loads openpyxl.
"""

from app.dmn.sheets.exporting import to_csv, to_xlsx
from app.dmn.sheets.merging import Change, ChangeKind, Imported, from_xlsx

__all__ = ["Change", "ChangeKind", "Imported", "from_xlsx", "to_csv", "to_xlsx"]
