import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import Code, Defect, Transient
from bot.kit.clock import SystemClock
from bot.marketplaces.wildberries.pages import packed, unpacked
from bot.marketplaces.wildberries.reading import PIECE_BYTES, read_array, read_object

ROWS = [
    {"name": f'tricky }},{{"name" ] {i} \\" «ё»', "inner": [{"name": "x"}, {"name": "}"}], "n": i}
    for i in range(6000)
]


class Inner(msgspec.Struct):
    name: str


class Row(msgspec.Struct):
    name: str
    inner: list[Inner]
    n: int


async def chunked(body: bytes, size: int):
    for start in range(0, len(body), size):
        yield body[start : start + size]


async def rows_of(body: bytes, size: int = 64 * 1024) -> list[list[Row]]:
    return [s async for s in read_array(chunked(body, size), Row, SystemClock())]


@pytest.mark.parametrize("size", [100, 4096, 65536, 10**9])
@pytest.mark.parametrize("indent", [0, 2])
async def test_a_big_array_comes_in_slices_and_whole(size, indent):
    body = msgspec.json.format(msgspec.json.encode(ROWS), indent=indent or -1)
    slices = await rows_of(body, size)
    assert [row.n for some in slices for row in some] == list(range(6000))
    assert [row.name for some in slices for row in some] == [row["name"] for row in ROWS]
    assert len(slices) > len(body) / PIECE_BYTES / 2.5


async def test_rows_whose_keys_move_about():
    body = msgspec.json.encode([dict(reversed(r.items())) if r["n"] % 3 else r for r in ROWS])
    assert [row.n for some in await rows_of(body) for row in some] == list(range(6000))


@pytest.mark.parametrize("body", [b"[]", b" [ ] \n", b"null", b"\xef\xbb\xbf[]", b" null "])
async def test_no_rows(body):
    assert [row for some in await rows_of(body) for row in some] == []


@pytest.mark.parametrize("share", [0.0, 0.001, 0.3, 0.5, 0.99, 0.999999])
async def test_a_cut_array_is_never_taken_for_a_short_one(share):
    body = msgspec.json.encode(ROWS)
    with pytest.raises(Transient) as caught:
        await rows_of(body[: int(len(body) * share)])
    assert caught.value.code is Code.ANSWER_CUT


@given(st.data())
async def test_wherever_it_is_cut(data):
    body = msgspec.json.encode(ROWS[:5])
    with pytest.raises(Transient):
        await rows_of(body[: data.draw(st.integers(0, len(body) - 1))], 7)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b'{"data":[]}', "array"),
        (b'"text"', "array"),
        (b"[1,2]", "answer"),
        (b'[{"name":"x","inner":[],"n":{}}]', "n"),
        (b'[{"name":"x","inner":[{"name":[]}],"n":1}]', "inner"),
    ],
)
async def test_another_shape_names_the_field(body, field):
    with pytest.raises(Defect) as caught:
        await rows_of(body)
    assert caught.value.code is Code.ANSWER_NOT_UNDERSTOOD
    assert field in caught.value.detail


@pytest.mark.parametrize("body", [b"<html>", b"\n <!DOCTYPE html><html>"])
async def test_html_with_status_200_is_the_vendor_failing(body):
    with pytest.raises(Transient) as caught:
        await rows_of(body)
    assert caught.value.code is Code.VENDOR_FAILED
    with pytest.raises(Transient) as caught:
        await read_object(chunked(body, 9), Row)
    assert caught.value.code is Code.VENDOR_FAILED


async def test_an_object():
    body = b'\xef\xbb\xbf{"name":"x","inner":[],"n":1,"unknown":{"a":[]}}'
    assert (await read_object(chunked(body, 3), Row)).n == 1
    with pytest.raises(Transient):
        await read_object(chunked(body[:-1], 3), Row)
    with pytest.raises(Defect) as caught:
        await read_object(chunked(b'{"name":"x","inner":[],"n":"1"}', 3), Row)
    assert caught.value.detail == "n"


async def test_pages_give_back_what_was_put_in():
    rows = [Row(f"r{i}", [Inner("ё")], i) for i in range(1234)]
    page = await packed(rows, SystemClock())
    both = [s async for s in unpacked([page, b"", page], Row, SystemClock())]
    assert [row for some in both for row in some] == rows + rows
    assert len(page) < 20_000
    assert await packed([], SystemClock()) == b""
