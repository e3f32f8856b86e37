"""Rooms: schemas beside the archive's own."""

from storage.archive import Archive


def test_a_room_is_made_empty_and_says_what_is_in_it(postgresql_url: str) -> None:
    with Archive(postgresql_url) as archive:
        assert archive.rooms.noted("rasid_room") == ""
        archive.rooms.make("rasid_room")
        assert archive.rooms.noted("rasid_room") == ""
        archive.rooms.note("rasid_room", "whose it is: 3.1, 50 % of it")
        assert archive.rooms.noted("rasid_room") == "whose it is: 3.1, 50 % of it"
        archive.rooms.make("rasid_room")
        assert archive.rooms.noted("rasid_room") == ""
        assert archive.keeping.findings() == ()
