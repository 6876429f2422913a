"""From what a person says about one piece ("keep 3") to the edits that go and come in the book's file. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from imaginized.story.editing import Edit, Piece, Verb, find_piece, naming


class Action(StrEnum):
    """What a person can say."""

    KEEP = "keep"
    DROP = "drop"
    MERGE = "merge"
    SPLIT = "split"
    RENAME = "rename"
    UNDO = "undo"
    RESET = "reset"
    APPLY = "apply"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a person says.

    Attributes:
        rows: Of the pieces that are meant.
        at: Of a split: the first words of the paragraph that the new chapter begins with.
        title: The new title; "" for none.
    """

    action: Action
    rows: tuple[str, ...] = ()
    at: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """The edits that go, and those that come."""

    removed: tuple[Edit, ...] = ()
    added: tuple[Edit, ...] = ()


@dataclass(slots=True, kw_only=True)
class _Draft:
    edits: Sequence[Edit]
    pieces: Sequence[Piece]
    removed: list[Edit] = field(default_factory=list)
    added: list[Edit] = field(default_factory=list)

    def of(self, piece: Piece, *verbs: Verb) -> list[Edit]:
        """The edits of a piece, of all verbs where none is named."""
        own = [edit for edit in self.edits if find_piece(edit, self.pieces) == piece]
        return [edit for edit in own if not verbs or edit.verb in verbs]

    def add(self, verb: Verb, piece: Piece, *, at: str = "", to: str = "") -> None:
        self.added.append(naming(verb, piece, at=at, to=to))


def revision_of(wish: Wish, *, edits: Sequence[Edit], pieces: Sequence[Piece]) -> Revision:
    """What a wish changes.

    Raises:
        ValueError: It cannot be done, or is so already; the message says why and what to do.
    """
    draft = _Draft(edits=edits, pieces=pieces)
    by_row = {piece.row: piece for piece in pieces}
    unknown = [row for row in wish.rows if row not in by_row]
    if unknown:
        raise ValueError(f"no such row: {unknown[0]}; rows 1 to {pieces[-1].row} are there" if pieces else "no rows")
    _check_count(wish)
    meant = sorted({by_row[row] for row in wish.rows}, key=pieces.index)
    _ACTIONS[wish.action](draft, wish, meant)
    return Revision(removed=tuple(draft.removed), added=tuple(draft.added))


def _check_count(wish: Wish) -> None:
    count = len(wish.rows)
    if wish.action in (Action.RESET, Action.APPLY):
        if count:
            raise ValueError(f"{wish.action} takes no row")
    elif wish.action is Action.MERGE and count < 2:
        raise ValueError("merge takes the rows of two or more pieces that follow each other")
    elif wish.action in (Action.SPLIT, Action.RENAME) and count != 1:
        raise ValueError(f"{wish.action} takes one row")
    elif not count:
        raise ValueError(f"{wish.action} takes the row of a piece")


def _keep(draft: _Draft, _wish: Wish, pieces: Sequence[Piece]) -> None:
    for piece in pieces:
        gone = draft.of(piece, Verb.DROP, Verb.MERGE)
        is_new = bool(piece.reason) and not draft.of(piece, Verb.KEEP)
        if not piece.starts:
            raise ValueError(f"row {piece.row} has no text, so it cannot be a chapter")
        if not gone and not is_new:
            raise ValueError(f"row {piece.row} is a chapter already")
        draft.removed += gone
        if is_new:
            draft.add(Verb.KEEP, piece)


def _drop(draft: _Draft, _wish: Wish, pieces: Sequence[Piece]) -> None:
    for piece in pieces:
        gone = draft.of(piece, Verb.KEEP, Verb.MERGE)
        is_new = not piece.reason and not draft.of(piece, Verb.DROP)
        if not gone and not is_new:
            raise ValueError(f"row {piece.row} is left out already")
        _check_merged(draft, piece, pieces)
        draft.removed += gone
        if is_new:
            draft.add(Verb.DROP, piece)


