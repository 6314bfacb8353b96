"""`docs/errors.md` and the code say the same of every error."""

import re
from pathlib import Path

import pytest

from bot.core.errors import Code

ROOT = Path(__file__).parent.parent
RECOVERIES = {"seller", "transient", "defect"}
SEEN_BY_SELLER = {"asked", "answer", "table", "–"}
CLASSES = {
    "SellerMustAct": "seller",
    "Transient": "transient",
    "Unfinished": "transient",
    "Defect": "defect",
    "_defect": "defect",
    "Misconfigured": "defect",
    "ShapeChanged": "defect",
}
RAISED = re.compile(rf"\b({'|'.join(CLASSES)})(?:\(|, )\s*Code\.([A-Z_]+)")


def documented_rows():
    page = (ROOT / "docs/errors.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


def recoveries():
    """Return what the page says of each code."""
    return {row[0].strip("`"): set(row[1].split(", ")) for row in documented_rows()}


def raised_in_code():
    """Return each pair of a recovery and a code that stands in the source, with its file."""
    for path in sorted((ROOT / "bot").rglob("*.py")):
        if "sandbox" not in path.parts:
            for kind, name in RAISED.findall(path.read_text(encoding="utf-8")):
                yield CLASSES[kind], Code[name], path.relative_to(ROOT).as_posix()


def test_every_code_is_documented_once_and_nothing_else_is():
    codes = [row[0].strip("`") for row in documented_rows()]
    assert sorted(codes) == sorted(Code)


@pytest.mark.parametrize("row", documented_rows(), ids=lambda row: row[0].strip("`"))
def test_a_row_is_complete(row):
    assert len(row) == 5
    assert all(row)
    assert set(row[1].split(", ")) <= RECOVERIES
    assert set(row[4].split(", ")) <= SEEN_BY_SELLER


def test_what_the_code_raises_is_the_recovery_that_the_page_names():
    said = recoveries()
    raised = list(raised_in_code())
    assert len(raised) > 30, "the source is read"
    wrong = [(code.value, how, where) for how, code, where in raised if how not in said[code]]
    assert wrong == []
