"""What every error code means to a seller: what happened, what of his data, what to do."""

from collections.abc import Mapping
from types import MappingProxyType

from bot.core.errors import Code

_KEEPS_RU = "Прежние данные на месте, попробую снова сам."
_KEEPS_EN = "The earlier data stay; I try again by myself."
_OURS_RU = "Прежние данные на месте. Мы уже видим ошибку и разбираемся."
_OURS_EN = "The earlier data stay. We see the error and look into it."

RUSSIAN: Mapping[Code, str] = MappingProxyType(
    {
        Code.KEY_MALFORMED: (
            "Это не похоже на ключ API: он состоит из трёх длинных частей через точку и "
            "начинается с «eyJ». Скопируйте его целиком и пришлите ещё раз."
        ),
        Code.KEY_EXPIRED: "Срок этого ключа истёк. Создайте новый и пришлите его.",
        Code.KEY_TEST: (
            "Это тестовый ключ: он работает только в песочнице Wildberries. "
            "Создайте обычный и пришлите его."
        ),
        Code.KEY_FOREIGN_SERVICE: (
            "Этот ключ выпущен для другого сервиса. Создайте базовый ключ и пришлите его."
        ),
        Code.KEY_LACKS_ANALYTICS: (
            "У ключа нет права «Аналитика». Создайте ключ с правами «Аналитика» и «Статистика»."
        ),
        Code.KEY_LACKS_STATISTICS: (
            "У ключа нет права «Статистика». Создайте ключ с правами «Аналитика» и «Статистика»."
        ),
        Code.KEY_REJECTED: (
            "Wildberries не принимает этот ключ: он отозван или ошибочен. Создайте новый."
        ),
        Code.KEY_MISSING: "У магазина нет ключа. Добавьте его: «🔑 Добавить API ключ».",
        Code.KEY_OF_ANOTHER_SELLER: (
            "Этот магазин уже подключён к другому пользователю. Если это ошибка, напишите нам."
        ),
        Code.METHOD_CLOSED_FOR_KEY: (
            "Wildberries закрыл часть данных для этого вида ключа. Остальное обновляется."
        ),
        Code.METHOD_BLOCKED: (
            "Wildberries закрыл доступ к части данных. Проверьте подписки и сотрудника, "
            "который создал ключ, или создайте новый ключ."
        ),
        Code.METHOD_DISABLED: f"Wildberries отключил часть данных. {_KEEPS_RU}",
        Code.PATH_NOT_FOUND: f"Wildberries переехал: нужных данных нет на месте. {_OURS_RU}",
        Code.SERVICE_BALANCE_EMPTY: f"Wildberries просит оплату сервиса. {_OURS_RU}",
        Code.REQUEST_REFUSED: f"Wildberries не понял наш запрос. {_OURS_RU}",
        Code.REQUEST_TOO_LARGE: f"Wildberries считает запрос слишком большим. {_OURS_RU}",
        Code.RATE_LIMITED: f"Wildberries просит подождать. {_KEEPS_RU}",
        Code.BUDGET_SPENT: f"Лимит запросов ключа исчерпан. {_KEEPS_RU}",
        Code.VENDOR_FAILED: f"Wildberries отвечает ошибкой. {_KEEPS_RU}",
        Code.VENDOR_UNREACHABLE: f"Wildberries не отвечает. {_KEEPS_RU}",
        Code.ANSWER_CUT: f"Ответ Wildberries оборвался. {_KEEPS_RU}",
        Code.ANSWER_NOT_UNDERSTOOD: f"Wildberries изменил вид ответа. {_OURS_RU}",
        Code.STATUS_UNKNOWN: f"Wildberries ответил непонятно. {_OURS_RU}",
        Code.REPORT_IN_THE_MAKING: f"Wildberries ещё готовит отчёт. {_KEEPS_RU}",
        Code.REPORT_GONE: f"Отчёт Wildberries пропал, заказываю новый. {_KEEPS_RU}",
        Code.SUSPICIOUSLY_EMPTY: (
            "Wildberries прислал пустой ответ, хотя товары были. Прежние данные на месте, "
            "проверю ещё раз."
        ),
        Code.SHEET_NO_ACCESS: "Нет доступа к таблице. Верните доступ боту и обновите таблицу.",
        Code.SHEET_GONE: "Таблица удалена. Данные сохранены: можно создать новую.",
        Code.SHEET_TRASHED: (
            "Таблица лежит в корзине Google Диска и не обновляется. Восстановите её или создайте "
            "новую: данные сохранены."
        ),
        Code.SHEET_PROTECTED: "Лист защищён от записи. Снимите защиту и обновите таблицу.",
        Code.SHEET_BROKEN: (
            "В таблице больше нет столбца «NM ID», и писать в неё нельзя. Верните его (Файл → "
            "История версий) или создайте новую таблицу: данные сохранены."
        ),
        Code.SHEET_TOO_LARGE: "В файле больше нет места. Удалите из него лишние листы.",
        Code.SHEET_REQUEST_REFUSED: f"Google не принял запись. {_OURS_RU}",
        Code.SHEET_ADDRESS_UNKNOWN: (
            "Google не знает адреса из вашего профиля, поэтому доступ к таблице не открыт. "
            "Нужен e-mail с аккаунтом Google."
        ),
        Code.SHEET_LINK_INVALID: (
            "Это не ссылка на Google Таблицу. Откройте таблицу, скопируйте ссылку из адресной "
            "строки и пришлите её. Файл Excel на Диске не подойдёт: сохраните его как таблицу."
        ),
        Code.SHEET_READ_ONLY: (
            "Боту открыт только просмотр. Дайте его адресу роль «Редактор» и пришлите ссылку ещё "
            "раз."
        ),
        Code.SHEET_CODE_WRONG: (
            "В ячейке A1 первого листа нет кода. Вставьте туда код целиком и пришлите ссылку ещё "
            "раз."
        ),
        Code.SHEET_CODE_EXPIRED: "Код устарел: он действует час. Начните сначала: будет новый.",
        Code.SHEET_TAKEN: (
            "Эта таблица уже подключена к магазину. Создайте пустую таблицу и пришлите её ссылку."
        ),
        Code.GOOGLE_STORAGE_FULL: f"На Google Диске закончилось место. {_OURS_RU}",
        Code.GOOGLE_DISABLED: f"Google отключил доступ к таблицам. {_OURS_RU}",
        Code.GOOGLE_TOKEN_DEAD: f"Доступ к Google истёк. {_OURS_RU}",
        Code.GOOGLE_RATE_LIMITED: f"Google просит подождать. {_KEEPS_RU}",
        Code.GOOGLE_FAILED: f"Google отвечает ошибкой. {_KEEPS_RU}",
        Code.GOOGLE_UNREACHABLE: f"Google не отвечает. {_KEEPS_RU}",
        Code.NAME_INVALID: (
            "Имя – от 2 до 50 символов, с буквами и без команд. Например: <i>Анна Иванова</i>"
        ),
        Code.EMAIL_INVALID: (
            "Это не похоже на e-mail. Например: <i>anna@example.ru</i> или <i>анна@почта.рф</i>"
        ),
        Code.PHONE_INVALID: (
            "Это не похоже на номер телефона. Например: <i>+7 999 123-45-67</i> "
            "или <i>8 999 123-45-67</i>"
        ),
        Code.CONTACT_NOT_OWN: (
            "Это чужой контакт. Нажмите кнопку ниже, чтобы отправить свой номер, или напишите "
            "его. Например: <i>+7 999 123-45-67</i>"
        ),
        Code.NOT_REGISTERED: "Сначала зарегистрируйтесь: нажмите /start.",
        Code.NOT_ALLOWED: "Это вам недоступно.",
        Code.SHOP_UNKNOWN: "Такого магазина нет. Откройте /menu и выберите снова.",
        Code.PAUSED: "Магазин на паузе. Возобновить его можно в «⚙️ Настройки».",
        Code.SUPERSEDED: "Это обновление сменилось новым: свежие данные придут с ним.",
        Code.NO_DATA_YET: "Данных ещё нет. Нажмите «🔄 Обновить сейчас».",
        Code.STORED_DATA_SEALED: (
            "Не получилось открыть сохранённые данные. Мы уже разбираемся; "
            "если ждать некогда, замените ключ."
        ),
        Code.STORAGE_UNREACHABLE: "Не получается прочитать данные. Попробуйте через минуту.",
        Code.TELEGRAM_FAILED: "Telegram не ответил. Попробуйте ещё раз.",
        Code.RESTARTING: (
            "Бот перезапускается и не успел закончить. Через минуту повторите, пожалуйста, "
            "последнее действие; если присылали ключ – пришлите его ещё раз."
        ),
        Code.INTERNAL: "Что-то пошло не так у нас. Данные на месте; попробуйте через минуту.",
    }
)

