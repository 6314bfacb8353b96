"""What is said about a table's file: who may see it, whose it is, what became of it."""

from collections.abc import Mapping
from types import MappingProxyType

from bot.telegram.texts.keys import Label, Line

LABELS_RU: Mapping[Label, str] = MappingProxyType(
    {
        Label.SHEET: "🔗 Доступ к таблице",
        Label.SHEET_READER: "Сделать только чтение",
        Label.SHEET_WRITER: "Разрешить мне правку",
        Label.SHEET_LINK_OPEN: "Открыть по ссылке",
        Label.SHEET_LINK_SURE: "Да, открыть по ссылке",
        Label.SHEET_LINK_CLOSE: "Закрыть по ссылке",
        Label.SHEET_OWN: "📄 Своя Google Таблица",
        Label.SHEET_RESTORE: "♻️ Восстановить",
        Label.SHEET_NEW: "🆕 Создать новую",
        Label.SHEET_RETRY: "Проверить снова",
        Label.COPY_ADDRESS: "📋 Скопировать адрес",
        Label.COPY_CODE: "📋 Скопировать код",
    }
)
LABELS_EN: Mapping[Label, str] = MappingProxyType(
    {
        Label.SHEET: "🔗 Access to the table",
        Label.SHEET_READER: "Make it read-only",
        Label.SHEET_WRITER: "Let me edit it",
        Label.SHEET_LINK_OPEN: "Open it by link",
        Label.SHEET_LINK_SURE: "Yes, open it by link",
        Label.SHEET_LINK_CLOSE: "Close the link",
        Label.SHEET_OWN: "📄 My own Google Sheet",
        Label.SHEET_RESTORE: "♻️ Restore it",
        Label.SHEET_NEW: "🆕 Make a new one",
        Label.SHEET_RETRY: "Look again",
        Label.COPY_ADDRESS: "📋 Copy the address",
        Label.COPY_CODE: "📋 Copy the code",
    }
)

