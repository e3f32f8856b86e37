"""What sources are seen to repeat."""

from storage.archive import Archive

MENU, SHOP = 11, -12


def note(archive: Archive, pages: range, *marks: int, source: str = "example") -> None:
    """Pages of nine lines of their own, and these."""
    for number in pages:
        archive.habits.note(source, frozenset((*range(1000 * (number + 1), 1000 * (number + 1) + 9), *marks)))


def test_a_line_of_five_pages_is_repeated_and_one_of_four_is_not(archive: Archive) -> None:
    note(archive, range(4), MENU)
    assert archive.habits.repeated("example") == frozenset()
    note(archive, range(4, 5), MENU)
    assert archive.habits.repeated("example") == {MENU}
    assert archive.habits.repeated("other") == frozenset()


def test_a_line_of_fewer_than_a_fifth_of_the_pages_is_not_repeated(archive: Archive) -> None:
    note(archive, range(6), MENU)
    note(archive, range(6, 30))
    assert archive.habits.repeated("example") == {MENU}
    note(archive, range(30, 31))
    assert archive.habits.repeated("example") == frozenset()


def test_the_same_text_at_other_addresses_or_corrected_teaches_nothing(archive: Archive) -> None:
    text = frozenset(range(1000, 1009))
    for number in range(9):
        archive.habits.note("example", text | {5000 + number})
    assert archive.habits.repeated("example") == frozenset()


def test_a_site_that_changes_its_boilerplate_is_followed(archive: Archive) -> None:
    note(archive, range(100), MENU)
    note(archive, range(100, 120), SHOP)
    assert archive.habits.repeated("example") == {MENU, SHOP}
    note(archive, range(120, 230), SHOP)
    assert archive.habits.repeated("example") == {SHOP}
