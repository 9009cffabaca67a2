from bot.channels.measure import cut, cut_utf16, graphemes, head_utf16, utf16_length

FAMILY = "👨‍👩‍👧‍👦"  # one character to a reader, eleven UTF-16 units


def test_characters_beyond_the_basic_plane_count_two_units() -> None:
    assert utf16_length("案a𠮷😀") == 6


def test_a_family_is_one_grapheme_and_eleven_units() -> None:
    assert (graphemes(FAMILY), utf16_length(FAMILY)) == (1, 11)


def test_a_line_end_of_two_characters_is_one_grapheme() -> None:
    assert graphemes("a\r\nb") == 3


def test_a_text_that_fits_is_left_alone() -> None:
    assert cut("一二三", graphemes=3) == "一二三"
    assert cut_utf16("一二三", units=3) == "一二三"


def test_a_text_too_long_ends_in_an_ellipsis_within_the_limit() -> None:
    assert cut("一二三四", graphemes=3) == "一二…"
    assert cut_utf16("一二三四", units=3) == "一二…"


def test_cutting_never_splits_a_grapheme() -> None:
    assert cut(FAMILY * 3, graphemes=2) == FAMILY + "…"
    assert cut_utf16(FAMILY * 3, units=22) == FAMILY + "…"
    assert head_utf16("a" + FAMILY, units=11) == "a"


def test_nothing_fits_in_nothing() -> None:
    assert cut("一", graphemes=0) == ""
    assert cut_utf16("一", units=0) == ""
