"""The fields of a form that was sent, bounded."""

from urllib.parse import parse_qsl

from fastapi import HTTPException, Request

MOST = 10_000  # bytes
_FIELDS = 50


async def sent_form(request: Request) -> dict[str, str]:
    """The fields of the body, of several of one name the last.

    Raises HTTPException: 413 where it is too large, 422 where it has more fields than any form of ours.
    """
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > MOST:
            raise HTTPException(413)
    try:
        return dict(
            parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_FIELDS)
        )
    except ValueError as error:
        raise HTTPException(422) from error
