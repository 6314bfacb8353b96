"""Keys: deleted before anything else, each refusal in its own words, nothing kept."""

import asyncio
from dataclasses import replace

import pytest

from bot.core.errors import Code, SellerMustAct, Transient
from bot.core.sellers import KeyKind, ShopState
from bot.sandbox.telegram.faults import Fault, FaultKind
from bot.sandbox.telegram.hands import has_button
from bot.telegram.texts import Words
from tests.support.usecases import GOOD_KEY
from tests.telegram.conftest import PATIENT

REFUSALS = [
    Code.KEY_MALFORMED,
    Code.KEY_EXPIRED,
    Code.KEY_TEST,
    Code.KEY_FOREIGN_SERVICE,
    Code.KEY_LACKS_ANALYTICS,
    Code.KEY_LACKS_STATISTICS,
    Code.KEY_REJECTED,
]


pytestmark = pytest.mark.usefixtures("seller")


@pytest.fixture
def seller(house):
    return house.register(100)


async def to_key(world, user):
    user.send("🔑 Добавить API ключ")
    await user.wait_for("Аналитика")
    assert await world.state() == "ApiKeyStates:WAITING_FOR_API_KEY"


def methods_after(world, message) -> list[str]:
    """What the bot did once it had been handed `message`."""
    for number, call in enumerate(world.twin.calls):
        taken = call.answer if call.method == "getUpdates" else []
        ids = [one.get("message", {}).get("message_id") for one in taken or []]
        if message.message_id in ids:
            after, chat_id = world.twin.calls[number + 1 :], str(message.owner.id)
            return [one.method for one in after if one.params.get("chat_id") == chat_id]
    raise LookupError("the bot never saw it")


async def test_the_message_is_deleted_before_anything_else(world):
    user = world.user()
    await to_key(world, user)
    pasted = user.send(GOOD_KEY)
    await user.wait_for("подключён")
    assert methods_after(world, pasted)[:2] == ["deleteMessage", "sendMessage"]


@pytest.mark.parametrize("text", ["просто слова", "Bearer abc.def", "x" * 4000])
async def test_also_what_does_not_look_like_a_key(world, text):
    world.house.on_key = lambda _text: SellerMustAct(Code.KEY_MALFORMED)
    user = world.user()
    await to_key(world, user)
    pasted = user.send(text)
    await user.wait_for("не похоже на ключ")
    assert pasted.is_deleted
    assert methods_after(world, pasted)[0] == "deleteMessage"


@pytest.mark.parametrize("code", REFUSALS)
@pytest.mark.parametrize("language", ["ru", "en"])
async def test_each_refusal_has_its_own_sentence(world, code, language):
    world.house.on_key = lambda _text: SellerMustAct(code)
    user = world.user(100, language)
    await to_key_in(user, language)
    user.send(GOOD_KEY)
    said = await user.wait_for("❌")
    assert Words(language).problem(code).replace("<i>", "") in said.source
    assert world.house.shops == []
    await world.settled()
    assert await world.state() == "ApiKeyStates:WAITING_FOR_API_KEY"


async def to_key_in(user, language):
    user.send(Words(language).label("add_key"))
    await user.wait_for("/cancel")


def test_the_refusals_differ():
    for language in ("ru", "en"):
        sentences = {Words(language).problem(code) for code in REFUSALS}
        assert len(sentences) == len(REFUSALS)


async def test_wrong_told_why_corrected_done(world):
    answers = [SellerMustAct(Code.KEY_EXPIRED), None]
    world.house.on_key = lambda _text: answers.pop(0)
    user = world.user()
    await to_key(world, user)
    user.send(GOOD_KEY)
    await user.wait_for("истёк")
    user.send(GOOD_KEY)
    await user.wait_for("подключён")


async def test_a_network_failure_says_neither_good_nor_bad(world):
    answers = [Transient(Code.VENDOR_UNREACHABLE), None]
    world.house.on_key = lambda _text: answers.pop(0)
    user = world.user()
    await to_key(world, user)
    user.send(GOOD_KEY)
    said = await user.wait_for("ни принят, ни отвергнут")
    assert "Ничего не сохранено" in said.words
    user.press("Попробовать ещё раз")
    await user.wait_for("Пришлите ключ ещё раз")
    assert GOOD_KEY not in str(world.drafts.answers)
    user.send(GOOD_KEY)
    await user.wait_for("подключён")
    assert world.house.pasted == [GOOD_KEY, GOOD_KEY]


async def test_our_own_trouble_is_not_blamed_on_wildberries(world):
    world.house.on_key = lambda _text: Transient(Code.STORAGE_UNREACHABLE)
    user = world.user()
    await to_key(world, user)
    user.send(GOOD_KEY)
    said = await user.wait_for("storage_unreachable")
    assert "Wildberries" not in said.words


async def test_the_seller_is_told_when_his_message_cannot_be_deleted(world):
    world.twin.faults.add(Fault(FaultKind.FORBIDDEN, methods=["deleteMessage"], times=None))
    user = world.user()
    await to_key(world, user)
    pasted = user.send(GOOD_KEY)
    await user.wait_for("подключён")
    assert not pasted.is_deleted
    assert any("Удалите его сами" in message.words for message in user.screen)
    assert not any("Сообщение с ключом удалено" in message.words for message in user.screen)


async def test_a_deletion_that_breaks_off_is_tried_again(world):
    world.twin.faults.add(Fault(FaultKind.RESET, methods=["deleteMessage"]))
    user = world.user()
    await to_key(world, user)
    pasted = user.send(GOOD_KEY)
    await user.wait_for("подключён")
    assert pasted.is_deleted


