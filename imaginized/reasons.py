"""Why something failed, waits or was refused: a code for programs, a text and a next step for people.

Whoever has to decide looks at the code. The text is written where the thing is known, shown to a person, and never
read back. Sentences are built of it in three places: `cli/`, `guide/notes.py`, `inbox/error_note.py`.
"""

from dataclasses import dataclass
from enum import StrEnum


class Code(StrEnum):
    """Every reason there is. Written to disk and to JSON: a word is never given another meaning."""

    # what a person wanted
    CANCELLED = "cancelled"
    NOT_ASKED = "not_asked"
    # what a program of another version wrote, which named no code, or one of later
    UNKNOWN = "unknown"
    # a task that failed
    CRASHED = "crashed"
    IO = "io"
    WORKER_LOST = "worker_lost"
    HOST_SILENT = "host_silent"
    FILES_LOST = "files_lost"
    RECORD_UNREADABLE = "record_unreadable"
    ELSEWHERE = "elsewhere"  # another program did it; of a hold: another program made the book
    PROVIDER_REFUSED = "provider_refused"
    PROVIDER_DECLINED = "provider_declined"
    PROVIDER_SILENT = "provider_silent"
    ANSWER_UNUSABLE = "answer_unusable"
    QUOTES_INVENTED = "quotes_invented"
    TEXT_TOO_LONG = "text_too_long"
    NO_IMAGE_PROVIDER = "no_image_provider"
    NO_SCENE = "no_scene"
    SCENES_UNDRAWN = "scenes_undrawn"
    SHEET_UNUSABLE = "sheet_unusable"
    CHAPTERS_ABSENT = "chapters_absent"
    EDITS = "edits"  # chapters.toml has mistakes
    # a file that is no book for us
    PROTECTED = "protected"
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    TRUNCATED = "truncated"
    FOREIGN = "foreign"
    MISNAMED = "misnamed"
    TOO_LARGE = "too_large"
    BOMB = "bomb"
    NO_TEXT = "no_text"
    READER_FAILED = "reader_failed"
    UNREADABLE = "unreadable"
    # an entry of the inbox that is not taken, or not yet
    NOT_A_FILE = "not_a_file"
    SIDECAR = "sidecar"
    PROFILE = "profile"
    NO_ACCESS = "no_access"
    IN_USE = "in_use"
    INCOMPLETE = "incomplete"
    NOT_REMOVABLE = "not_removable"
    DUPLICATE = "duplicate"
    TAKEN_APART = "taken_apart"
    BUG = "bug"
    # what of the inbox is left alone
    OTHER = "other"
    TEMPORARY = "temporary"
    DEEP = "deep"
    UNNOTED = "unnoted"
    # the whole inbox, or one of its folders
    INBOX_LOST = "inbox_lost"
    FOLDER_UNUSABLE = "folder_unusable"
    # a book that is held
    APPROVAL = "approval"
    PRICE_UNKNOWN = "price_unknown"
    BOOK_BUDGET = "book_budget"
    DAY_BUDGET = "day_budget"
    DOUBTFUL = "doubtful"  # how it was divided into chapters may be wrong
    # work that rests: the causes of a pause
    OPERATOR = "operator"
    DISK = "disk"
    PROVIDER = "provider"
    UNREACHABLE = "unreachable"
    READING = "reading"
    # what is wrong with the daemon, or with a process of it
    MANIFEST_CORRUPT = "manifest_corrupt"
    MANIFEST_LOST = "manifest_lost"
    SPENDING_UNREADABLE = "spending_unreadable"
    LOCK_LOST = "lock_lost"
    SOCKET_LOST = "socket_lost"
    DRAINING = "draining"
    CRASH_LOOP = "crash_loop"
    HUNG = "hung"
    HOME_AWAY = "home_away"  # of a front: one of its homes does not answer
    NOTIFY = "notify"  # somebody who is to be told something is not reached
    # what the doctor finds, beside what is above; of a check that is well: ok
    OK = "ok"
    NOT_RUNNING = "not_running"
    NO_ANSWER = "no_answer"
    VERSION = "version"
    SETTINGS_WRONG = "settings_wrong"
    SETTINGS_CHANGED = "settings_changed"
    SETTINGS_DELETED = "settings_deleted"
    SOCKET_ELSEWHERE = "socket_elsewhere"
    FOLDER_MISSING = "folder_missing"
    FOLDER_REMOTE = "folder_remote"
    CLOCK = "clock"
    UNIT_STOPPED = "unit_stopped"
    LAST_EXIT = "last_exit"
    WATCHES_FEW = "watches_few"
    KEY_UNUSABLE = "key_unusable"
    KEY_MISSING = "key_missing"
    SANDBOX = "sandbox"
    CHAPTERS_FAILED = "chapters_failed"
    # a request that cannot be done
    NO_BOOK = "no_book"
    AMBIGUOUS = "ambiguous"
    NO_CHAPTER = "no_chapter"
    NOT_HELD = "not_held"
    BUSY = "busy"

    @classmethod
    def read(cls, value: object) -> "Code":
        """A code from a file or a wire; one of a later version is unknown."""
        try:
            return cls(str(value))
        except ValueError:
            return cls.UNKNOWN


@dataclass(frozen=True, slots=True)
class Reason:
    """Why.

    Attributes:
        text: For a person: one sentence or clause, without a stop.
        advice: What to do next: a sentence with its stop, or a clause; "" where nothing helps or the code says it all.
    """

    code: Code
    text: str
    advice: str = ""

    def __str__(self) -> str:
        """Both in one, as files and answers have it for readers that know no codes."""
        if not self.advice:
            return self.text
        mark = ". " if self.advice[:1].isupper() else "; "
        return f"{self.text}{mark}{self.advice}"

    def row(self) -> dict[str, str]:
        """As JSON."""
        return {"code": str(self.code), "text": self.text, "advice": self.advice}
