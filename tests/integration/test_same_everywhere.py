"""The same book gives the same scenes and elements in every process, whatever order its sets have there."""

import os
import subprocess
import sys
from pathlib import Path

FIXTURES = Path(__file__).parents[1] / "fixtures"
READ = """
import hashlib, sys
from pathlib import Path
from imaginized.providers.api import TextRequest
from imaginized.providers.builtin.words import read_chapter
from imaginized.reading.book import read_book
from imaginized.store.records import dump

total = hashlib.sha256()
for name in sys.argv[1:]:
    book = read_book(Path(name), original_name=name)
    for chapter in book.chapters:
        request = TextRequest(book_title=book.title, language=book.language, chapter=chapter, scenes=3)
        total.update(dump(read_chapter(request)))
print(total.hexdigest(), len(book.chapters))
"""


def test_words_are_read_alike_under_every_hash_seed() -> None:
    """Three processes, each with another order of its sets; all that is found is the same to the byte."""
    books = sorted(str(path) for path in FIXTURES.rglob("*.epub"))[:6]
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", READ, *books],
            env={**os.environ, "PYTHONHASHSEED": seed},
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in ("1", "2", "3")
    ]
    found = [process.communicate()[0].strip() for process in processes]

    assert all(found)
    assert len(set(found)) == 1
