"""What stands in a text message: letters that cost one part and not two, names that cannot pass for codes, numbers that can be reached."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vps.kernel.text import WrongPhone
from vps.post.sms import is_gsm, number, parts, plain, safe_name

any_text = st.text(st.characters(), max_size=60)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("a" * 152 + "€" + "a" * 152, 3),  # 306 septets, but the € is not cut in two
        ("ж" * 70, 1),
        ("ж" * 71, 2),
        ("ж" * 134, 2),
        ("ж" * 135, 3),
        ("🍵" * 35, 1),
        ("🍵" * 36, 2),
        ("🍵" * 66, 2),
        ("🍵" * 67, 3),  # 33 to a part: the 67th unit stays empty
        ("ä" * 160, 1),
        ("č" * 71, 2),
    ],
)
def test_a_text_is_counted_as_the_phone_companies_do(text, count):
    assert parts(text) == count


@pytest.mark.parametrize(
    ("language", "text", "shown"),
    [
        ("sr", "Ђорђе Његошић: пренос 1.250,00 EUR за Петра М.", "Djordje Njegosic: prenos 1.250,00 EUR za Petra M."),
        ("sr_Latn", "Đorđe Žižić šalje čašu ćerki", "Djordje Zizic salje casu cerki"),
        ("hr", "Niste Vi? Ne unosite kôd – „Đ“…", 'Niste Vi? Ne unosite kod - "Dj"...'),
        ("de", "Übertrag an Jürgen Groß: 5\N{NO-BREAK SPACE}€", "Übertrag an Jürgen Groß: 5 €"),
        ("de", "Übertrag an Борис Щ.", "Übertrag an Boris Shh."),
        ("en", "Dušan’s café: ły œ", "Dusan's café: ly oe"),
        ("en", "объект", "obekt"),
        ("ru", "Перевод 1\N{NO-BREAK SPACE}250,00\N{NO-BREAK SPACE}€ №5 – «да»…", 'Перевод 1 250,00 € №5 - "да"...'),
        ("de", "茶 für Anna", "茶 für Anna"),
        ("en", "a\u202eb\u200bc\u2066d\x00e\ufeff\ntwo", "abcde\ntwo"),
        ("ru", "а\u202eб\u200bв\x1b", "абв"),
    ],
)
def test_a_text_goes_out_in_letters_that_cost_little(language, text, shown):
    assert plain(text, language) == shown


@pytest.mark.parametrize("language", ["en", "de", "hr", "sr", "sr_Latn"])
@given(text=st.text(st.characters(codec="cp1250") | st.sampled_from("ђјљњћџЉЊЏабвгдежзийклмнопрстуфхцчшщъыьэюя"), max_size=40))
def test_no_letter_of_our_languages_halves_a_message(language, text):
    left = [sign for sign in plain(text, language) if unicodedata.category(sign) in ("Lu", "Ll") and not is_gsm(sign)]
    assert left == []


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Petra Müller", "Petra M."),
        ("TAN 000000", "TAN"),
        ("483920", ""),
        ("evil.example/x Anna", "Anna"),
        ("Anna\u202e 483920 \u200bBauer", "Anna B."),
        ("Maximilianfriedrichgustav Muster", "Maximilianfriedri M."),
        ("Maximilianfriedrichgustav", "Maximilianfriedrichg"),
        ("אבגד Levi", "Levi"),
        ("", ""),
    ],
)
def test_a_name_cannot_write_into_somebodys_message(name, safe):
    assert safe_name(name) == safe


@given(any_text)
def test_whatever_the_name_it_is_short_and_holds_no_figure_and_no_address(text):
    safe = safe_name(text)
    assert len(safe) <= 20
    assert not any(sign.isdecimal() or sign in "/:@#\n" for sign in safe)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("+49 151 234-567 89", "+4915123456789"),
        ("0049 (151) 23456789", "+4915123456789"),
        ("+381 60 1234", "+381601234"),
        ("+12345678", "+12345678"),
        ("+123456789012345", "+123456789012345"),
    ],
)
def test_a_number_is_kept_as_e164_writes_it(typed, found):
    assert number(typed) == found


@pytest.mark.parametrize("typed", ["", "0151 23456789", "+1234567", "+1234567890123456", "+49 151 CALL-ME", "+49151;+49152", "+٤٩١٥١٢٣٤٥٦"])
def test_what_cannot_be_called_is_refused(typed):
    with pytest.raises(WrongPhone):
        number(typed)
