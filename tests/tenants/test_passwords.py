"""What may be a password, and what nobody may choose."""

import time
import unicodedata

import pytest

from tenants import passwords
from tenants.passwords import PasswordRefused

ABOUT = ("Geneviève Lacroix-Audet", "g.lacroix-audet@prevoir-est.example", "Prévoir-Est")
GOOD = (
    "copper kettle sings at dawn", "solitude marbre lanterne", "the green ladder of my aunt", "kZ8#qLw!2vR$9mTxP",
    "grüne Wolken über Łódź", "七匹の猫と古いランプと青い傘の話をする", "glib fox parks nine vans",
)  # fmt: skip
COMMON = (
    "password1234567", "Password-Password-2026!", "P@ssw0rdP@ssw0rd", "qwertyuiopasdfghjkl", "poiuytrewqlkjhgfdsa",
    "1234567890123456", "aaaaaaaaaaaaaaaaaaaa", "abcabcabcabcabcabc", "lampe lampe lampe lampe", "ab" * 64,
    "Correct Horse Battery Staple", "to be or not to be!!", "Il était une fois…", "Winter2026Winter2026",
    "iloveyou iloveyou", "motdepassemotdepasse", "safety-first-ontario-2026",
    "Welcome to Canada 2026", "go leafs go go leafs go",
)  # fmt: skip
PERSONAL = (
    "Geneviève Lacroix 1", "lacroixaudet2026!!", "g.lacroix-audet@prevoir-est.example", "PREVOIR-EST-PREVOIR-EST",
    "genevieve genevieve",
)  # fmt: skip


def reason(password: str, about=ABOUT) -> str:
    with pytest.raises(PasswordRefused) as refused:
        passwords.refuse_weak(password, about=about)
    return refused.value.reason


@pytest.mark.parametrize("password", GOOD)
def test_a_long_password_of_any_alphabet_is_taken(password):
    passwords.refuse_weak(password, about=ABOUT)


@pytest.mark.parametrize("password", COMMON)
def test_what_everybody_would_try_is_refused(password):
    assert reason(password) == "common"


@pytest.mark.parametrize("password", PERSONAL)
def test_a_person_does_not_take_their_own_name_or_their_firms(password):
    assert reason(password) == "personal"


def test_length_is_the_only_other_rule():
    varied = ("plum tide " + unicodedata.lookup("GREEK SMALL LETTER OMEGA") + "kz7 ") * 20
    assert reason(varied[:14]) == "short"
    passwords.refuse_weak("mint vole drum!"[:15])
    passwords.refuse_weak("".join(chr(0x4E00 + place * 7) for place in range(128)))
    assert reason("".join(chr(0x4E00 + place * 7) for place in range(129))) == "long"


def test_length_is_counted_after_normalisation():
    assert reason("ﷺ" * 15) == "long"  # one sign that is eighteen letters
    composed = "é" * 10
    assert len(unicodedata.normalize("NFD", composed)) == 20
    assert reason(unicodedata.normalize("NFD", composed)) == "short"


def test_a_character_no_keyboard_types_is_refused():
    assert reason("copper kettle\x00sings at dawn") == "unreadable"


def test_a_password_fits_however_its_accents_were_typed():
    kept = passwords.hashed("l'été à Gaspé nous manque")
    assert passwords.fits(unicodedata.normalize("NFD", "l'été à Gaspé nous manque"), kept)[0]
    assert not passwords.fits("l'ete a Gaspe nous manque", kept)[0]


def test_nothing_is_cut_off():
    long = "".join(chr(0x4E00 + place * 7) for place in range(128))
    kept = passwords.hashed(long)
    assert passwords.fits(long, kept)[0]
    assert not passwords.fits(long[:127], kept)[0]
    assert not passwords.fits(long + "x", kept)[0]


def test_a_megabyte_costs_nothing():
    begun = time.process_time()
    for _ in range(100):
        assert not passwords.fits("x" * 1_000_000, None)[0]
        assert reason("x" * 1_000_000) == "long"
    assert time.process_time() - begun < 1  # a hundred runs of argon2 take several seconds


def test_nobodys_password_is_never_right():
    assert not passwords.fits("a password that nobody has", None)[0]
