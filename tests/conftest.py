"""What every suite shares: databases, and a last word on the one that was missing."""

import pytest

from tests.support.databases import (
    POSTGRES_MISSING,
    database_url,
    is_automation,
    migrated_file,
    migrated_postgres,
    migrated_url,
    postgres,
    storage,
)

_MISSING = "postgres_missing"

__all__ = [
    "database_url",
    "migrated_file",
    "migrated_postgres",
    "migrated_url",
    "postgres",
    "storage",
]


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    """Where automation runs, a missing PostgreSQL is a failure."""
    reason = session.config.stash.get(POSTGRES_MISSING, None)
    if reason is None:
        return
    if hasattr(session.config, "workeroutput"):  # one of several processes: the first one tells
        session.config.workeroutput[_MISSING] = reason
    elif is_automation():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    """Take over what a process of ours has found missing."""
    reason = getattr(node, "workeroutput", {}).get(_MISSING)
    if reason is not None:
        node.config.stash[POSTGRES_MISSING] = reason


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config):
    """Say it after everything else, where it is read."""
    reason = config.stash.get(POSTGRES_MISSING, None)
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reason is not None and reporter is not None:
        reporter.write_line(f"THE POSTGRESQL SUITE DID NOT RUN: {reason}.", red=True)
