"""Who is let into the page: the address that logs a browser in, and passwords of reading apps."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from imaginized.control.protocol import Role
from imaginized.errors import ControlError, ExitCode
from imaginized.web.passes import FILE, TICKET_LIFE, load_door, make_door

USER = "imaginized"


@dataclass(frozen=True, slots=True, kw_only=True)
class LetIn:
    """A login.

    Attributes:
        url: Where the page is.
        value: The ticket, or the password.
    """

    url: str
    value: str
    is_device: bool

    def answer(self) -> dict[str, object]:
        """As --json has it."""
        if self.is_device:
            return {"url": self.url, "opds": f"{self.url}/opds", "user": USER, "password": self.value}
        return {"url": f"{self.url}/login#t={self.value}", "seconds": int(TICKET_LIFE.total_seconds())}

    def lines(self) -> Iterator[str]:
        """For a person."""
        if self.is_device:
            yield f"catalogue: {self.url}/opds"
            yield f"user:      {USER}"
            yield f"password:  {self.value}"
        else:
            yield f"{self.url}/login#t={self.value}"


def let_in(library: Path, *, may_work: bool, is_device: bool, end_all: bool) -> LetIn:
    """A new login for the page of this library.

    Raises:
        ControlError: No page was ever started for it, or its key may not be read by us.
    """
    try:
        door = load_door(library)
        if door is not None and end_all:
            door = make_door(library, url=door.url, is_new=True)
    except PermissionError as error:
        text = f"no permission for {error.filename}, which lets people into the page"
        raise ControlError(text, exit_code=ExitCode.PERMISSION, advice="use sudo, or be the daemon's user") from error
    if door is None:
        text, advice = "no page was ever started for this library", "start it with `imaginized web`"
        if (library / FILE).exists():
            text = f"{library / FILE}, which lets people into the page, is damaged"
            advice = "start the page again: it makes a new one, and everybody logs in again"
        raise ControlError(text, exit_code=ExitCode.NOT_RUNNING, advice=advice)
    # A device that reads a catalogue has no need to change anything.
    role = Role.READ if is_device or not may_work else Role.WORK
    value = door.issue("device" if is_device else "ticket", role=role, now=datetime.now(UTC))
    return LetIn(url=door.url, value=value, is_device=is_device)
