"""What turns the direction of writing in a text turns nothing behind it."""

import pytest

from tenants.direction import kept_to_itself


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Tolmie", "Tolmie"),
        ("אלון בע״מ", "אלון בע״מ"),
        ("\u202egnp.exe", "\u202egnp.exe\u202c"),
        ("\u202ea\nb", "\u202ea\u202c\nb"),
        ("a\u202c b\u2069", "a b"),
        ("\u2067\u202ea\u2069 b", "\u2067\u202ea\u2069 b"),
        ("\u2068a\u202eb", "\u2068a\u202eb\u202c\u2069"),
        ("\u202ea\u2068b\u202c", "\u202ea\u2068b\u2069\u202c"),
        ("\u202a\u202b" * 200, "\u202a\u202b" * 200 + "\u202c" * 400),
    ],
)
def test_what_a_line_opens_it_closes_and_what_closes_nothing_goes(typed, kept):
    assert kept_to_itself(typed) == kept
    assert kept_to_itself(kept) == kept
