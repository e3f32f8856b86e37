"""web: the pages that mails lead to, as an application of the archive (FastAPI).

Reading order: web_reading, web_signing and web_monitoring (what is answered), pages, pages_story and
pages_form (what is shown, what was asked for), web_answers (headers and templates), web_server (uvicorn).
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, tzinfo
from functools import partial
from pathlib import Path
from typing import Any

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException as AnyHTTPException
from starlette.requests import ClientDisconnect

from reports.links import Site
from reports.web_answers import ALWAYS, House, problem
from reports.web_monitoring import Monitoring, Watched
from reports.web_reading import Reading
from reports.web_signing import Signing
from storage.archive import Archive
from storage.errors import ArchiveError, NotFound, TooMany
from storage.event import event
from storage.model import Topic

log = logging.getLogger(__name__)
_LATER = {"Retry-After": "300"}


def application(
    archive: Archive,
    *,
    site: Site,
    topics: Iterable[Topic],
    zone: tzinfo,
    language: str = "ar",
    locale: str = "",
    sentences: int = 2,
    sign_up: bool = False,
    snapshots: Path | None = None,
    watched: Watched | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> FastAPI:
    """The pages of an archive: issues, stories, stored pages, and those where people subscribe and leave.

    site: how readers reach them. topics: those that may be subscribed to, the first one first. zone: whose
    days and hours are shown. language: of readers who ask for none that we speak; locale: whose months Arabic
    pages name. sentences: of each extract. sign_up: whether anybody may subscribe. snapshots: the folder of
    the stored pages; None: they are nobody's to see. watched: what monitoring is shown; None: nothing is.
    """
    house = House(site=site, language=language, locale=locale, sign_up=sign_up)
    named = {each.id: each for each in topics}
    reading = Reading(
        archive=archive, house=house, topics=named, zone=zone, sentences=sentences, snapshots=snapshots
    )
    signing = Signing(archive=archive, house=house, topics=named, clock=clock)
    app = FastAPI(openapi_url=None, redirect_slashes=False, exception_handlers=_handlers(house))
    _show_what_is_read(app, reading)
    _show_what_is_signed(app, signing)
    if watched is not None:
        monitoring = Monitoring(archive=archive, watched=watched, clock=clock)
        _get(app, ("/readyz",), monitoring.ready)
        _get(app, ("/metrics",), monitoring.metrics)
    return app


def _show_what_is_read(app: FastAPI, reading: Reading) -> None:
    _get(app, ("/healthz",), _healthy)
    _get(app, ("/", "/issues"), reading.issues)
    _get(app, ("/issues/{series}/{name}",), reading.issue)
    _get(app, ("/stories/{number}",), reading.story)
    if reading.snapshots is not None:
        _get(app, ("/snapshots/{number}",), reading.snapshot)


def _show_what_is_signed(app: FastAPI, signing: Signing) -> None:
    _get(app, ("/confirm/{token}",), signing.ask_to_confirm)
    _get(app, ("/unsubscribe/{token}",), signing.ask_to_leave)
    app.add_api_route("/confirm/{token}", signing.confirm, methods=["POST"])
    app.add_api_route("/unsubscribe/{token}", signing.leave, methods=["POST"])
    if signing.house.sign_up:
        _get(app, ("/subscribe",), signing.form)
        app.add_api_route("/subscribe", signing.subscribe, methods=["POST"])


def _get(app: FastAPI, paths: Sequence[str], answer: Callable[..., Any]) -> None:
    for path in paths:
        app.add_api_route(path, answer, methods=["GET", "HEAD"])


async def _healthy() -> Response:
    """That the process answers, whatever the database does to the threads that wait for it."""
    return Response("ok", 200, {**ALWAYS, "Cache-Control": "no-store"}, "text/plain")


def _handlers(house: House) -> dict[int | type[Exception], Callable[..., Any]]:
    """What becomes of what is raised: a page, and a line in the log where it is the operator's to know."""

    def refused(request: Request, error: AnyHTTPException) -> Response:
        return problem(house, request, error.status_code, error.headers)

    def unreachable(request: Request, error: ArchiveError) -> Response:
        log.error(event("page not shown", error=error))
        return problem(house, request, 503, _LATER)

    def said(status: int, request: Request, _: Exception) -> Response:
        return problem(house, request, status, _LATER if status == 429 else {})

    return {
        AnyHTTPException: refused,
        HTTPException: refused,
        RequestValidationError: partial(said, 422),
        NotFound: partial(said, 404),
        TooMany: partial(said, 429),
        ArchiveError: unreachable,
        ClientDisconnect: partial(said, 422),
        Exception: partial(said, 500),
    }
