"""Registration by invitation: a link of an admin lets one person in, and nobody else."""

import re

import pytest

from bot.telegram.config import Registration
from tests.telegram.conftest import ADMIN


@pytest.fixture
async def closed(start_bot):
    async with start_bot(registration=Registration.INVITE) as world:
        yield world


async def invited(world):
    """An admin makes a link; return its payload."""
    admin = world.user(ADMIN)
    admin.send("/invite")
    said = await admin.wait_for("https://t.me/")
    return re.search(r"start=([\w-]+)", said.words).group(1)


async def answer_all(user):
    for answer, question in (("Анна", "Шаг 2"), ("anna@example.ru", "Шаг 3")):
        user.send(answer)
        await user.wait_for(question)
    user.send_contact()


async def test_a_link_lets_one_person_in(closed):
    token = await invited(closed)
    user = closed.user()
    user.start(token)
    await user.wait_for("Шаг 1 из 3")
    await answer_all(user)
    await user.wait_for("вы зарегистрированы")
    other = closed.user(101)
    other.start(token)
    await other.wait_for("только по приглашению")
    assert set(closed.house.sellers) == {100}


@pytest.mark.parametrize("payload", ["", "guessed", "x" * 64])
async def test_without_a_link_nobody_registers(closed, payload):
    user = closed.user()
    user.start(payload)
    await user.wait_for("только по приглашению")
    assert await closed.state() is None


async def test_starting_again_keeps_the_invitation(closed):
    user = closed.user()
    user.start(await invited(closed))
    await user.wait_for("Шаг 1 из 3")
    user.start()
    await user.wait_for("Шаг 1 из 3")
    await answer_all(user)
    await user.wait_for("вы зарегистрированы")


async def test_the_first_of_two_wins(closed):
    token = await invited(closed)
    users = closed.user(), closed.user(101)
    for user in users:
        user.start(token)
        await user.wait_for("Шаг 1 из 3")
    for user, said in zip(users, ("вы зарегистрированы", "только по приглашению"), strict=True):
        await answer_all(user)
        await user.wait_for(said)
    assert set(closed.house.sellers) == {100}


async def test_a_form_of_open_days_does_not_slip_through(start_bot):
    async with start_bot() as world:
        user = world.user()
        user.start()
        await user.wait_for("Шаг 1 из 3")
        user.send("Анна")
        await user.wait_for("Шаг 2")
    async with start_bot(registration=Registration.INVITE) as world:
        user.send("anna@example.ru")
        await user.wait_for("Шаг 3")
        user.send_contact()
        await user.wait_for("только по приглашению")
        assert world.house.sellers == {}
        assert await world.state() is None


async def test_only_admins_make_links(closed):
    user = closed.user()
    closed.house.register(100)
    user.send("/invite")
    await user.wait_for("Такой команды нет")
    assert closed.house.invites == {}
