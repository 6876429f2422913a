"""Giving files to a daemon: asked first whether each would be taken, then copied into its inbox."""

import errno
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from imaginized.control.client import Client
from imaginized.control.protocol import JUDGE, Content
from imaginized.errors import ControlError, ExitCode
from imaginized.inbox.dropping import Asked, copy_into, digest_of, reference_at
from imaginized.inbox.explain import judge_file
from imaginized.reasons import Code
from imaginized.store.writing import WRITTEN_TO, is_as_copied
from imaginized.story.sidecar_keys import FORCE


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What became of one file.

    Attributes:
        code: 0 while all is well; else why not, as the program's exit code.
        reason: For a person; "" while there is nothing to say.
        why: The code of that; None while all is well.
        next_step: What to do; "" for nothing.
        name: In the inbox; "" where it is not copied.
        inbox: The inbox that it goes to; None where nobody asked.
        shard: The home whose inbox that is; "" where there is one home.
        digest: SHA-256 of its content, hex; "" where nobody looked.
        reference: Of the copy, as its notes have it.
        book: Its book, or the one that has its content already; "" while there is none.
        guide: The page to open, once there is one.
    """

    file: Path
    code: ExitCode = ExitCode.OK
    reason: str = ""
    why: Code | None = None
    next_step: str = ""
    name: str = ""
    inbox: Path | None = None
    shard: str = ""
    digest: str = ""
    reference: str = ""
    book: str = ""
    guide: str = ""

    @property
    def shown(self) -> str:
        """Its name, with that of its home where there are several: as `status` has what lies in an inbox."""
        return f"{self.shard}/{self.name}" if self.shard else self.name

    def answer(self) -> dict[str, object]:
        """As --json has it."""
        texts = ("reason", "next_step", "name", "book", "guide")
        told = {name: getattr(self, name) or None for name in texts}
        told |= {"shard": self.shard, "inbox": str(self.inbox)} if self.shard else {}
        return {"file": str(self.file), "exit_code": int(self.code), "code": self.why, **told}


def add_files(
    client: Client, files: Iterable[Path], *, inbox: Path, asked: Asked, is_converting: bool = False
) -> list[Added]:
    """Copy those into the inbox that will be taken; of each of the others, say why not.

    Args:
        client: The daemon, or a front, which names the inbox for each file.
        files: The originals; they stay.
        inbox: That of a daemon.
        asked: What is asked for them.
        is_converting: Whether other formats are taken, too.

    Raises:
        ControlError: Nothing is added: what is asked for them is wrong, or the daemon refuses.
    """
    done: dict[str, Path] = {}
    found = []
    for file in files:
        refused = _refused(file, is_converting=is_converting)
        found.append(refused or _add(client, file, inbox=inbox, asked=asked, done=done))
    return found


def _refused(file: Path, *, is_converting: bool) -> Added | None:
    """Why a file would never be taken; None where it would, or where only the next look at it can tell."""
    try:
        refused = judge_file(file, is_converting=is_converting)
    except OSError:
        return None
    if refused is None:
        return None
    found = Added(file=file, code=ExitCode.REJECTED, reason=refused.reason, why=refused.code)
    return replace(found, next_step=refused.next_step)


def _add(client: Client, file: Path, *, inbox: Path, asked: Asked, done: dict[str, Path]) -> Added:
    try:
        before = file.stat()
        known = _known(client, file, inbox=inbox, digest=digest_of(file), asked=asked, done=done)
        if known.code is not ExitCode.OK:
            return known
        assert known.inbox is not None
        if known.shard and not known.inbox.is_dir():
            return _unreached(known)
        if not is_as_copied(before, file.stat()):  # its home follows from its content
            raise OSError(errno.EBUSY, WRITTEN_TO)
        target = copy_into(known.inbox, file, asked=asked)
    except PermissionError as error:
        text, step = f"no permission: {error.filename}", "Give yourself access, or use sudo."
        return Added(file=file, code=ExitCode.PERMISSION, reason=text, why=Code.NO_ACCESS, next_step=step)
    except OSError as error:
        text = f"it could not be copied: {error.strerror or error}"
        return Added(file=file, code=ExitCode.BUG, reason=text, why=Code.IO)
    done[known.digest] = file
    return replace(known, name=target.name, reference=reference_at(target))


def _unreached(one: Added) -> Added:
    """A book of a home whose folders this machine does not have."""
    text = f"home {one.shard} takes it, and that home's inbox, {one.inbox}, is not on this machine"
    step = f"Mount it, and start the front with --home {one.shard}=SOCKET,INBOX; or copy the file into it there."
    return replace(one, code=ExitCode.BUG, reason=text, why=Code.IO, next_step=step)


def _known(client: Client, file: Path, *, inbox: Path, digest: str, asked: Asked, done: Mapping[str, Path]) -> Added:
    """A file whose form is right: whether the library, or this call, has its content already."""
    profile = str(asked["profile"]) if "profile" in asked else None
    try:
        told = client.ask(JUDGE, Content(digest=digest, profile=profile))
    except ControlError as error:
        if error.code is not Code.HOME_AWAY:
            raise
        # Others of these files may be on their way to homes that answer.
        return Added(file=file, code=error.exit_code, reason=error.text, why=error.code, digest=digest)
    if told["profile"]:
        raise ControlError(f"--profile {asked['profile']}: {told['profile']}", exit_code=ExitCode.USAGE)
    one = Added(file=file, digest=digest, inbox=Path(told.get("inbox") or inbox), shard=told.get("shard") or "")
    if digest in done:
        text = f"it is the same book as {done[digest]}"
        return replace(one, code=ExitCode.NOTHING_TO_DO, reason=text, why=Code.DUPLICATE)
    known = told["known"]
    if known is None or asked.get(FORCE) is True:
        return one
    book = known["book"]
    return replace(
        one,
        book=book,
        code=ExitCode.NOTHING_TO_DO,
        why=Code.DUPLICATE,
        reason=f"the library already has this book: {book}, {known['phase']}",
        next_step=f"`imaginizectl retry {book}` retries what failed; `imaginizectl add --force` does all of it again.",
    )
