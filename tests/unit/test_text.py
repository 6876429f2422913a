"""Words and pages of a chapter, in scripts with spaces and without."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imaginized.story.text import WORDS_PER_PAGE, ChapterText, Paragraph, count_words

TEXTS = st.text(alphabet="ab ,“”\n—吾輩はある。ไทย", max_size=40)
PARAGRAPHS = st.lists(
    st.builds(
        Paragraph,
        text=st.builds(lambda piece, times: piece * times, TEXTS, st.sampled_from((1, 3, 60))),
        page=st.sampled_from((None, None, 4, 9)),
    ),
    max_size=6,
)


def chapter_of(*paragraphs: Paragraph, words_before: int = 0) -> ChapterText:
    return ChapterText(number=1, title="A chapter", paragraphs=paragraphs, words_before=words_before)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Dorothy lived in “Kansas” — once.", 6),
        ("吾輩は猫である。名前はまだ無い。", 8),
        ("“你好”，他说。", 3),
        ("「はい」", 2),
        ("สวัสดีครับท่าน", 3),
        ("Tokyo（東京）へ行く", 5),
        ("나는 학교에 갑니다", 3),
        ("", 0),
    ],
)
def test_words_are_counted_in_every_script(text: str, words: int) -> None:
    """White space parts words; without it two characters of Chinese and Japanese, five of Thai are one."""
    assert count_words(text) == words


def test_japanese_chapter_has_pages() -> None:
    """A novel without a single space is more than one page long."""
    chapter = chapter_of(Paragraph(text="山路を登りながら、こう考えた。" * 100))

    assert chapter.words == 750
    assert chapter.page_at(len(chapter.text)) == 3


@given(paragraphs=PARAGRAPHS, words_before=st.integers(min_value=0, max_value=2 * WORDS_PER_PAGE), data=st.data())
def test_page_index_answers_as_the_chapter_does(
    paragraphs: list[Paragraph], words_before: int, data: st.DataObject
) -> None:
    """However a chapter is made, the index built once gives the page that counting to the offset gives."""
    chapter = chapter_of(*paragraphs, words_before=words_before)
    pages = chapter.pages()
    offsets = data.draw(st.lists(st.integers(min_value=0, max_value=len(chapter.text) + 1), min_size=8))

    assert [pages.page_at(offset) for offset in offsets] == [chapter.page_at(offset) for offset in offsets]
