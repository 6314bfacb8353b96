"""Logs of a test go to a stream of its own; afterwards everything is as it was."""

import io
import logging
import sys

import pytest
import structlog

from bot.observability.logs import configure_logs


class Lines:
    """What was logged."""

    def __init__(self):
        self.stream = io.StringIO()

    def configure(self, level="DEBUG", log_format="json", **options):
        configure_logs(level, log_format, self.stream, **options)

    @property
    def text(self):
        return self.stream.getvalue()

    def __iter__(self):
        return iter(self.text.splitlines())


@pytest.fixture
def logged():
    root = logging.getLogger()
    handlers, level, hook = root.handlers[:], root.level, sys.excepthook
    yield Lines()
    root.handlers[:] = handlers
    root.setLevel(level)
    sys.excepthook = hook
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()
