"""Books of a size that is asked for: chapters of so many pages, of words that occur in no other book."""

import random
import string
from collections.abc import Sequence
from pathlib import Path

from imaginized.story.text import WORDS_PER_PAGE

SENTENCE_WORDS = 15


def write_book(path: Path, *, pages: Sequence[float], seed: int = 1) -> Path:
    """A Markdown file with a chapter for each number, of so many pages; the same seed makes the same bytes."""
    chance = random.Random(seed)
    known = [_word(chance) for _ in range(8000)]
    chapters = [_chapter(number, round(each * WORDS_PER_PAGE), chance, known) for number, each in enumerate(pages, 1)]
    path.write_text(f"# A Book of Benchmarks {seed}\n\n" + "\n\n".join(chapters) + "\n")
    return path


def _chapter(number: int, words: int, chance: random.Random, known: Sequence[str]) -> str:
    sentences = []
    for _ in range(max(1, words // SENTENCE_WORDS)):
        sentences.append(" ".join(chance.choices(known, k=SENTENCE_WORDS)).capitalize() + ".")
    paragraphs = [" ".join(sentences[at : at + 5]) for at in range(0, len(sentences), 5)]
    return f"## Chapter {number}\n\n" + "\n\n".join(paragraphs)


def _word(chance: random.Random) -> str:
    return "".join(chance.choices(string.ascii_lowercase, k=chance.randint(2, 9)))
