import base64

import httpx
import pytest
from aiogram.exceptions import TelegramServerError
from aiogram.types import BufferedInputFile

from tests.sandbox.telegram.test_messages import below, inline


@pytest.fixture
async def http(twin):
    async with httpx.AsyncClient(base_url=f"{twin.url}/__control") as client:
        yield client


@pytest.fixture(autouse=True)
async def oleg(http):
    answer = await http.post(
        "/users", json={"id": 9, "first_name": "Олег", "phone": "79995554433"}
    )
    assert answer.json()["id"] == 9


async def act(http, name, **body):
    answer = await http.post(f"/users/9/{name}", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()["sequence"]


async def transcript(http, **query):
    return (await http.get("/users/9/transcript", params=query)).json()


async def test_a_script_in_another_process_moves_the_hands(http, bot):
    await act(http, "send", text="/start")
    await act(http, "contact")
    content = base64.b64encode(b"x").decode()
    await act(http, "document", filename="a.txt", content=content, caption="файл")
    await act(http, "photo", content=content)
    await act(http, "forward", text="чужое")
    await act(http, "edit", message_id=1, text="/help")
    await bot.send_message(9, "x", reply_markup=inline("Да"))
    await act(http, "press", label="Да")
    await act(http, "block")
    await act(http, "unblock")
    kinds = [update.event_type for update in await bot.get_updates()]
    assert kinds == [
        *["message"] * 5,
        "edited_message",
        "callback_query",
        "my_chat_member",
        "my_chat_member",
    ]


async def test_a_script_reads_the_chat_and_its_files(http, bot):
    mark = await act(http, "send", text="/start")
    await bot.send_message(9, "<b>Меню</b>", reply_markup=below("Да", "Нет"))
    sent = await bot.send_document(9, BufferedInputFile(b"PK", "a.xlsx"), caption="Вот")
    await sent.edit_caption(caption="Вот она")
    chat = await transcript(http, since=mark, timeout_seconds=5)
    [menu, table] = [message for message in chat["messages"] if message["changed"] > mark]
    assert (menu["text"], menu["source"], chat["keyboard"]) == (
        "Меню",
        "<b>Меню</b>",
        ["Да", "Нет"],
    )
    assert [button["text"] for button in menu["reply"][0]] == ["Да", "Нет"]
    assert table["file"]["filename"] == "a.xlsx"
    assert [edit["text"] for edit in table["edits"]] == ["Вот"]
    file = await http.get(f"/users/9/files/{table['file']['file_id']}")
    assert file.content == b"PK"


async def test_nothing_new_is_answered_when_the_time_is_over(http):
    mark = await act(http, "send", text="/start")
    chat = await transcript(http, since=mark, timeout_seconds=0)
    assert chat["sequence"] == mark


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/users/9/press", {"label": "Нет такой"}, 404),
        ("/users/1234/send", {"text": "x"}, 404),
        ("/users/9/dance", {}, 404),
        ("/users/9/edit", {"message_id": 5, "text": "x"}, 404),
        ("/users/9/send", {"words": "x"}, 400),
        ("/faults", {"kind": "meteor"}, 400),
        ("/repeat", {"update_id": 1}, 404),
    ],
)
async def test_impossible_wishes_say_why(http, path, body, status):
    answer = await http.post(path, json=body)
    assert answer.status_code == status
    assert answer.json()["error"]


async def test_faults_repeats_and_calls(http, bot):
    await act(http, "send", text="/start")
    await http.post("/faults", json={"kind": "server_error", "methods": ["sendMessage"]})
    with pytest.raises(TelegramServerError):
        await bot.send_message(9, "x")
    await http.post("/faults", json={"kind": "reset", "times": None})
    await http.delete("/faults")
    [update] = await bot.get_updates()
    await http.post("/repeat", json={})
    assert len(await bot.get_updates(offset=update.update_id + 1)) == 1
    calls = (await http.get("/calls")).json()
    assert calls[0] == {"method": "sendMessage", "status": 500, "fault": "server_error"}


async def test_other_clients_may_speak_json_and_any_case(twin, anna, http):
    answer = await http.post(
        f"{twin.url}/bot{twin.token}/SENDMESSAGE",
        json={"chat_id": anna.id, "text": "x", "reply_markup": {"keyboard": [["Меню"]]}},
    )
    assert answer.json()["ok"]
    assert anna.keyboard == ["Меню"]
    wrong = await http.post(f"{twin.url}/bot{twin.token}/sendMessage", json=[1])
    assert wrong.json()["error_code"] == 400
    query = await http.get(f"{twin.url}/bot{twin.token}/getchat", params={"chat_id": anna.id})
    assert query.json()["result"]["id"] == anna.id
    nothing = await http.get(f"{twin.url}/file/bot{twin.token}/documents/none.txt")
    assert nothing.status_code == 404
