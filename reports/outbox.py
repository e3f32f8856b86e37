"""Mails and editions as files: the outbox of an installation without a mail server, and previews."""

import os
from contextlib import suppress
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote

from storage.errors import ConfigError
from storage.model import Edition


def write_outbox(directory: Path, message: EmailMessage, name: str) -> Path:
    """Write a mail as `<name>.eml`, whole or not at all; a file of that name is replaced.

    name: any text, such as `2026-W47-a@b.example`; what a file name cannot hold is percent-encoded.
    Raises ConfigError naming the directory if it cannot be written.
    """
    return _write(directory, f"{name}.eml", message.as_bytes())


def write_edition(directory: Path, edition: Edition, message: EmailMessage, name: str) -> tuple[Path, ...]:
    """Write an edition as `<name>.eml`, `<name>.html` and `<name>.txt`; as `write_outbox`."""
    return (
        write_outbox(directory, message, name),
        _write(directory, f"{name}.html", edition.html.encode()),
        _write(directory, f"{name}.txt", edition.text.encode()),
    )


def _write(directory: Path, name: str, content: bytes) -> Path:
    path = directory / quote(name, safe="@+ ")
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        directory.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(content)
        partial.replace(path)
    except OSError as error:
        with suppress(OSError):  # it may never have been begun
            partial.unlink()
        raise ConfigError(f"{directory}: cannot write {path.name}: {error.strerror or error}") from error
    return path
