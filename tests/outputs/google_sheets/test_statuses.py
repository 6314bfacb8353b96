"""The one table from Google's refusals to our errors."""

import json

import pytest

from bot.core.errors import Code, Defect, SellerMustAct, Transient
from bot.outputs.google_sheets.statuses import error_of, read_refusal


def sheets_error(code, message="", status="", reason=None, limit=""):
    error = {"code": code, "message": message, "status": status}
    if reason:
        error["details"] = [{"reason": reason, "metadata": {"quota_limit": limit}}]
    return code, json.dumps({"error": error}).encode()


def drive_error(code, reason, message=""):
    errors = [{"reason": reason, "domain": "global", "message": message}]
    body = {"error": {"code": code, "message": message, "errors": errors}}
    return code, json.dumps(body).encode()


@pytest.mark.parametrize(
    ("answer", "kind", "code"),
    [
        (sheets_error(400, "Invalid requests[0]"), Defect, Code.SHEET_REQUEST_REFUSED),
        (sheets_error(400, "No grid with id: 7001"), Defect, Code.SHEET_BROKEN),
        (sheets_error(400, "Range (A1) exceeds grid limits. Max"), Defect, Code.SHEET_BROKEN),
        (
            sheets_error(400, "You are trying to edit a protected cell or object."),
            SellerMustAct,
            Code.SHEET_PROTECTED,
        ),
        (
            sheets_error(400, "Request payload size exceeds the limit: 10485760 bytes"),
            Defect,
            Code.SHEET_TOO_LARGE,
        ),
        (sheets_error(401, status="UNAUTHENTICATED"), Defect, Code.GOOGLE_TOKEN_DEAD),
        (sheets_error(403, status="PERMISSION_DENIED"), SellerMustAct, Code.SHEET_NO_ACCESS),
        (sheets_error(403, reason="SERVICE_DISABLED"), Defect, Code.GOOGLE_DISABLED),
        (drive_error(403, "accessNotConfigured"), Defect, Code.GOOGLE_DISABLED),
        (drive_error(403, "storageQuotaExceeded"), Defect, Code.GOOGLE_STORAGE_FULL),
        (drive_error(403, "userRateLimitExceeded"), Transient, Code.GOOGLE_RATE_LIMITED),
        (drive_error(400, "invalidSharingRequest"), SellerMustAct, Code.SHEET_ADDRESS_UNKNOWN),
        (sheets_error(404, status="NOT_FOUND"), SellerMustAct, Code.SHEET_GONE),
        ((413, b""), Defect, Code.SHEET_TOO_LARGE),
        ((418, b"{}"), Defect, Code.STATUS_UNKNOWN),
        ((429, b""), Transient, Code.GOOGLE_RATE_LIMITED),
        ((500, b"<html>"), Transient, Code.GOOGLE_FAILED),
        ((502, "<html>Ошибка".encode()), Transient, Code.GOOGLE_FAILED),
        ((503, b"[]"), Transient, Code.GOOGLE_FAILED),
        ((504, b'{"error": null}'), Transient, Code.GOOGLE_FAILED),
        ((400, b'{"error": "invalid_grant"}'), Defect, Code.GOOGLE_TOKEN_DEAD),
        ((408, b""), Transient, Code.GOOGLE_FAILED),
    ],
)
def test_a_refusal_becomes_the_right_error(answer, kind, code):
    error = error_of(read_refusal(*answer))

    assert isinstance(error, kind)
    assert error.code is code


@pytest.mark.parametrize(("limit", "whole"), [("…PerUser", False), ("…PerProject", True)])
def test_whose_quota_is_spent(limit, whole):
    answer = sheets_error(429, reason="RATE_LIMIT_EXCEEDED", limit=limit)

    assert error_of(read_refusal(*answer)).whole_project is whole


def test_a_named_wait_is_kept():
    assert error_of(read_refusal(429, b"", "7")).retry_after_seconds == 7.0


def test_addresses_in_googles_words_are_left_out():
    answer = drive_error(400, "invalidSharingRequest", "no account for seller@example.com at all")

    assert "seller" not in str(error_of(read_refusal(*answer)))
