"""The commands that bring decision tables to spreadsheets and back."""

import json
from pathlib import Path

import pytest

from tests.cli.test_offline_commands import MODELS, bailiwick

load_workbook = pytest.importorskip("openpyxl", reason="an environment from before 0028: make setup").load_workbook


def test_a_decision_table_goes_to_a_spreadsheet_and_back(tmp_path: Path) -> None:
    """Export, an edit, import: the change is listed, and the model written has it; CSV is one table."""
    model, workbook, new = str(MODELS / "dmn/refund-eligibility.dmn"), tmp_path / "t.xlsx", tmp_path / "new.dmn"
    assert bailiwick("decision", "export", model, "-o", str(workbook)).exit_code == 0
    edited = load_workbook(workbook)
    edited["Customer standing"]["C10"] = ">= 6"
    edited.save(workbook)
    found = bailiwick("decision", "import", model, str(workbook), "-o", str(new), "--marked", str(tmp_path / "m.xlsx"))
    assert found.stdout.splitlines() == ["Customer standing!C10: rule 1: >= 5 → >= 6", "1 changes"]
    given = '{"customer_tier": "gold", "refunds_last_year": 5}'
    asked = ("-d", "Customer standing", "-i", given)
    assert json.loads(bailiwick("decide", model, *asked).stdout) == "watched"
    assert bailiwick("decide", str(new), *asked).stdout.strip() == "null"
    csv = bailiwick("decision", "export", model, "-d", "Customer standing", "-o", str(tmp_path / "t.csv"))
    assert csv.exit_code == 0
    assert bailiwick("decision", "export", model, "-o", str(tmp_path / "t.ods")).exit_code == 2
    edited["Customer standing"]["C10"] = "> >"
    edited.save(workbook)
    refused = bailiwick("decision", "import", model, str(workbook), "-o", str(new))
    assert (refused.exit_code, "Customer standing!C10: " in refused.stderr) == (1, True)
