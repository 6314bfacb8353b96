"""docs/operating.md names a test for each promise, and metrics: both are really there."""

import re
from pathlib import Path

from bot.observability.metrics import PREFIX, Metrics

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/operating.md").read_text(encoding="utf-8")


def test_every_promise_names_tests():
    for number in range(1, 11):
        (line,) = [row for row in PAGE.splitlines() if row.startswith(f"| P{number} |")]
        assert "`tests/" in line


def test_every_test_that_is_named_is_there():
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", PAGE)
    assert len(named) >= 10
    for path, test in named:
        source = (ROOT / path).read_text(encoding="utf-8")
        assert not test or f"def {test}(" in source, f"{path}::{test}"


def test_every_metric_of_events_is_on_the_page():
    for family in Metrics().registry.collect():
        if family.name.startswith(PREFIX):
            name = family.name.removeprefix(f"{PREFIX}_")
            assert re.search(rf"`{name}(_total)?`", PAGE), name
