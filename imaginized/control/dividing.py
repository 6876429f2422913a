"""How a book is divided into chapters, for `imaginizectl chapters`: what was found, and a person's changes to it.

The supervisor reads two small files of the book's folder for this, on request: `data/book.json` and `chapters.toml`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import cast

from imaginized.control.answers import Chapters
from imaginized.control.book_folder import digest_of, load_object, text_of
from imaginized.control.book_sources import read_origin
from imaginized.control.division_rows import Pieces
from imaginized.control.protocol import CHAPTERS, ToDivide
from imaginized.control.reporting import head
from imaginized.errors import ControlError, ExitCode
from imaginized.queue.manifest import Manifest, Stage, Status
from imaginized.reasons import Code
from imaginized.store.by_hand import read_by_hand
from imaginized.store.files import EDITS, BookFiles
from imaginized.store.writing import write_atomic
from imaginized.story.edit_file import EDITS_FILE, HEADER
from imaginized.story.editing import Edit, Piece, Verb, find_paragraph
from imaginized.story.revising import Action, Wish, revision_of
from imaginized.story.text import Paragraph


@dataclass(frozen=True, slots=True, kw_only=True)
class _Noted:
    """What `data/book.json` says; empty before the split."""

    pieces: tuple[Piece, ...] = ()
    warnings: tuple[str, ...] = ()
    edits: str = ""


def wish_of(parameters: ToDivide) -> Wish:
    """What a person says, of parameters that were checked."""
    return Wish(
        action=Action(parameters["action"]),
        rows=tuple(parameters.get("rows") or ()),
        at=parameters.get("at") or "",
        title=" ".join((parameters.get("title") or "").split()),
    )


def chapters_of(manifest: Manifest, *, files: BookFiles) -> Chapters:
    """The answer of `chapters`."""
    division = read_origin(files.book).division
    pieces = pieces_of(manifest, files=files)
    return {**head(CHAPTERS), "book": manifest.book_id, "division": division, **pieces}


def pieces_of(manifest: Manifest, *, files: BookFiles) -> Pieces:
    """What was found, what became of it, and whether the book is divided as its `chapters.toml` says."""
    noted = _read_noted(files.book)
    try:
        data = read_by_hand(files.edits)
        _, problems = EDITS_FILE.parse(text_of(data), name=EDITS)
    except OSError as error:
        data, problems = b"", (f"{EDITS}: it cannot be read: {error.strerror}",)
    is_split = manifest.steps[Stage.SPLIT].status is Status.COMPLETED
    return {
        "file": str(files.edits),
        "is_applied": is_split and noted.edits == digest_of(data),
        "is_waiting": manifest.steps[Stage.SPLIT].status in (Status.PENDING, Status.IN_PROGRESS),
        "pieces": [
            {
                "row": piece.row,
                "chapter": piece.number,
                "title": piece.title,
                "starts": piece.starts,
                "words": piece.words,
                "file": piece.file,
                "reason": piece.reason,
                "edits": [str(verb) for verb in piece.edits],
            }
            for piece in noted.pieces
        ],
        "problems": [*problems, *(text for text in noted.warnings if text.startswith((EDITS, "sidecar:")))],
    }


def change_edits(wish: Wish, *, book: str, files: BookFiles) -> None:
    """Write the `chapters.toml` of a book as a person wishes; what else stands in it stays.

    Raises:
        ControlError: It cannot be done; nothing was written. The message says why and what to do.
    """
    try:
        data = read_by_hand(files.edits)
        text = _asked_text(files) if data is None else text_of(data)
        edits, problems = EDITS_FILE.parse(text, name=EDITS)
    except OSError as error:
        text, edits, problems = "", (), (f"{EDITS}: it cannot be read: {error.strerror}",)
    if problems and wish.action is not Action.RESET:
        raise _refused(f"{files.edits} has mistakes, nothing was changed:\n" + "\n".join(problems))
    if wish.action is Action.APPLY:
        return
    noted = _read_noted(files.book)
    wish = _in_merged(wish, noted.pieces, files=files)
    if not noted.pieces and wish.action is not Action.RESET:
        raise _refused(
            f"{book} is not divided yet, or by an older version; `imaginizectl chapters {book} apply` reads it"
        )
    try:
        revision = revision_of(wish, edits=edits, pieces=noted.pieces)
    except ValueError as error:
        if not problems:  # a reset is there for a file that cannot be read, too
            raise _refused(f"{error}; `imaginizectl chapters {book}` lists them") from error
        text = HEADER
    else:
        _check_place(wish, noted.pieces, files=files)
        text = HEADER if wish.action is Action.RESET else _revised(text, revision.removed, revision.added)
    write_atomic(files.edits, text.encode(), durable=True)


def _revised(text: str, removed: Sequence[Edit], added: Sequence[Edit]) -> str:
    return EDITS_FILE.revise(text, removed=removed, added=added, name=EDITS)


def _check_place(wish: Wish, pieces: Sequence[Piece], *, files: BookFiles) -> None:
    """Whether a chapter has the paragraph that it is to be split at; only what is a chapter now can be looked into."""
    if wish.action is not Action.SPLIT:
        return
    row, number = next(((piece.row, piece.number) for piece in pieces if piece.row == wish.rows[0]), ("", None))
    if number is None:
        return
    texts = _paragraphs_of(number, files=files)
    place = find_paragraph(wish.at, texts)
    if texts and place is None:
        raise _refused(f"no paragraph of chapter {number} has these words; copy the first words of one from the book")
    if place == 0 and row == next(piece.row for piece in pieces if piece.number == number):
        raise _refused(f"chapter {number} begins with these words already; give those of a later paragraph")


def _paragraphs_of(number: int, *, files: BookFiles) -> list[Paragraph]:
    rows = cast(Sequence[Mapping[str, object]], load_object(files.chapter(number)).get("paragraphs") or ())
    return [Paragraph(str(row["text"])) for row in rows]


def _in_merged(wish: Wish, pieces: Sequence[Piece], *, files: BookFiles) -> Wish:
    """The wish with the row that has its words: a chapter that was merged is split in one of its pieces.

    Raises:
        ControlError: They are in a piece that cannot be split as it is.
    """
    number = next((piece.number for piece in pieces if wish.rows[:1] == (piece.row,)), None)
    merged = [piece for piece in pieces if number is not None and piece.number == number]
    if wish.action is not Action.SPLIT or len(merged) < 2 or not wish.at.strip():
        return wish
    texts = _paragraphs_of(cast(int, number), files=files)
    place = find_paragraph(wish.at, texts)
    if place is None:
        return wish
    meant, begins = merged[0], 0
    for piece in merged[1:]:
        at = next((at for at in range(begins + 1, place + 1) if _begins(texts[at], piece)), None)
        meant, begins = (meant, begins) if at is None else (piece, at)
    if meant is not merged[0] and (begins == place or meant.reason):
        apart = f"undo {meant.row}"
        then = "" if begins == place else f", then keep {meant.row} and split it"
        raise _refused(f"these words are in row {meant.row}, which is merged into row {merged[0].row}: {apart}{then}")
    return replace(wish, rows=(meant.row,))


def _begins(paragraph: Paragraph, piece: Piece) -> bool:
    return bool(piece.starts) and " ".join(paragraph.text.split()).startswith(piece.starts)


def _asked_text(files: BookFiles) -> str:
    """What the sidecar asked for, as a file of its own would say it."""
    rows = cast(Sequence[Mapping[str, str]], load_object(files.request).get("edits") or ())
    known = {one.name for one in fields(Edit)} - {"verb", "line"}
    edits = [
        Edit(verb=Verb(row["verb"]), **{key: str(row[key]) for key in known & row.keys()})  # type: ignore[arg-type]
        for row in rows
    ]
    return "\n".join([HEADER, *map(EDITS_FILE.render, edits)]) if edits else ""


def _read_noted(path: Path) -> _Noted:
    record = load_object(path)
    try:
        rows = cast(Sequence[Mapping[str, object]], record.get("pieces") or ())
        return _Noted(
            pieces=tuple(_piece(row) for row in rows),
            warnings=tuple(str(text) for text in cast(Sequence[object], record.get("warnings") or ())),
            edits=str(record.get("edits") or ""),
        )
    except (KeyError, TypeError, ValueError):
        return _Noted()


def _piece(row: Mapping[str, object]) -> Piece:
    number = row["number"]
    return Piece(
        row=str(row["row"]),
        title=str(row["title"]),
        starts=str(row["starts"]),
        words=int(cast(int, row["words"])),
        file=str(row["file"]),
        reason=str(row["reason"]),
        number=number if isinstance(number, int) else None,
        edits=tuple(Verb(verb) for verb in cast(Sequence[str], row["edits"])),
    )


def _refused(text: str) -> ControlError:
    return ControlError(text, exit_code=ExitCode.USAGE, code=Code.EDITS)