ENGLISH: Mapping[Code, str] = MappingProxyType(
    {
        Code.KEY_MALFORMED: (
            "This does not look like an API key: it has three long parts divided by dots and "
            "begins with «eyJ». Please copy all of it and send it again."
        ),
        Code.KEY_EXPIRED: "This key has expired. Please create a new one and send it.",
        Code.KEY_TEST: (
            "This is a test key: it works in the Wildberries sandbox only. "
            "Please create an ordinary one and send it."
        ),
        Code.KEY_FOREIGN_SERVICE: (
            "This key was made for another service. Please create a Base key and send it."
        ),
        Code.KEY_LACKS_ANALYTICS: (
            "The key lacks the Analytics right. Please create one with Analytics and Statistics."
        ),
        Code.KEY_LACKS_STATISTICS: (
            "The key lacks the Statistics right. Please create one with Analytics and Statistics."
        ),
        Code.KEY_REJECTED: (
            "Wildberries does not accept this key: it is withdrawn or wrong. "
            "Please create a new one."
        ),
        Code.KEY_MISSING: "The shop has no key. Add one: «🔑 Add API key».",
        Code.KEY_OF_ANOTHER_SELLER: (
            "This shop is connected by another user already. If that is a mistake, write to us."
        ),
        Code.METHOD_CLOSED_FOR_KEY: (
            "Wildberries has closed some data to this kind of key. The rest is refreshed."
        ),
        Code.METHOD_BLOCKED: (
            "Wildberries has closed some data. Please check your subscriptions and the employee "
            "who made the key, or create a new key."
        ),
        Code.METHOD_DISABLED: f"Wildberries has switched some data off. {_KEEPS_EN}",
        Code.PATH_NOT_FOUND: f"Wildberries has moved some data away. {_OURS_EN}",
        Code.SERVICE_BALANCE_EMPTY: f"Wildberries asks the service to pay. {_OURS_EN}",
        Code.REQUEST_REFUSED: f"Wildberries did not understand our request. {_OURS_EN}",
        Code.REQUEST_TOO_LARGE: f"Wildberries finds the request too large. {_OURS_EN}",
        Code.RATE_LIMITED: f"Wildberries asks us to wait. {_KEEPS_EN}",
        Code.BUDGET_SPENT: f"The key's allowance of requests is spent. {_KEEPS_EN}",
        Code.VENDOR_FAILED: f"Wildberries answers with an error. {_KEEPS_EN}",
        Code.VENDOR_UNREACHABLE: f"Wildberries does not answer. {_KEEPS_EN}",
        Code.ANSWER_CUT: f"The answer of Wildberries broke off. {_KEEPS_EN}",
        Code.ANSWER_NOT_UNDERSTOOD: f"Wildberries has changed its answer. {_OURS_EN}",
        Code.STATUS_UNKNOWN: f"Wildberries gave an unknown answer. {_OURS_EN}",
        Code.REPORT_IN_THE_MAKING: f"Wildberries is still making the report. {_KEEPS_EN}",
        Code.REPORT_GONE: f"The report is gone, I order a new one. {_KEEPS_EN}",
        Code.SUSPICIOUSLY_EMPTY: (
            "Wildberries sent an empty answer although there were products. The earlier data "
            "stay, I check again."
        ),
        Code.SHEET_NO_ACCESS: "The table is closed to the bot. Give it access and refresh.",
        Code.SHEET_GONE: "The table was deleted. The data are kept: a new one can be made.",
        Code.SHEET_TRASHED: (
            "The table lies in the trash of Google Drive and is not refreshed. Restore it or make "
            "a new one: the data are kept."
        ),
        Code.SHEET_PROTECTED: "The tab is protected. Please lift the protection and refresh.",
        Code.SHEET_BROKEN: (
            "The column «NM ID» is gone, so nothing can be written. Bring it back (File → Version "
            "history) or make a new table: the data are kept."
        ),
        Code.SHEET_TOO_LARGE: "The file is full. Please delete tabs that you do not need.",
        Code.SHEET_REQUEST_REFUSED: f"Google did not take the figures. {_OURS_EN}",
        Code.SHEET_ADDRESS_UNKNOWN: (
            "Google does not know the address of your profile, so the table is not shared. "
            "An e-mail with a Google account is needed."
        ),
        Code.SHEET_LINK_INVALID: (
            "This is no link to a Google Sheet. Open the sheet, copy the link from the address "
            "bar and send it. An Excel file on Drive will not do: save it as a Google Sheet."
        ),
        Code.SHEET_READ_ONLY: (
            "The bot may only view. Give its address the role “Editor” and send the link again."
        ),
        Code.SHEET_CODE_WRONG: (
            "Cell A1 of the first tab does not hold the code. Put the whole code there and send "
            "the link again."
        ),
        Code.SHEET_CODE_EXPIRED: "The code is too old: it lasts an hour. Please begin again.",
        Code.SHEET_TAKEN: (
            "This sheet is a shop's table already. Make a blank sheet and send its link."
        ),
        Code.GOOGLE_STORAGE_FULL: f"The Google Drive is full. {_OURS_EN}",
        Code.GOOGLE_DISABLED: f"Google has switched our access off. {_OURS_EN}",
        Code.GOOGLE_TOKEN_DEAD: f"Our access to Google has expired. {_OURS_EN}",
        Code.GOOGLE_RATE_LIMITED: f"Google asks us to wait. {_KEEPS_EN}",
        Code.GOOGLE_FAILED: f"Google answers with an error. {_KEEPS_EN}",
        Code.GOOGLE_UNREACHABLE: f"Google does not answer. {_KEEPS_EN}",
        Code.NAME_INVALID: (
            "A name has 2 to 50 characters, with letters, and is no command. "
            "For example: <i>Anna Ivanova</i>"
        ),
        Code.EMAIL_INVALID: (
            "This does not look like an e-mail. For example: <i>anna@example.com</i>"
        ),
        Code.PHONE_INVALID: (
            "This does not look like a phone number. For example: <i>+7 999 123-45-67</i>"
        ),
        Code.CONTACT_NOT_OWN: (
            "This is somebody else's contact. Press the button below to share your own number, "
            "or type it. For example: <i>+7 999 123-45-67</i>"
        ),
        Code.NOT_REGISTERED: "Please register first: press /start.",
        Code.NOT_ALLOWED: "You may not do this.",
        Code.SHOP_UNKNOWN: "There is no such shop. Open /menu and choose again.",
        Code.PAUSED: "The shop is paused. You can resume it in «⚙️ Settings».",
        Code.SUPERSEDED: "A new refresh has replaced this one: fresh data come with it.",
        Code.NO_DATA_YET: "There are no data yet. Press «🔄 Refresh now».",
        Code.STORED_DATA_SEALED: (
            "The stored data could not be opened. We look into it; "
            "if you cannot wait, replace the key."
        ),
        Code.STORAGE_UNREACHABLE: "The data cannot be read now. Please try in a minute.",
        Code.TELEGRAM_FAILED: "Telegram did not answer. Please try again.",
        Code.RESTARTING: (
            "The bot is restarting and could not finish. In a minute, please do again what you "
            "did last; if you sent a key, send it once more."
        ),
        Code.INTERNAL: "Something went wrong on our side. Data are safe; try in a minute.",
    }
)
