"""What `status` says of books."""

from dataclasses import replace
from pathlib import Path

from imaginized.control.reporting import Summaries, book_summary
from imaginized.queue.codec import decode, encode
from imaginized.queue.manifest import Stage, Status
from tests.support.manifests import done_book, merged_book, with_step


def test_summaries_follow_manifest_money_and_guide(tmp_path: Path) -> None:
    """Asked again, each is as it would be made now, whatever changed: manifest, money spent, page on disk."""
    summaries, manifest = Summaries(), merged_book(5, 3)
    page = tmp_path / manifest.book_id / "index.html"
    page.parent.mkdir()
    expected, found = [], []
    for now in (manifest, manifest, done_book(5, 3), replace(manifest, book_title="Another")):
        for usd in (0.0, 1.5):
            page.touch() if usd else page.unlink(missing_ok=True)
            expected.append(book_summary(now, root=tmp_path, spent_usd=usd))
            found += summaries.of([now], root=tmp_path, spent_usd={now.book_id: usd})

    assert found == expected
    assert len(summaries.of([manifest, replace(manifest)], root=tmp_path, spent_usd={})) == 2  # a folder was copied
    assert summaries.of([], root=tmp_path, spent_usd={}) == []


def test_a_step_that_another_program_failed_has_a_reason(tmp_path: Path) -> None:
    """It may say so without a time and without a word."""
    book = decode(encode(with_step(merged_book(5, 3), Stage.COMPILE, status=Status.FAILED)))

    row = book_summary(book, root=tmp_path, spent_usd=0.0)

    assert row["phase"] == "failed"
    assert row["reason"] is not None and row["reason"]["code"] == "unknown"
    assert row["error"]
