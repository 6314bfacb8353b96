import pytest

from bot.sandbox.telegram.errors import BotApiError
from bot.sandbox.telegram.html import parse_html
from bot.sandbox.telegram.text import formatted


def test_tags_become_entities_that_count_in_utf16():
    plain, entities = parse_html("🔑 <b>Ключ <i>WB</i></b> &lt;тут&gt; &#33;")
    assert plain == "🔑 Ключ WB <тут> !"
    assert entities == [
        {"offset": 3, "length": 7, "type": "bold"},
        {"offset": 8, "length": 2, "type": "italic"},
    ]


@pytest.mark.parametrize(
    ("source", "entity"),
    [
        ('<a href="https://e.org/?a=1&amp;b=2">x</a>', ("text_link", "https://e.org/?a=1&b=2")),
        ("<blockquote expandable>x</blockquote>", ("expandable_blockquote",)),
        ("<blockquote>x</blockquote>", ("blockquote",)),
        ("<tg-spoiler>x</tg-spoiler>", ("spoiler",)),
        ('<span class="tg-spoiler">x</span>', ("spoiler",)),
        ('<pre><code class="language-python">x</code></pre>', ("pre", "python")),
        ('<tg-time unix="1763600000" format="r">x</tg-time>', ("date_time", 1763600000, "r")),
        ("<DEL>x</DEL>", ("strikethrough",)),
    ],
)
def test_what_each_tag_means(source, entity):
    plain, [found] = parse_html(source)
    assert plain == "x"
    assert (found.pop("offset"), found.pop("length")) == (0, 1)
    kind, *details = entity
    assert found.pop("type") == kind
    assert list(found.values()) == details


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("<h1>x</h1>", 'Unsupported start tag "h1" at byte offset 0'),
        ("ёж<br>", 'Unsupported start tag "br" at byte offset 4'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler"'),
    ],
)
def test_errors_speak_like_telegram(source, reason):
    with pytest.raises(BotApiError) as refusal:
        parse_html(source)
    assert refusal.value.status == 400
    assert f"can't parse entities: {reason}" in refusal.value.description


def test_unknown_references_and_empty_tags_are_left_alone():
    assert parse_html("A&nbsp;B & C <b></b>") == ("A&nbsp;B & C ", [])


def test_outer_blanks_go_and_entities_move_along():
    text = formatted("\n <b>Готово</b> \n", "HTML", [])
    assert text.plain == "Готово"
    assert text.entities == ({"offset": 0, "length": 6, "type": "bold"},)


def test_markdown_is_refused_rather_than_misread():
    with pytest.raises(BotApiError):
        formatted("*x*", "MarkdownV2", [])
