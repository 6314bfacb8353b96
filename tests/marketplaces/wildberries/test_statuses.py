import httpx
import pytest

from bot.core.errors import Code, Defect, SellerMustAct, Transient
from bot.core.ports import Unfinished
from bot.core.products import Source
from bot.marketplaces.wildberries.limits import ORDERS, REMAINS_DOWNLOAD
from bot.marketplaces.wildberries.statuses import error_of, refusal
from bot.sandbox.wildberries import harms, make_key
from tests.support.marketplace import MemoryMemo, wildberries_at

FUNNEL = "/api/analytics/v3/sales-funnel/products"


def refused(status, body=b"", headers=None, method=ORDERS):
    return error_of(refusal(status, method, httpx.Headers(headers or {}), body))


@pytest.mark.parametrize(
    ("status", "body", "kind", "code"),
    [
        (400, b'{"errors":["dateFrom: field required"]}', Defect, Code.REQUEST_REFUSED),
        (400, b'{"errors":"dateFrom: Value not validated"}', Defect, Code.REQUEST_REFUSED),
        (400, b'{"title":"x","detail":"invalid: selectedPeriod"}', Defect, Code.REQUEST_REFUSED),
        (401, b'{"title":"unauthorized"}', SellerMustAct, Code.KEY_REJECTED),
        (401, b"<html>", SellerMustAct, Code.KEY_REJECTED),
        (402, b'{"detail":"insufficient funds"}', Defect, Code.SERVICE_BALANCE_EMPTY),
        (403, b'{"detail":"base token is not allowed"}', Defect, Code.METHOD_CLOSED_FOR_KEY),
        (
            403,
            b'{"detail":"base token without secret is not allowed"}',
            Defect,
            Code.METHOD_CLOSED_FOR_KEY,
        ),
        (
            403,
            b'{"detail":"token does not satisfy additional requirements"}',
            Defect,
            Code.METHOD_CLOSED_FOR_KEY,
        ),
        (
            403,
            b'{"title":"Authorization error","detail":"the user was removed"}',
            SellerMustAct,
            Code.KEY_REJECTED,
        ),
        (403, b'{"title":"Authorization error"}', Defect, Code.METHOD_BLOCKED),
        (403, b"", Defect, Code.METHOD_BLOCKED),
        (404, b'{"title":"path not found"}', Defect, Code.PATH_NOT_FOUND),
        (404, b'{"title":"Not Found","detail":"not found"}', Defect, Code.PATH_NOT_FOUND),
        (404, b'{"detail":"This method is temporarily disabled."}', Defect, Code.METHOD_DISABLED),
        (410, b"", Defect, Code.METHOD_DISABLED),
        (413, b"", Defect, Code.REQUEST_TOO_LARGE),
        (422, b"[]", Defect, Code.REQUEST_TOO_LARGE),
        (429, b"", Unfinished, Code.RATE_LIMITED),
        (500, b"<html>", Transient, Code.VENDOR_FAILED),
        (502, b"", Transient, Code.VENDOR_FAILED),
        (503, b'{"title":"busy"}', Transient, Code.VENDOR_FAILED),
        (599, b"", Transient, Code.VENDOR_FAILED),
        (201, b"", Defect, Code.STATUS_UNKNOWN),
        (302, b"", Defect, Code.STATUS_UNKNOWN),
        (405, b"", Defect, Code.STATUS_UNKNOWN),
        (418, b"", Defect, Code.STATUS_UNKNOWN),
        (461, b"", Defect, Code.STATUS_UNKNOWN),
    ],
)
def test_the_table(status, body, kind, code):
    error = refused(status, body)
    assert type(error) is kind
    assert error.code is code


@pytest.mark.parametrize("body", [b'{"title":"Not Found","detail":"not found"}', b"", b"<html>"])
def test_a_report_can_be_gone(body):
    error = refused(404, body, method=REMAINS_DOWNLOAD)
    assert isinstance(error, Transient)
    assert error.code is Code.REPORT_GONE


