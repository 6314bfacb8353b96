"""Lines as an operator gets them: readable, parsable, and free of what must not be there."""

import json
import logging
import subprocess
import sys
import warnings

import pytest
import structlog

SECRET = "7123456789:AAFakeFakeFakeFakeFakeFakeFakeFake_-1"


class TerminalStream:
    def __init__(self, stream):
        self.write = stream.write
        self.flush = stream.flush

    def isatty(self):
        return True


def fail(words):
    local = " ".join(["a", "local", "of", str(17), "letters"])
    raise ValueError(words, len(local))


def test_an_event_is_one_json_object(logged):
    logged.configure()
    structlog.get_logger("bot.worker").info("report.refreshed", run_id=42, shop="Тёплый дом")
    (line,) = logged
    entry = json.loads(line)
    assert entry["event"] == "report.refreshed"
    assert entry["run_id"] == 42
    assert entry["level"] == "info"
    assert entry["logger"] == "bot.worker"
    assert entry["timestamp"].endswith("Z")
    assert "Тёплый дом" in line


def test_the_standard_library_goes_the_same_way(logged):
    logged.configure()
    logging.getLogger("aiogram.dispatcher").warning("Sleep for %s s", 5)
    (line,) = logged
    entry = json.loads(line)
    assert (entry["event"], entry["level"]) == ("Sleep for 5 s", "warning")


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_secrets_are_taken_out_of_events_messages_and_tracebacks(logged, log_format):
    logged.configure(log_format=log_format, secrets=["known-value-1"])
    try:
        fail(f"GET https://api.telegram.org/bot{SECRET}/getMe")
    except ValueError:
        structlog.get_logger().exception("poll.failed", email="seller@example.com")
        logging.getLogger("aiogram").exception("failed with %s", "known-value-1")
    assert "AAFake" not in logged.text
    assert "seller@" not in logged.text
    assert "known-value-1" not in logged.text
    assert "a local of 17 letters" not in logged.text
    assert logged.text.count("ValueError") >= 2
    assert "[bot token]" in logged.text


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_a_value_cannot_forge_a_line(logged, log_format):
    logged.configure(log_format=log_format)
    forged = "x\n2026-11-20T00:00:00Z [info     ] sellers.deleted\r\x1b[2K\u2028more"
    structlog.get_logger().info("shop.renamed", name=forged)
    structlog.get_logger().info(forged)
    logging.getLogger("lib").warning("said %s", forged)
    try:
        fail(forged)
    except ValueError:
        structlog.get_logger().exception("it.failed")
    assert not [line for line in logged if line.startswith("2026-11-20T00:00:00Z")]
    assert "\x1b" not in logged.text
    assert "\r" not in logged.text
    if log_format == "json":
        assert len([json.loads(line) for line in logged]) == 4


def test_long_numbers_stay_exact_and_the_line_stays_json(logged):
    logged.configure()
    structlog.get_logger().info("x", contact=79991234567, ms=1795208124123, rows=[89991234567])
    (line,) = logged
    entry = json.loads(line)
    assert entry["contact"] == "[phone]"
    assert entry["rows"] == ["[phone]"]
    assert entry["ms"] == "1795208124123"


def test_what_json_does_not_know_is_shown(logged):
    logged.configure()
    structlog.get_logger().info("x", value={1: object}, half="\ud83d")
    assert json.loads(next(iter(logged)))["value"] == {"1": "<class 'object'>"}


def test_noisy_libraries_are_tamed_even_when_everything_is_asked_for(logged):
    logged.configure(level="DEBUG")
    for name in ("httpx", "httpcore.http11", "apscheduler.executors.default", "aiogram.event"):
        logging.getLogger(name).info("HTTP Request: GET https://vendor.example/?key=1")
    logging.getLogger("aiosqlite").debug("executing INSERT …")
    assert logged.text == ""
    logging.getLogger("apscheduler.executors.default").error("Job raised")
    assert "Job raised" in logged.text


def test_the_level_holds_for_both_ways_in(logged):
    logged.configure(level="WARNING")
    structlog.get_logger().info("quiet")
    logging.getLogger("lib").info("quiet")
    structlog.get_logger().warning("loud")
    assert [json.loads(line)["event"] for line in logged] == ["loud"]


def test_bound_context_is_in_the_line(logged):
    logged.configure()
    with structlog.contextvars.bound_contextvars(run_id=7):
        structlog.get_logger().info("x")
    assert json.loads(next(iter(logged)))["run_id"] == 7


def test_a_record_that_cannot_be_rendered_costs_its_contents_only(logged, capsys):
    logged.configure()
    logging.getLogger("lib").warning("%d pieces", "seller@example.com")
    logging.getLogger("lib").warning("next")
    lost, after = logged
    assert lost == "log.failed logger=lib error=TypeError"
    assert json.loads(after)["event"] == "next"
    assert capsys.readouterr().err == ""


def test_warnings_of_python_are_logged_and_scrubbed(logged):
    logged.configure()
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=True)
        warnings.warn("sent to seller@example.com", stacklevel=1)
        logging.captureWarnings(capture=False)
    assert "[e-mail]" in logged.text
    assert "seller@" not in logged.text


def test_auto_is_for_people_on_a_terminal_and_json_elsewhere(logged):
    logged.configure(log_format="auto")
    structlog.get_logger().info("to.a.file")
    assert json.loads(logged.text)["event"] == "to.a.file"
    plain = logged.stream
    logged.stream = TerminalStream(plain)
    logged.configure(log_format="auto")
    structlog.get_logger().info("to.a.person", shop_id=3)
    last = plain.getvalue().splitlines()[-1]
    assert "to.a.person" in last
    assert not last.startswith("{")


def test_configuring_twice_does_not_write_twice(logged):
    logged.configure()
    logged.configure()
    structlog.get_logger().info("once")
    assert len(list(logged)) == 1


def test_a_crash_of_the_process_is_logged_and_scrubbed():
    script = (
        "from bot.observability.logs import configure_logs\n"
        "configure_logs('INFO', 'json')\n"
        f"raise RuntimeError('token {SECRET}')\n"
    )
    ended = subprocess.run(  # noqa: S603 - our own interpreter and our own words
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60
    )
    assert ended.returncode == 1
    assert "AAFake" not in ended.stdout + ended.stderr
    entry = json.loads(ended.stdout)
    assert entry["event"] == "process.crashed"
    assert "RuntimeError" in entry["exception"]
