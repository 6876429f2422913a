"""Names that are made before their content: filled once, by one, and never lost to whoever gives them up."""

import fcntl
import os
from pathlib import Path

import pytest

from imaginized.store.reserved import fill_reserved, give_up, give_up_all, reserve


def test_a_reserved_name_is_filled_once(tmp_path: Path) -> None:
    path = tmp_path / "a.json"

    assert reserve([path]) == {path}
    assert fill_reserved(path, b"first")
    assert not fill_reserved(path, b"second")
    assert reserve([path]) == set()
    assert path.read_bytes() == b"first"


def test_what_nobody_reserved_is_not_filled(tmp_path: Path) -> None:
    assert not fill_reserved(tmp_path / "a.json", b"data")
    assert list(tmp_path.iterdir()) == []


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.touch()
    (tmp_path / "a.json").symlink_to(target)

    with pytest.raises(OSError):
        fill_reserved(tmp_path / "a.json", b"data")
    assert target.read_bytes() == b""


def test_a_name_is_given_up_unless_it_is_filled_or_just_being_filled(tmp_path: Path) -> None:
    """Removed between another's opening and his writing, what was paid for would be in a file without a name."""
    free, full, busy = (tmp_path / f"{name}.json" for name in ("free", "full", "busy"))
    reserve([free, full, busy])
    fill_reserved(full, b"data")
    fd = os.open(busy, os.O_WRONLY)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)
        give_up([free, full, busy, tmp_path / "none.json"])
        assert sorted(tmp_path.iterdir()) == [busy, full]
        assert not fill_reserved(busy, b"of another")
    finally:
        os.close(fd)
    give_up_all(tmp_path)

    assert sorted(tmp_path.iterdir()) == [full]
    give_up_all(tmp_path / "none")


def test_a_full_disk_leaves_it_empty(tmp_path: Path) -> None:
    """So that what is there is whole, or can be seen to be none."""
    path = tmp_path / "a.json"
    reserve([path])
    import resource
    import signal

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, hard))
    try:
        with pytest.raises(OSError):
            fill_reserved(path, bytes(100))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert path.read_bytes() == b""