def test_a_report_on_the_wrong_host_is_no_report_that_is_gone():
    error = refused(404, b'{"title":"path not found"}', method=REMAINS_DOWNLOAD)
    assert error.code is Code.PATH_NOT_FOUND


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"X-Ratelimit-Retry": "3582"}, 3582),
        ({"x-ratelimit-retry": " 7.5 "}, 7.5),
        ({"X-Ratelimit-Retry": "0"}, 1),
        ({"X-Ratelimit-Retry": "soon"}, 60),
        ({"X-Ratelimit-Retry": "-3"}, 60),
        ({"X-Ratelimit-Retry": "nan"}, 60),
        ({"X-Ratelimit-Retry": "9999999999"}, 48 * 3600),
        ({}, 60),
    ],
)
def test_the_wait_of_a_429(headers, seconds):
    assert refused(429, b"", headers).retry_after_seconds == seconds


def test_an_error_tells_the_operator_what_was_said_but_no_secret():
    key = "eyJhbGciOiJFUzI1NiIsImtpZCI6.eyJlbnQiOjEsImV4cCI6MTc2.c2lnbmF0dXJlLXNpZ25hdHVyZQ"
    error = refused(401, f'{{"detail":"token {key} is withdrawn"}}'.encode())
    assert "withdrawn" in str(error)
    assert key[:40].lower() not in str(error)
    assert key not in str(error)


@pytest.mark.parametrize(
    ("harm", "kind", "code"),
    [
        (harms.unauthorized(), SellerMustAct, Code.KEY_REJECTED),
        (harms.payment_required(), Defect, Code.SERVICE_BALANCE_EMPTY),
        (harms.forbidden("base"), Defect, Code.METHOD_CLOSED_FOR_KEY),
        (harms.forbidden("base_without_secret"), Defect, Code.METHOD_CLOSED_FOR_KEY),
        (harms.forbidden("requirements"), Defect, Code.METHOD_CLOSED_FOR_KEY),
        (harms.path_not_found(), Defect, Code.PATH_NOT_FOUND),
        (harms.disabled(), Defect, Code.METHOD_DISABLED),
        (harms.too_large(), Defect, Code.REQUEST_TOO_LARGE),
        (harms.replace(422, {"detail": "too much"}), Defect, Code.REQUEST_TOO_LARGE),
        (harms.replace(410, b""), Defect, Code.METHOD_DISABLED),
        (harms.too_many(120), Unfinished, Code.RATE_LIMITED),
        (harms.global_limiter(), Unfinished, Code.RATE_LIMITED),
        (harms.server_error(500), Transient, Code.VENDOR_FAILED),
        (harms.server_error(503, "json"), Transient, Code.VENDOR_FAILED),
        (harms.server_error(502, "empty"), Transient, Code.VENDOR_FAILED),
        (harms.html_ok(), Transient, Code.VENDOR_FAILED),
        (harms.replace(200, b""), Transient, Code.ANSWER_CUT),
        (harms.truncated(), Transient, Code.ANSWER_CUT),
        (harms.reset_mid_body(), Transient, Code.ANSWER_CUT),
        (harms.reset(), Transient, Code.VENDOR_UNREACHABLE),
        (harms.replace(200, {"data": {"cards": []}}), Defect, Code.ANSWER_NOT_UNDERSTOOD),
        (harms.replace(200, []), Defect, Code.ANSWER_NOT_UNDERSTOOD),
        (harms.replace(206, {}), Defect, Code.STATUS_UNKNOWN),
    ],
)
async def test_over_a_socket(wb, harm, kind, code):
    wb.twin.faults.plant(harm, FUNNEL, count=None)
    with pytest.raises(kind) as caught:
        await wb.collect(Source.FUNNEL)
    assert caught.value.code is code
    assert wb.twin.too_many == 0


@pytest.mark.parametrize(
    "harm",
    [
        harms.server_error(502),
        harms.html_ok(),
        harms.truncated(),
        harms.reset(),
        harms.reset_mid_body(),
        harms.too_many(7),
    ],
)
@pytest.mark.parametrize("source", list(Source))
async def test_a_short_accident_is_not_seen(wb, source, harm):
    reference = await wb.bring(source)
    wb.twin.faults.plant(harm, "/api", after=1 if source is Source.REMAINS else 0)
    again = await wb.bring(source)
    assert again.rows == reference.rows
    assert wb.twin.too_many == 0


async def test_nobody_there_is_unreachable_and_nothing_worse(clock, period):
    async with wildberries_at("http://127.0.0.1:9", clock) as adapter, clock.autorun():
        access = adapter.read_key(make_key())
        with pytest.raises(Transient) as caught:
            await adapter.collect(Source.FUNNEL, access, period, MemoryMemo())
    assert caught.value.code is Code.VENDOR_UNREACHABLE
    assert caught.value.__context__ is None