def _check_merged(draft: _Draft, piece: Piece, dropped: Sequence[Piece]) -> None:
    """What is merged into a piece would join the chapter before that one, which nobody said."""
    if draft.of(piece, Verb.MERGE):
        return
    for other in draft.pieces[draft.pieces.index(piece) + 1 :]:
        is_merged = bool(draft.of(other, Verb.MERGE))
        if is_merged and other not in dropped:
            text = f"row {other.row} is merged into row {piece.row}; drop both, or undo {other.row} first"
            raise ValueError(text)
        if not is_merged and other.number is not None:
            return


def _merge(draft: _Draft, _wish: Wish, pieces: Sequence[Piece]) -> None:
    first, last = (draft.pieces.index(piece) for piece in (pieces[0], pieces[-1]))
    if pieces[0].number is None:
        raise ValueError(f"row {pieces[0].row} is not a chapter; keep it first")
    # What is a chapter now and stands between them joins, too: else the last one would join that one.
    between = [piece for piece in draft.pieces[first + 1 : last + 1] if piece in pieces or piece.number is not None]
    for piece in between:
        if not piece.starts:
            raise ValueError(f"row {piece.row} has no text that could be merged")
        draft.removed += draft.of(piece, Verb.KEEP, Verb.DROP, Verb.RENAME)
        if not draft.of(piece, Verb.MERGE):
            draft.add(Verb.MERGE, piece)
    if not draft.added:
        raise ValueError("these are one chapter already")


def _split(draft: _Draft, wish: Wish, pieces: Sequence[Piece]) -> None:
    if not wish.at.strip():
        raise ValueError('split needs --at "the first words of the paragraph that the new chapter begins with"')
    whole = next(piece for piece in draft.pieces if piece.row == pieces[0].row.partition(".")[0])
    if any(edit.at == wish.at for edit in draft.of(whole, Verb.SPLIT)):
        raise ValueError("it is split there already")
    draft.add(Verb.SPLIT, whole, at=wish.at, to=wish.title)


def _rename(draft: _Draft, wish: Wish, pieces: Sequence[Piece]) -> None:
    if not wish.title.strip():
        raise ValueError("rename needs the new title")
    if draft.of(pieces[0], Verb.MERGE):
        raise ValueError(f"row {pieces[0].row} is merged into the chapter before it; rename that one")
    draft.removed += draft.of(pieces[0], Verb.RENAME)
    draft.add(Verb.RENAME, pieces[0], to=wish.title.strip())


def _undo(draft: _Draft, _wish: Wish, pieces: Sequence[Piece]) -> None:
    draft.removed += [edit for piece in pieces for edit in draft.of(piece)]
    # A part of a split goes by what made it: the whole is named by its first part.
    made = [piece for piece in pieces if "." in piece.row]
    draft.removed += [edit for piece in made for edit in draft.edits if edit.verb is Verb.SPLIT and _made(edit, piece)]
    if not draft.removed:
        raise ValueError(f"nothing was done to row {pieces[0].row}")


def _made(edit: Edit, piece: Piece) -> bool:
    at = " ".join(edit.at.casefold().split())
    starts = " ".join(piece.starts.casefold().split())
    return at.startswith(starts) or starts.startswith(at)


def _reset(draft: _Draft, _wish: Wish, _pieces: Sequence[Piece]) -> None:
    if not draft.edits:
        raise ValueError("nothing was changed, so there is nothing to reset")
    draft.removed += draft.edits


def _apply(_draft: _Draft, _wish: Wish, _pieces: Sequence[Piece]) -> None:
    return


_ACTIONS: Mapping[Action, Callable[[_Draft, Wish, Sequence[Piece]], None]] = {
    Action.KEEP: _keep,
    Action.DROP: _drop,
    Action.MERGE: _merge,
    Action.SPLIT: _split,
    Action.RENAME: _rename,
    Action.UNDO: _undo,
    Action.RESET: _reset,
    Action.APPLY: _apply,
}