async def test_a_deletion_whose_answer_is_lost_counts(world):
    world.twin.faults.add(Fault(FaultKind.LOST, methods=["deleteMessage"]))
    user = world.user()
    await to_key(world, user)
    user.send(GOOD_KEY)
    await user.wait_for("подключён")
    assert not any("Удалите его сами" in message.words for message in user.screen)


@pytest.mark.parametrize("send", ["send_photo", "send_document"])
async def test_a_key_in_a_caption(world, send):
    user = world.user()
    await to_key(world, user)
    if send == "send_photo":
        pasted = user.send_photo(caption=f"мой ключ {GOOD_KEY}")
    else:
        pasted = user.send_document("key.txt", b"key", caption=f"мой ключ {GOOD_KEY}")
    await user.wait_for("подключён")
    assert pasted.is_deleted


async def test_a_file_instead_of_a_key_is_deleted_and_named(world):
    user = world.user()
    await to_key(world, user)
    pasted = user.send_document("key.txt", GOOD_KEY.encode())
    await user.wait_for("Это файл")
    assert pasted.is_deleted
    assert world.house.pasted == []


@pytest.mark.parametrize("registered", [True, False])
async def test_a_key_out_of_the_blue_is_deleted_and_not_kept(world, registered):
    if not registered:
        world.house.sellers.clear()
    user = world.user()
    pasted = user.send(f"вот {GOOD_KEY}")
    said = await user.wait_for("похоже на ключ")
    assert pasted.is_deleted
    assert methods_after(world, pasted)[0] == "deleteMessage"
    assert world.house.pasted == []
    if registered:
        assert has_button("🔑 Добавить API ключ")(said)


async def test_a_key_behind_a_command_is_deleted(world):
    user = world.user()
    pasted = user.send(f"/start {GOOD_KEY}")
    await user.wait_for("похоже на ключ")
    assert pasted.is_deleted


async def test_a_message_that_is_edited_into_a_key_is_deleted(world):
    user = world.user()
    message = user.send("привет")
    await user.wait_for("Не понял")
    user.edit(message, GOOD_KEY)
    await user.wait_for("похоже на ключ")
    assert message.is_deleted


async def test_an_ordinary_edit_is_ignored(world):
    user = world.user()
    message = user.send("привет")
    await user.wait_for("Не понял")
    user.edit(message, "пока")
    await world.settled()
    assert not message.is_deleted
    assert len([one for one in user.screen if one.from_bot]) == 1


async def test_a_poisoned_message_with_a_key_is_deleted_too(world):
    user = world.user()
    pasted = user.send_poison(GOOD_KEY)
    await user.wait_for("похоже на ключ")
    assert pasted.is_deleted


@pytest.mark.parametrize(
    ("kind", "full", "said"),
    [
        (KeyKind.BASE, False, "раза в 3 часа"),
        (KeyKind.BASE, True, "лимиты этого ключа полные"),
        (KeyKind.SERVICE, False, "лимиты этого ключа полные"),
        (KeyKind.PERSONAL, False, "в облачные сервисы нельзя"),
    ],
)
async def test_what_a_key_allows_is_told_at_once(start_bot, house, kind, full, said):
    house.key_kind = kind
    async with start_bot(base_keys_are_full=full) as world:
        user = world.user()
        await to_key(world, user)
        user.send(GOOD_KEY)
        await user.wait_for(said)


async def test_replacing_says_so(world):
    world.house.add_shop(100, state=ShopState.NEEDS_KEY)
    user = world.user()
    user.send("Заменить")
    await user.wait_for("Аналитика")
    user.send(GOOD_KEY)
    await user.wait_for("Ключ магазина «Ромашка» заменён")


async def test_no_trace_of_the_key_anywhere(world, capsys, caplog):
    caplog.set_level(0)
    world.house.on_key = lambda _text: RuntimeError(GOOD_KEY)
    user = world.user()
    await to_key(world, user)
    user.send(GOOD_KEY)
    await user.wait_for("internal")
    await world.settled()
    printed = capsys.readouterr()
    traces = (printed.out, printed.err, caplog.text, str(world.drafts), str(world.events))
    for part in GOOD_KEY.split("."):
        assert all(part not in trace for trace in traces)


async def test_a_key_whose_check_the_stop_cuts_short_is_asked_for_again(start_bot, house):
    checking = asyncio.Event()

    async def silent_wildberries():
        checking.set()
        await asyncio.Event().wait()

    house.while_checking = silent_wildberries
    async with start_bot() as world:
        user = world.user()
        await to_key(world, user)
        user.send(GOOD_KEY)
        await checking.wait()
        assert not await world.telegram.stop(0.1)
        await user.wait_for("если присылали ключ – пришлите его ещё раз", since=0)
    house.while_checking = None
    async with start_bot() as world:
        user = world.user()
        user.send(GOOD_KEY)
        await user.wait_for("подключён")


async def test_a_stop_outlives_a_handler_that_its_own_limit_has_cut(start_bot, house):
    unwinding, may_end = asyncio.Event(), asyncio.Event()

    async def silent_wildberries():
        try:
            await asyncio.Event().wait()
        finally:
            unwinding.set()
            await may_end.wait()

    house.while_checking = silent_wildberries
    async with start_bot(pace=replace(PATIENT, handler_seconds=1.0)) as world:
        user = world.user()
        await to_key(world, user)
        user.send(GOOD_KEY)
        await unwinding.wait()
        assert not await world.telegram.stop(0.1)
        may_end.set()