LINES_RU: Mapping[Line, str] = MappingProxyType(
    {
        Line.SHEET_SCREEN: "🔗 <b>Таблица магазина «{shop}»</b>\n{lines}",
        Line.SHEET_IN_CHAT: "Сейчас она приходит файлом Excel в этот чат.",
        Line.SHEET_THEIRS: "Она живёт в вашей Google Таблице: доступом к ней управляете вы.",
        Line.SHEET_WRITER: "Доступ по e-mail: {email}, можно править.",
        Line.SHEET_READER: "Доступ по e-mail: {email}, только чтение.",
        Line.SHEET_NO_ACCOUNT: (
            "⚠️ У адреса {email} нет аккаунта Google, поэтому доступ не открыт. Укажите другой "
            "адрес, подключите свою таблицу или откройте эту по ссылке."
        ),
        Line.SHEET_NOT_SHARED: "⚠️ Google пока не открыл доступ для {email}: попробую ещё раз.",
        Line.SHEET_LINK_IS_OPEN: "По ссылке её может смотреть любой, у кого есть ссылка.",
        Line.SHEET_LINK_IS_CLOSED: "По ссылке без приглашения она не открывается.",
        Line.SHEET_LINK_REFUSED: "⚠️ Google не разрешил доступ по ссылке для этой таблицы.",
        Line.SHEET_LATE: "Google сейчас не отвечает: применю это при следующем обновлении.",
        Line.SHEET_LINK_WARNING: (
            "⚠️ <b>Открыть таблицу магазина «{shop}» по ссылке?</b>\n\n"
            "Любой, кому попадёт ссылка, увидит ваши остатки и заказы: без входа, без следа, и "
            "пересланную ссылку не отозвать иначе, чем закрыв доступ совсем. Править никто не "
            "сможет."
        ),
        Line.SHEET_INVITE: (
            "📄 <b>Своя Google Таблица для «{shop}»</b>\n\n"
            "1. Создайте пустую таблицу: sheets.new\n"
            "2. «Настройки доступа» → добавьте <code>{address}</code> с ролью «Редактор».\n"
            "3. В ячейку A1 вставьте код <code>{code}</code> (действует час).\n"
            "4. Пришлите сюда ссылку на таблицу.\n\n"
            "Бот добавит в неё свои листы, остальное не тронет. Передумали – /cancel."
        ),
        Line.SHEET_INVITE_NO_ACCESS: (
            "Я не вижу эту таблицу. Откройте её, «Настройки доступа» → добавьте "
            "<code>{address}</code> с ролью «Редактор» и пришлите ссылку ещё раз."
        ),
        Line.SHEET_LINK_WANTED: "Это {kind}, а я жду ссылку на Google Таблицу.",
        Line.SHEET_ADOPTED: (
            "✅ Таблица магазина «{shop}» теперь живёт в вашем файле: заполняю её. Прежняя, если "
            "она была, больше не обновляется."
        ),
        Line.SHEET_ADOPTED_LATER: (
            "✅ Таблица магазина «{shop}» будет жить в вашем файле: она заполнится при первом "
            "обновлении. Сейчас у магазина нет действующего ключа."
        ),
        Line.SHEET_RESTORE_YOURSELF: (
            "Восстановить эту таблицу может только её владелец: откройте Google Диск → «Корзина» "
            "→ таблица → «Восстановить», затем нажмите «Проверить снова»."
        ),
        Line.SHEET_MENDED_LATER: "Готово. Таблица обновится, когда у магазина будет ключ.",
        Line.TABLE_AS_FILE: (
            "📎 Google сейчас не принимает данные, поэтому таблица магазина «{shop}» – файлом. "
            "Данные: {at}. Google Таблица обновится сама."
        ),
    }
)
LINES_EN: Mapping[Line, str] = MappingProxyType(
    {
        Line.SHEET_SCREEN: "🔗 <b>The table of «{shop}»</b>\n{lines}",
        Line.SHEET_IN_CHAT: "It comes as an Excel file into this chat.",
        Line.SHEET_THEIRS: "It lives in a Google Sheet of yours: you decide who sees it.",
        Line.SHEET_WRITER: "Access by e-mail: {email}, may edit.",
        Line.SHEET_READER: "Access by e-mail: {email}, may only read.",
        Line.SHEET_NO_ACCOUNT: (
            "⚠️ {email} is no Google account, so the table is not shared. Use another address, "
            "bring a sheet of your own, or open this one by link."
        ),
        Line.SHEET_NOT_SHARED: "⚠️ Google has not let {email} in yet: I try again.",
        Line.SHEET_LINK_IS_OPEN: "Whoever has the link can read it.",
        Line.SHEET_LINK_IS_CLOSED: "The link alone does not open it.",
        Line.SHEET_LINK_REFUSED: "⚠️ Google does not allow access by link to this table.",
        Line.SHEET_LATE: "Google does not answer now: this is done with the next refresh.",
        Line.SHEET_LINK_WARNING: (
            "⚠️ <b>Open the table of «{shop}» to everybody with the link?</b>\n\n"
            "Whoever gets the link sees your stock and orders, without signing in and without a "
            "trace; a forwarded link is taken back only by closing the access altogether. Nobody "
            "will be able to edit."
        ),
        Line.SHEET_INVITE: (
            "📄 <b>Your own Google Sheet for «{shop}»</b>\n\n"
            "1. Make a blank sheet: sheets.new\n"
            "2. “Share” → add <code>{address}</code> as Editor.\n"
            "3. Put the code <code>{code}</code> into cell A1 (good for an hour).\n"
            "4. Send me the link of the sheet.\n\n"
            "The bot adds its tabs and touches nothing else. Changed your mind? /cancel"
        ),
        Line.SHEET_INVITE_NO_ACCESS: (
            "I cannot see this sheet. Open it, “Share” → add <code>{address}</code> as Editor, "
            "and send the link again."
        ),
        Line.SHEET_LINK_WANTED: "This is {kind}; I wait for the link of a Google Sheet.",
        Line.SHEET_ADOPTED: (
            "✅ The table of «{shop}» lives in your file now: I am filling it. An earlier one, if "
            "there was one, is no longer refreshed."
        ),
        Line.SHEET_ADOPTED_LATER: (
            "✅ The table of «{shop}» will live in your file: the first refresh fills it. "
            "The shop has no working key now."
        ),
        Line.SHEET_RESTORE_YOURSELF: (
            "Only its owner can restore this table: open Google Drive → “Trash” → the table → "
            "“Restore”, then press “Look again”."
        ),
        Line.SHEET_MENDED_LATER: "Done. The table is refreshed once the shop has a key.",
        Line.TABLE_AS_FILE: (
            "📎 Google takes no data now, so the table of «{shop}» comes as a file. Data: {at}. "
            "The Google Sheet catches up by itself."
        ),
    }
)
