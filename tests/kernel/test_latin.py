"""Names in the letters that banks take."""

import unicodedata

import cyrtranslit
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vps.kernel.latin import is_latin, latin


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        ("Жељко Петровић", "Zeljko Petrovic"),
        ("Ђорђе Ћирић", "Djordje Ciric"),
        ("ЂОРЂЕ ЉУБИЧИЋ", "DJORDJE LJUBICIC"),
        ("Đurđa Šarić", "Djurdja Saric"),
        ("Müller & Söhne GROẞ", "Mueller + Soehne GROSS"),
        ("Юлия Щербакова", "Iuliia Shcherbakova"),
        ("ЩУКИН Семён", "SHCHUKIN Semen"),
        ("Łukasz Żółć, Françoise d’Été", "Lukasz Zolc, Francoise d'Ete"),
        ("Άγγελος", "Aggelos"),
        ("½ №5 – 10 €", "1/2 No.5 - 10 EUR"),
        ("//a//b/", "a/b"),
        ("Anna 李\N{GRINNING FACE}明 x", "Anna . . x"),
        ("\N{COMBINING ACUTE ACCENT}", ""),
    ],
)
def test_names_are_spelled_as_banks_and_passports_spell_them(name: str, spelled: str) -> None:
    assert latin(name) == spelled
    assert latin(unicodedata.normalize("NFD", name)) == spelled


def test_letters_that_two_alphabets_share_follow_the_language() -> None:
    assert (latin("Чабаркапа", "sr"), latin("Чабаркапа", "sr_Latn"), latin("Чабаркапа", "ru")) == ("Cabarkapa", "Cabarkapa", "Chabarkapa")
    assert latin("Чабаркапа") == "Chabarkapa"
    assert latin("Чубрило Маја") == "Cubrilo Maja"  # its ј is Serbian
    assert latin("Јулия Чехова", "ru") == "Juliia Chekhova"


@pytest.mark.parametrize("letter", "абвгдђежзијклљмнњопрстћуфхцчџш")
def test_serbian_cyrillic_is_its_own_latin_without_the_marks(letter: str) -> None:
    assert latin(letter, "sr") == latin(cyrtranslit.to_latin(letter, "sr"))


@settings(max_examples=50)
@given(st.text(max_size=40), st.sampled_from(["", "sr", "ru", "de"]))
def test_whatever_is_written_comes_out_in_those_letters(text: str, language: str) -> None:
    spelled = latin(text, language)
    assert is_latin(spelled)
    assert latin(spelled, language) == spelled
