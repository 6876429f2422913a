"""The key that lets people into the page stays its user's, whoever makes it."""

import os
from pathlib import Path

import pytest

from imaginized.web.passes import FILE, make_door

PAGE_USER = 4321


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes a file for others")
def test_a_key_that_root_makes_is_the_page_users(tmp_path: Path) -> None:
    """`sudo imaginizectl web-login --end-all` would otherwise end nothing: the page could not read the new key."""
    os.chown(tmp_path, PAGE_USER, PAGE_USER)

    make_door(tmp_path, url="http://127.0.0.1:8765", is_new=True)

    made = (tmp_path / FILE).stat()
    assert (made.st_uid, made.st_mode & 0o777) == (PAGE_USER, 0o600)
