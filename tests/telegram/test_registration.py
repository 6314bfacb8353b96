"""Registration: each bad answer is told what is wrong, nothing half-typed is lost."""

import pytest

from bot.telegram.config import Registration
from tests.support.usecases import GOOD_KEY
from tests.telegram.conftest import ADMIN


async def to_name(user):
    user.start()
    await user.wait_for("Шаг 1 из 3")


async def to_email(user):
    await to_name(user)
    user.send("Анна")
    await user.wait_for("Шаг 2 из 3")


async def to_phone(user):
    await to_email(user)
    user.send("anna@example.ru")
    await user.wait_for("Шаг 3 из 3")


@pytest.mark.parametrize("name", ["А", "x" * 51, "42", "  ", "🙂🙂🙂"])
async def test_a_bad_name_is_told_with_an_example(world, name):
    user = world.user()
    await to_name(user)
    user.send(name if name.strip() else "·")
    await user.wait_for("от 2 до 50 символов")
    assert await world.state() == "RegistrationStates:GET_NAME"


async def test_a_command_is_no_name(world):
    user = world.user()
    await to_name(user)
    user.send("/anna")
    await user.wait_for("Шаг 1 из 3")
    assert any("Такой команды нет" in message.words for message in user.screen)
    assert await world.state() == "RegistrationStates:GET_NAME"


async def test_a_name_is_escaped_when_it_is_shown(world):
    user = world.user()
    await to_name(user)
    user.send("<b>Анна</b> & Ко")
    question = await user.wait_for("Шаг 2 из 3")
    assert "<b>Анна</b> & Ко" in question.words


@pytest.mark.parametrize("email", ["anna", "anna@", "@example.ru", "a b@example.ru", "a@b"])
async def test_a_bad_email_is_told_with_an_example(world, email):
    user = world.user()
    await to_email(user)
    user.send(email)
    await user.wait_for("не похоже на e-mail")
    assert await world.state() == "RegistrationStates:GET_EMAIL"


async def test_a_cyrillic_domain_is_welcome(world):
    user = world.user()
    await to_email(user)
    user.send("анна@почта.рф")
    await user.wait_for("Шаг 3 из 3")


@pytest.mark.parametrize("phone", ["12", "нет телефона", "+7 000 000-00-00", "8 800"])
async def test_a_bad_phone_is_told_with_an_example(world, phone):
    user = world.user()
    await to_phone(user)
    user.send(phone)
    await user.wait_for("не похоже на номер")
    assert await world.state() == "RegistrationStates:GET_PHONE"
    assert user.keyboard == ["📱 Отправить мой номер"]


@pytest.mark.parametrize("phone", ["8 (999) 123-45-67", "+7 999 123 45 67", "9991234567"])
async def test_a_typed_phone_in_any_usual_form(world, phone):
    user = world.user()
    await to_phone(user)
    user.send(phone)
    await user.wait_for("вы зарегистрированы")
    assert world.house.sellers[100].profile.phone == "+79991234567"


@pytest.mark.parametrize("owner_id", [200, 0])
async def test_somebody_elses_contact_is_refused(world, owner_id):
    user = world.user()
    await to_phone(user)
    user.send_contact("79991112233", owner_id=owner_id)
    await user.wait_for("чужой контакт")
    assert 100 not in world.house.sellers
    user.press("📱 Отправить мой номер")
    await user.wait_for("вы зарегистрированы")


async def test_a_contact_of_another_country(world):
    user = world.twin.user(101, phone="375291234567")
    await to_phone(user)
    user.send_contact()
    await user.wait_for("вы зарегистрированы")
    assert world.house.sellers[101].profile.phone == "+375291234567"


async def test_what_is_no_text_is_named(world):
    user = world.user()
    await to_name(user)
    user.send_photo()
    await user.wait_for("Шаг 1 из 3")
    assert any("Это фото" in message.words for message in user.screen)
    user.send_contact()
    await user.wait_for(lambda message: "Это контакт" in message.words)


async def test_the_first_question_carries_the_consent(start_bot):
    async with start_bot() as world:
        user = world.user()
        user.start()
        question = await user.wait_for("вы соглашаетесь на обработку")
        assert "/privacy" in question.words
    async with start_bot(privacy_url="https://example.ru/policy?a=1&b=2") as world:
        user = world.user(101)
        user.start()
        question = await user.wait_for("вы соглашаетесь на обработку")
        assert "https://example.ru/policy?a=1&b=2" in question.links


async def test_a_restart_keeps_a_half_typed_form(start_bot):
    async with start_bot() as world:
        await to_phone(world.user())
    async with start_bot() as world:
        user = world.user()
        user.send("8 999 123-45-67")
        await user.wait_for("вы зарегистрированы")
        assert world.house.sellers[100].profile.email == "anna@example.ru"
        assert world.house.sellers[100].profile.name == "Анна"


async def test_a_form_whose_answers_are_gone_begins_again(world):
    user = world.user()
    await to_phone(user)
    world.drafts.answers.clear()
    user.send("8 999 123-45-67")
    await user.wait_for("Шаг 1 из 3")


async def test_the_last_answer_twice_registers_once(world):
    user = world.user()
    await to_phone(user)
    user.send("8 999 123-45-67")
    user.send("8 999 123-45-67")
    await world.settled()
    assert world.house.journal.count("register_seller") == 1
    assert user.keyboard[0] == "🔑 Добавить API ключ"


async def test_nothing_personal_stays_in_the_form_after_registration(world):
    user = world.user()
    await to_phone(user)
    user.send("8 999 123-45-67")
    await user.wait_for("вы зарегистрированы")
    await world.settled()
    assert [answers for answers in world.drafts.answers.values() if answers] == []
    assert await world.state() is None


async def test_a_key_in_the_form_is_deleted_and_the_form_goes_on(world):
    user = world.user()
    await to_email(user)
    pasted = user.send(GOOD_KEY)
    await user.wait_for("похоже на ключ")
    assert pasted.is_deleted
    assert await world.state() == "RegistrationStates:GET_EMAIL"
    assert world.house.pasted == []


async def test_by_invitation_only(start_bot):
    async with start_bot(registration=Registration.INVITE, support_contact="@help_me") as world:
        user = world.user()
        user.start()
        refusal = await user.wait_for("только по приглашению")
        assert "@help_me" in refusal.words
        assert await world.state() is None
        admin = world.user(ADMIN)
        admin.start()
        await admin.wait_for("Шаг 1 из 3")
