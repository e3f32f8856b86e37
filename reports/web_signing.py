"""What people do for themselves: subscribe, say that it was them, leave.

Nothing but a POST changes anything: scanners of mail follow its links. Nobody learns from an answer whether
an address was known.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request, Response

from reports.pages import page_words, topic_name
from reports.pages_form import LONGEST_QUERY, Mistake, Wish, read_wish
from reports.web_answers import NO_TRACE, House, language_and_locale, page, problem
from reports.web_form import sent_form
from reports.wording import LANGUAGES
from storage.archive import Archive
from storage.errors import NotFound
from storage.model import Schedule, Subscriber, SubscriberState, Topic

Form = Annotated[dict[str, str], Depends(sent_form)]
_SHAPE = re.compile(r"[A-Za-z0-9_-]{1,100}")  # of a token; mail programs add what is not theirs
TRAP = "website"
"""A field that people do not see: who fills it in is a program, and is thanked like everybody else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """The pages with something of one reader in them."""

    archive: Archive
    house: House
    topics: Mapping[str, Topic]
    clock: Callable[[], datetime]

    def form(self, request: Request) -> Response:
        """The sign-up page."""
        language, _ = language_and_locale(self.house, request)
        typed = {"language": language, "schedule": Schedule.WEEKLY.value, "empty": "yes"}
        return self._form(request, typed, {})

    def subscribe(self, request: Request, fields: Form) -> Response:
        """Note a wish, whose owner is asked by mail; the same answer whether there is anything to ask."""
        wish = read_wish(fields, tuple(self.topics), self.clock())
        if not isinstance(wish, Wish):
            return self._form(request, fields, wish)
        if not fields.get(TRAP):
            self.archive.subscribing.ask(
                wish.address, wish.series, wish.language, self.clock(), empty=wish.empty
            )
        return page(self.house, request, "asked.html", shown={"address": wish.address}, headers=NO_TRACE)

    def ask_to_confirm(self, request: Request, token: str) -> Response:
        """A button to say that it was them."""
        found = self._of(token)
        if found is None:
            return problem(self.house, request, 404, key="unknown_token")
        return self._token_page(request, "confirm.html", found, is_done=_is_confirmed(found))

    def confirm(self, request: Request, token: str, _: Form) -> Response:
        """It was them."""
        if self._of(token) is None:
            return problem(self.house, request, 404, key="unknown_token")
        found = self.archive.subscribing.confirm(token, self.clock())
        return self._token_page(request, "confirm.html", found, is_done=True)

    def ask_to_leave(self, request: Request, token: str) -> Response:
        """A button to leave."""
        found = self._of(token)
        if found is None:
            return problem(self.house, request, 404, key="left_before")
        return self._token_page(request, "leave.html", found, is_done=False)

    def leave(self, request: Request, token: str, _: Form) -> Response:
        """Leave by the button, or by a mail program's one click (RFC 8058): done, now or before."""
        found = self._of(token)
        if found is None:
            return problem(self.house, request, 200, key="left_before")
        try:
            self.archive.subscribing.leave(token)
        except NotFound:  # somebody was faster, with the same result
            return problem(self.house, request, 200, key="left_before")
        return self._token_page(request, "leave.html", found, is_done=True)

    def _of(self, token: str) -> Subscriber | None:
        try:
            return self.archive.subscribing.of_token(token) if _SHAPE.fullmatch(token) else None
        except NotFound:
            return None

    def _form(self, request: Request, typed: Mapping[str, str], mistakes: Mapping[str, Mistake]) -> Response:
        words = page_words(*language_and_locale(self.house, request))
        shown = {
            "typed": typed,
            "mistakes": mistakes,
            "topics": {each: topic_name(each, self.topics, words) for each in self.topics},
            "schedules": {each.value: words.say(f"choose_{each.value}") for each in Schedule},
            "languages": {each: words.say(each) for each in LANGUAGES},
            "trap": TRAP,
            "longest": LONGEST_QUERY,
        }
        status = 422 if mistakes else 200
        return page(self.house, request, "subscribe.html", shown=shown, status=status, headers=NO_TRACE)

    def _token_page(self, request: Request, template: str, found: Subscriber, *, is_done: bool) -> Response:
        """In the language the subscriber chose, unless the address asks for another."""
        words = page_words(*language_and_locale(self.house, request, found.language))
        topic = topic_name(found.series.topic, self.topics, words)
        shown = {"found": found, "topic": topic, "is_done": is_done}
        own = found.language
        return page(self.house, request, template, shown=shown, language=own, headers=NO_TRACE)


def _is_confirmed(found: Subscriber) -> bool:
    return found.state is not SubscriberState.PENDING
