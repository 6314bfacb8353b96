"""Register a seller: three answers, each checked by its own rule."""

import unicodedata

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from bot.core.errors import Code, SellerMustAct
from bot.core.ports import SellerStore
from bot.core.sellers import Profile, Seller
from bot.kit.clock import Clock

NAME_LENGTHS = range(2, 51)
HOME_REGION = "RU"


def check_name(text: str) -> str:
    """Return the name as we keep it: 2–50 characters, single spaces, no command.

    Raises:
        SellerMustAct: `NAME_INVALID`.
    """
    name = " ".join(text.split())
    unprintable = any(unicodedata.category(character).startswith("C") for character in name)
    has_letter = any(character.isalpha() for character in name)
    if len(name) not in NAME_LENGTHS or name.startswith("/") or unprintable or not has_letter:
        raise SellerMustAct(Code.NAME_INVALID)
    return name


def check_email(text: str) -> str:
    """Return the address in its normal form; Cyrillic domains are welcome.

    Raises:
        SellerMustAct: `EMAIL_INVALID`.
    """
    try:
        return validate_email(text.strip(), check_deliverability=False).normalized
    except EmailNotValidError:
        raise SellerMustAct(Code.EMAIL_INVALID) from None


def check_phone(text: str) -> str:
    """Return the number in E.164 form; a Russian one may begin with 8.

    Raises:
        SellerMustAct: `PHONE_INVALID`.
    """
    try:
        number = phonenumbers.parse(text, HOME_REGION)
    except phonenumbers.NumberParseException:
        raise SellerMustAct(Code.PHONE_INVALID) from None
    if not phonenumbers.is_valid_number(number):
        raise SellerMustAct(Code.PHONE_INVALID)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


class RegisterSeller:
    """Stores a person with his consent; doing it again replaces the profile."""

    def __init__(self, sellers: SellerStore, clock: Clock) -> None:
        self._sellers = sellers
        self._clock = clock

    async def __call__(self, telegram_id: int, profile: Profile, *, language: str) -> Seller:
        """Register a checked profile. The consent was given by answering, now.

        Raises:
            SellerMustAct: an answer breaks its rule.
        """
        checked = Profile(
            name=check_name(profile.name),
            email=check_email(profile.email),
            phone=check_phone(profile.phone),
        )
        return await self._sellers.add(
            telegram_id, checked, language=language, consented_at=self._clock.now()
        )
