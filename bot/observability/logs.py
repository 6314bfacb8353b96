"""Logs: one line per event, to stdout, from structlog and the standard library alike.

Each line is scrubbed as the finished text, its traceback included; a value cannot forge a line
of its own; no traceback shows local variables.
"""

import json
import logging
import sys
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import IO, Any, Final, Literal

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.typing import EventDict, Processor, WrappedLogger

from bot.kit.scrubber import scrubber

LogFormat = Literal["auto", "json", "console"]

# What they say below this level is noise every few seconds, or quotes addresses, headers,
# statements and their values.
_TAMED: Final = (
    "aiogram.event",
    "aiohttp.access",
    "aiosqlite",
    "apscheduler",
    "asyncio",
    "google",
    "gspread",
    "httpcore",
    "httpx",
    "requests_oauthlib",
    "sqlalchemy",
    "urllib3",
)
# What moves a terminal's cursor or begins a line. JSON escapes the first 32 by itself.
_HIGH_CONTROLS: Final = {code: f"\\u{code:04x}" for code in (*range(127, 160), 0x2028, 0x2029)}
_LOW_CONTROLS: Final = {code: f"\\u{code:04x}" for code in range(32) if chr(code) != "\n"}
_ALL_CONTROLS: Final = _LOW_CONTROLS | {ord("\n"): r"\n"}
_LONG_NUMBER: Final = 10**10


def configure_logs(
    level: str = "INFO",
    log_format: LogFormat = "auto",
    stream: IO[str] | None = None,
    *,
    secrets: Iterable[str] = (),
) -> None:
    """Send every log of the process to `stream` (stdout), from `level` on.

    `auto` is for people on a terminal and JSON elsewhere. `secrets` are values that never may
    appear, beside all that looks like one. Calling it again replaces what was before.
    """
    stream = stream or sys.stdout
    is_console = log_format == "console" or (log_format == "auto" and stream.isatty())
    handler = _Handler(stream)
    handler.setFormatter(
        _ScrubbingFormatter(
            scrubber(secrets),
            processors=_rendering(colours=stream.isatty()) if is_console else _JSON,
            foreign_pre_chain=_common(),
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _TAMED:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    logging.captureWarnings(capture=True)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.contextvars.merge_contextvars,
            *_common(),
            ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    sys.excepthook = _log_crash


class _ScrubbingFormatter(ProcessorFormatter):
    """Renders a record, then scrubs the text; further lines are indented under the first.

    Half a character (a lone surrogate) is shown as its code: no stream would take it.
    """

    def __init__(self, scrub: Callable[[str], str], **options: Any) -> None:
        super().__init__(**options)
        self._scrub = scrub

    def format(self, record: logging.LogRecord) -> str:
        """Return the finished line."""
        line = self._scrub(super().format(record)).translate(_HIGH_CONTROLS)
        return line.replace("\n", "\n    ").encode("utf-8", "backslashreplace").decode()


class _Handler(logging.StreamHandler[IO[str]]):
    """Writes lines; a record that cannot be rendered costs a line without its contents."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Say that a record was lost; the standard one prints its values to stderr."""
        kind = sys.exc_info()[0]
        try:
            self.stream.write(f"log.failed logger={record.name} error={kind and kind.__name__}\n")
        except (OSError, ValueError):
            return  # the stream itself is gone: there is nowhere left to say it


def _common() -> list[Processor]:
    return [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.stdlib.PositionalArgumentsFormatter(),
    ]


def _rendering(*, colours: bool) -> list[Processor]:
    """Return how a line is made for people."""
    return [
        ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
        _on_one_line,
        structlog.dev.ConsoleRenderer(
            colors=colours,
            pad_event_to=24,
            exception_formatter=structlog.dev.plain_traceback,
        ),
    ]


def _on_one_line(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Escape line breaks and terminal codes in texts; a traceback keeps its own lines."""
    for key, value in event.items():
        if isinstance(value, str):
            has_lines = key in {"exception", "stack"}
            event[key] = value.translate(_LOW_CONTROLS if has_lines else _ALL_CONTROLS)
    return event


def _as_json(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    """Render one JSON object; what JSON does not know is shown by its `str`."""
    return json.dumps(_with_exact_numbers(event), default=str, ensure_ascii=False)


def _with_exact_numbers(value: Any) -> Any:
    """Turn long numbers into texts: readers round them, and the scrubber may replace them."""
    if isinstance(value, dict):
        return {str(key): _with_exact_numbers(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_with_exact_numbers(inner) for inner in value]
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= _LONG_NUMBER:
        return str(value)
    return value


def _log_crash(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """Log what ends the process, scrubbed like all else."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    structlog.get_logger(__name__).critical("process.crashed", exc_info=(kind, error, trace))


_JSON: Final[list[Processor]] = [
    ProcessorFormatter.remove_processors_meta,
    structlog.processors.format_exc_info,
    _as_json,
]
