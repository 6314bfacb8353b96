"""What the documentation promises, the code holds to."""

import re
from pathlib import Path

from bot.settings import Settings

ROOT = Path(__file__).parent.parent


def test_every_setting_is_documented_and_nothing_else():
    page = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    table = "\n".join(line.split("|")[1] for line in page.splitlines() if line.startswith("| `"))
    documented = set(re.findall(r"`([A-Z_]+)`", table))
    assert documented == {name.upper() for name in Settings.model_fields}


def test_readme_commands_are_make_targets():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"make ([a-z]+)", readme))
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    assert named
    assert named <= targets


def test_every_file_that_the_readme_links_is_there():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)]+)\)", readme) if "://" not in link]
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_no_registry_and_no_machine_path_is_committed():
    for name in ("runtime", "dev"):
        pinned = (ROOT / f"requirements/{name}.txt").read_text(encoding="utf-8")
        assert "://" not in pinned
        assert "--index" not in pinned
        assert "--hash=sha256:" in pinned
