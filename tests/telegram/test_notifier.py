"""The messenger: progress edits, the end of a run, and what the outbox owes."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.errors import Code, SellerMustAct, Transient
from bot.core.events import Notice, NoticeKind
from bot.core.products import Source
from bot.core.runs import ProgressMessage, RunKind, RunStatus, SourceOutcome, Stage
from bot.kit.clock import settle
from bot.sandbox.telegram.faults import Fault, FaultKind
from bot.sandbox.telegram.hands import has_button
from bot.sandbox.telegram.keyboards import buttons
from tests.support.usecases import NOON, TABLE_URL
from tests.telegram.conftest import ADMIN


@pytest.fixture
def shop(house):
    house.register(100)
    return house.add_shop(100)


@pytest.fixture
async def watched(world, shop):
    """A run that is under way, with its message in the chat."""
    assert world.house.shops == [shop]
    user = world.user()
    user.send("/sync")
    await user.wait_for("Обновляю")
    await world.settled()
    return user, world.house.runs[1]


def notice(kind: NoticeKind, telegram_id: int = 100, **payload) -> Notice:
    return Notice(
        kind=kind,
        telegram_id=telegram_id,
        dedupe_key="x",
        payload=payload,
        not_before=NOON,
        expires_at=NOON + timedelta(hours=1),
    )


def finished(status=RunStatus.DONE, code=None, **more) -> Notice:
    return notice(NoticeKind.RUN_FINISHED, run_id=1, shop_id=1, status=status, code=code, **more)


def arrived(run, *sources: Source):
    outcomes = {source: SourceOutcome(Stage.WAITING) for source in Source}
    del outcomes[Source.SELLER_STOCKS]
    outcomes |= {source: SourceOutcome(Stage.ARRIVED, rows=2) for source in sources}
    return replace(run, outcomes=outcomes)


async def test_progress_is_shown_in_stages(world, watched):
    user, run = watched
    await world.notifier.show_progress(arrived(run, Source.ORDERS))
    shown = await user.wait_for("✅ Заказы: 2 строки", since=0)
    assert "⏳ Воронка продаж" in shown.words
    assert shown.message_id == run.progress.message_id


async def test_progress_is_not_shown_too_often_nor_twice(world, watched):
    user, run = watched
    await world.notifier.show_progress(arrived(run, Source.ORDERS))
    early = asyncio.ensure_future(world.notifier.show_progress(arrived(run, Source.ORDERS)))
    await settle()
    assert len(world.twin.called("editMessageText")) == 1
    await world.clock.advance(3)
    await early
    assert len(world.twin.called("editMessageText")) == 1
    await world.notifier.show_progress(arrived(run, Source.ORDERS, Source.REMAINS))
    assert len(world.twin.called("editMessageText")) == 2
    await user.wait_for("✅ Остатки", since=0)


async def test_what_comes_too_early_is_shown_in_due_time_the_newest_and_once(world, watched):
    user, run = watched
    await world.notifier.show_progress(arrived(run))
    early = asyncio.ensure_future(world.notifier.show_progress(arrived(run, Source.ORDERS)))
    await settle()
    await world.notifier.show_progress(arrived(run, Source.ORDERS, Source.REMAINS))
    await world.clock.advance(3)
    await early
    await user.wait_for("✅ Остатки", since=0)
    assert len(world.twin.called("editMessageText")) == 2


async def test_what_waits_to_be_shown_is_not_shown_once_the_account_is_gone(world, watched):
    user, run = watched
    await world.notifier.show_progress(arrived(run))
    early = asyncio.ensure_future(world.notifier.show_progress(arrived(run, Source.ORDERS)))
    await settle()
    user.send("/settings")
    await user.wait_for("Что открыть?")
    user.press("🗑 Удалить аккаунт")
    user.tap(await user.wait_for("Удалить аккаунт?"), "account:erase")
    await user.wait_for("нажмите /start")
    await world.clock.advance(3)
    await early
    shown = next(each for each in user.transcript if each.message_id == run.progress.message_id)
    assert "удалён" in shown.words


@pytest.mark.parametrize("kind", list(FaultKind))
async def test_progress_never_raises_and_is_not_repeated(world, watched, kind):
    _, run = watched
    fault = world.twin.faults.add(Fault(kind, methods=["editMessageText"], seconds=0))
    await world.notifier.show_progress(arrived(run, Source.ORDERS))
    assert world.twin.faults.met(fault) == 1
    assert len(world.twin.called("editMessageText")) == 1


async def test_progress_waits_as_long_as_telegram_says(world, watched):
    _, run = watched
    world.twin.faults.add(Fault(FaultKind.TOO_MANY, methods=["editMessageText"], retry_after=30))
    await world.notifier.show_progress(arrived(run, Source.ORDERS))
    await world.clock.advance(29)
    waiting = asyncio.ensure_future(world.notifier.show_progress(arrived(run, Source.ORDERS)))
    await settle()
    assert len(world.twin.called("editMessageText")) == 1
    await world.clock.advance(1)
    await waiting
    assert len(world.twin.called("editMessageText")) == 2


async def test_progress_of_a_run_that_nobody_watches(world, watched):
    _, run = watched
    await world.notifier.show_progress(replace(run, progress=None))
    world.house.sellers.clear()
    await world.notifier.show_progress(arrived(run, Source.ORDERS))
    assert len(world.twin.called("editMessageText")) == 1


async def test_the_end_is_the_link_in_the_progress_message(world, watched):
    user, run = watched
    world.house.figures.add(1)
    await world.notifier.deliver(finished())
    end = await user.wait_for(has_button("📊 Открыть таблицу"), since=0)
    assert end.message_id == run.progress.message_id
    assert "готова. Обновлено 20.11.2026 12:00 МСК" in end.words
    assert TABLE_URL.format(shop_id=1) in end.links
    await world.notifier.deliver(finished())
    assert len([one for one in user.screen if one.from_bot]) == 1


async def test_progress_that_comes_late_does_not_undo_the_end(world, watched):
    user, run = watched
    world.house.figures.add(1)
    await world.notifier.deliver(finished())
    await world.clock.advance(60)
    await world.notifier.show_progress(arrived(run, Source.ORDERS))
    end = await user.wait_for("готова", since=0)
    assert end.message_id == run.progress.message_id


async def test_without_a_link_the_end_is_a_document(world, watched):
    user, run = watched
    world.house.figures.add(1)
    world.house.with_links = False
    await world.notifier.deliver(finished())
    document = await user.wait_for(lambda message: message.file is not None, since=0)
    assert document.file.content == b"PK-workbook"
    end = next(one for one in user.screen if one.message_id == run.progress.message_id)
    assert "в файле ниже" in end.words


async def test_a_run_that_has_begun_anew_keeps_its_new_message(world, watched):
    user, run = watched
    world.house.change_run(run.id, progress=ProgressMessage(100, 999_999))
    message_id = run.progress.message_id
    await world.notifier.deliver(
        finished(RunStatus.SUPERSEDED, Code.PAUSED, message_id=message_id)
    )
    end = await user.wait_for("остановлено", since=0)
    assert end.message_id == message_id
    assert len([one for one in user.screen if one.from_bot]) == 1


@pytest.mark.parametrize("with_links", [True, False])
async def test_a_message_that_comes_after_the_word_is_only_put_right(world, watched, with_links):
    user, run = watched
    world.house.figures.add(1)
    world.house.with_links = with_links
    await world.notifier.deliver(finished(is_told=1))
    end = await user.wait_for("готова", since=0)
    assert end.message_id == run.progress.message_id
    world.house.change_run(run.id, progress=ProgressMessage(100, 999_999))
    await world.notifier.deliver(finished(is_told=1))
    assert len([one for one in user.screen if one.from_bot]) == 1


@pytest.mark.parametrize(("kind", "silent"), [(RunKind.NIGHTLY, True), (RunKind.TAPPED, False)])
async def test_a_run_that_the_night_took_over_wakes_nobody(world, watched, kind, silent):
    user, run = watched
    world.house.figures.add(1)
    world.house.with_links = False
    world.house.change_run(run.id, kind=kind)
    await world.notifier.deliver(finished())
    sent = await user.wait_for(lambda message: message.file is not None, since=0)
    assert sent.silent is silent


async def test_a_part_that_is_there_already(world, watched):
    user, _ = watched
    world.house.figures.add(1)
    await world.notifier.deliver(finished(RunStatus.OPEN))
    await user.wait_for("остальные данные придут позже", since=0)


async def test_a_partial_end(world, watched):
    user, _ = watched
    world.house.figures.add(1)
    world.house.is_partial = True
    await world.notifier.deliver(finished())
    await user.wait_for("обновилась не вся", since=0)


@pytest.mark.parametrize(
    "end",
    [
        (RunStatus.FAILED, Code.VENDOR_FAILED, "Wildberries отвечает ошибкой", None),
        (RunStatus.NEEDS_SELLER, Code.KEY_REJECTED, "не принимает этот ключ", "Заменить ключ"),
        (RunStatus.NEEDS_SELLER, Code.SHEET_GONE, "Таблица удалена", "🆕 Создать новую"),
        (RunStatus.SUPERSEDED, Code.SUPERSEDED, "сменилось новым", None),
        (RunStatus.FAILED, "a_code_of_tomorrow", "не обновилась", None),
        (RunStatus.DONE, None, "не обновилась", None),
    ],
)
async def test_an_end_without_a_table(world, watched, end):
    user, run = watched
    status, code, said, label = end
    message_id = run.progress.message_id
    await world.notifier.deliver(finished(status, code, message_id=message_id))
    message = await user.wait_for(said, since=0)
    assert message.message_id == run.progress.message_id
    assert [button["text"] for button in buttons(message.markup)] == ([label] if label else [])


async def test_a_progress_message_that_is_gone_is_replaced(world, watched):
    user, run = watched
    world.house.figures.add(1)
    chat = world.twin.world.chats[100]
    world.twin.world.remove(chat, chat.messages[run.progress.message_id])
    await world.notifier.deliver(finished())
    await user.wait_for(has_button("📊 Открыть таблицу"), since=0)


async def test_a_message_that_was_never_there_is_replaced(world, watched):
    user, run = watched
    world.house.figures.add(1)
    world.house.change_run(run.id, progress=ProgressMessage(100, 999_999))
    await world.notifier.deliver(finished())
    await user.wait_for(has_button("📊 Открыть таблицу"), since=0)


async def test_the_morning_table(world, watched):
    user, _ = watched
    world.house.figures.add(1)
    await world.notifier.deliver(notice(NoticeKind.MORNING_TABLE, shop_id=1))
    await user.wait_for("🌅 Таблица магазина «Ромашка» обновлена 20.11.2026", since=0)
    world.house.with_links = False
    await world.notifier.deliver(notice(NoticeKind.MORNING_TABLE, shop_id=1))
    await user.wait_for(lambda message: message.file is not None, since=0)


async def test_the_morning_says_how_new_the_table_is(world, watched):
    user, run = watched
    world.house.figures.add(1)
    world.house.is_partial = True
    world.house.change_run(run.id, published_at=NOON)
    morning = notice(NoticeKind.MORNING_TABLE, shop_id=1, run_id=run.id)
    await world.notifier.deliver(morning)
    await user.wait_for("обновлена 20.11.2026 12:00 МСК, но не вся", since=0)
    world.house.change_run(run.id, created_at=NOON + timedelta(hours=12))
    await world.notifier.deliver(morning)
    said = await user.wait_for("Этой ночью Wildberries не ответил", since=0)
    assert "прежние данные, на 20.11.2026 12:00 МСК" in said.words
    assert "обновлена" not in said.words


async def test_a_refused_key_comes_with_the_way_out(world, watched):
    user, _ = watched
    kind = NoticeKind.KEY_REFUSED
    await world.notifier.deliver(notice(kind, shop_id=1, code=Code.KEY_EXPIRED))
    said = await user.wait_for("Срок этого ключа истёк", since=0)
    assert "Собранные данные сохранены" in said.words
    user.press("Заменить ключ")
    await user.wait_for("Аналитика")


async def test_a_problem_with_the_table(world, watched):
    user, _ = watched
    kind = NoticeKind.TABLE_PROBLEM
    await world.notifier.deliver(notice(kind, shop_id=1, code=Code.SHEET_GONE))
    await user.wait_for("Таблица удалена", since=0)


@pytest.mark.usefixtures("shop")
async def test_the_notice_speaks_the_sellers_language(world):
    world.house.sellers[100] = replace(world.house.sellers[100], language="en")
    user = world.user()
    user.send("/start")
    await user.wait_for("Здравствуйте")
    kind = NoticeKind.TABLE_PROBLEM
    await world.notifier.deliver(notice(kind, shop_id=1, code=Code.SHEET_GONE))
    await user.wait_for("The table was deleted", since=0)


@pytest.mark.parametrize("named", [0, ADMIN])
async def test_an_alarm_goes_to_the_admins(world, named):
    admin = world.user(ADMIN)
    admin.start()
    await admin.wait_for("Шаг 1")
    kind = NoticeKind.OPERATOR_ALARM
    alarm = notice(kind, named, where="collect.funnel", code=Code.ANSWER_NOT_UNDERSTOOD, shop_id=7)
    await world.notifier.deliver(alarm)
    said = await admin.wait_for("collect.funnel", since=0)
    assert "answer_not_understood" in said.words
    assert "Магазин: 7" in said.words


async def test_the_alarm_of_a_missed_night_tells_how_many(world):
    admin = world.user(ADMIN)
    admin.start()
    await admin.wait_for("Шаг 1")
    counts = {"missing": 3, "unfinished": 0, "waiting": 12}
    missed = notice(
        NoticeKind.OPERATOR_ALARM, 0, where="night.missed", code=Code.INTERNAL, **counts
    )
    await world.notifier.deliver(missed)
    said = (await admin.wait_for("night.missed", since=0)).words
    assert "без прогона: 3, в работе: 0, ждут без новых данных: 12" in said


@pytest.mark.parametrize("kind", [kind for kind in NoticeKind if kind != "operator_alarm"])
async def test_a_notice_about_nothing_is_dropped(world, kind):
    payload = {"run_id": 5, "shop_id": 5, "status": RunStatus.DONE, "code": None}
    await world.notifier.deliver(notice(kind, **payload))
    world.house.register(100)
    await world.notifier.deliver(notice(kind, **payload))
    assert world.twin.called("sendMessage") == []


@pytest.mark.usefixtures("watched")
@pytest.mark.parametrize(
    ("kind", "recovery", "seconds"),
    [
        (FaultKind.TOO_MANY, Transient, 17),
        (FaultKind.FORBIDDEN, SellerMustAct, None),
        (FaultKind.RESET, Transient, None),
        (FaultKind.LOST, Transient, None),
        (FaultKind.CUT_BODY, Transient, None),
        (FaultKind.BAD_GATEWAY, Transient, None),
        (FaultKind.SERVER_ERROR, Transient, None),
        (FaultKind.UNAUTHORIZED, Transient, None),
    ],
)
async def test_what_telegram_refuses_is_told_in_our_words(world, kind, recovery, seconds):
    world.twin.faults.add(Fault(kind, methods=["sendMessage"], retry_after=17))
    problem = notice(NoticeKind.TABLE_PROBLEM, shop_id=1, code=Code.SHEET_GONE)
    with pytest.raises(recovery) as raised:
        await world.notifier.deliver(problem)
    assert raised.value.code is Code.TELEGRAM_FAILED
    assert getattr(raised.value, "retry_after_seconds", None) == seconds
    assert world.twin.token not in str(raised.value)


@pytest.mark.usefixtures("shop")
async def test_a_chat_that_was_never_opened(world):
    with pytest.raises(SellerMustAct):
        await world.notifier.deliver(
            notice(NoticeKind.TABLE_PROBLEM, shop_id=1, code=Code.SHEET_GONE)
        )


async def test_an_address_that_telegram_takes_for_no_button(world, watched):
    user, run = watched
    world.house.figures.add(1)
    world.house.table_url = "http://localhost:8080/spreadsheets/d/x?a=1&b=2"
    await world.notifier.deliver(finished())
    end = await user.wait_for("готова", since=0)
    assert world.house.table_url in end.words
    assert end.message_id == run.progress.message_id
    user.send("📊 Получить мою таблицу")
    await user.wait_for(world.house.table_url)


async def test_an_alarm_reaches_the_other_admins_when_one_is_gone(start_bot):
    async with start_bot(admin_ids=frozenset({ADMIN, ADMIN + 1})) as world:
        admin = world.user(ADMIN + 1)
        admin.start()
        await admin.wait_for("Шаг 1")
        alarm = notice(NoticeKind.OPERATOR_ALARM, 0, where="work_due", code=Code.INTERNAL)
        await world.notifier.deliver(alarm)
        await admin.wait_for("work_due", since=0)
        world.twin.faults.add(Fault(FaultKind.RESET, methods=["sendMessage"], times=None))
        with pytest.raises(Transient):
            await world.notifier.deliver(alarm)
