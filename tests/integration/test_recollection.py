"""What was read of a file is not read again until somebody has written it."""

import os
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from imaginized.store.manifests import SETTLED_SECONDS
from imaginized.store.recollection import Recollection


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "file"
    path.write_bytes(b"one")
    return path


def later() -> float:
    """Long after whatever was written in this test."""
    return time.time() + 10 * SETTLED_SECONDS


def recall(recollection: Recollection, numbers: Iterator[int], *, about: str = "") -> int:
    """The number of the look that the answer is from."""
    return recollection.recall("number", lambda: next(numbers), about=about)


def test_it_is_asked_once_while_nobody_writes(file: Path) -> None:
    """A second question costs a look at the file's state, and none into it."""
    recollection, looks = Recollection(file, now=later), count(1)

    assert [recall(recollection, looks) for _ in range(3)] == [1, 1, 1]


def test_what_is_written_is_read(file: Path) -> None:
    """Also as many bytes in its place, by whoever gives it its old time back."""
    recollection, looks = Recollection(file, now=later), count(1)
    recall(recollection, looks)
    before = file.stat()

    with file.open("r+b") as writing:
        writing.write(b"two")
    while file.stat().st_ctime_ns == before.st_ctime_ns:  # within a tick of the clock, that is what `later` denies
        os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))

    assert [recall(recollection, looks) for _ in range(2)] == [2, 2]


def test_what_was_written_just_now_is_not_remembered(file: Path) -> None:
    """Two changes within a tick of the file system's clock look like one."""
    recollection, looks = Recollection(file, now=lambda: file.stat().st_ctime), count(1)

    assert [recall(recollection, looks) for _ in range(3)] == [1, 2, 3]


def test_another_question_is_another_answer(file: Path) -> None:
    """Of each kind of question the last one is remembered."""
    recollection, looks = Recollection(file, now=later), count(1)

    assert [recall(recollection, looks, about=about) for about in "aabba"] == [1, 1, 2, 2, 3]


def test_a_file_that_is_gone_is_remembered_no_more(file: Path) -> None:
    """Whoever asks then says what is wrong, and a new file is read."""
    recollection, looks = Recollection(file, now=later), count(1)
    recall(recollection, looks)
    file.unlink()
    gone = recall(recollection, looks)

    file.write_bytes(b"one")

    assert (gone, recall(recollection, looks)) == (2, 3)
