"""What books that people have taught us: each test is a kind that was read wrong, made small."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from imaginized.reading.book import read_book
from imaginized.reading.charset import decode_text
from imaginized.reading.numbering import read_number
from imaginized.story.text import BookText
from tests.support.epubs import build_epub, contents, page, prose

_CHINESE = "他走到门口，看了看天，说这样的日子不会再来了。大家都没有话，只是坐在那里等着，想着家里的人。"
_TAIWANESE = "他走到門口，看了看天，說這樣的日子不會再來了。大家都沒有話，只是坐在那裡等著，想著家裡的人。"
_JAPANESE = "彼は戸口まで歩いて、空を見ていた。こんな日はもう来ないだろうと言った。みんなは何も言わずに待っていた。"
_KOREAN = "그는 문까지 걸어가서 하늘을 보고 이런 날은 다시 오지 않을 것이라고 말했다. 모두는 아무 말도 하지 않았다."


@pytest.mark.parametrize(
    ("encoding", "line"),
    [("gb18030", _CHINESE), ("big5", _TAIWANESE), ("cp932", _JAPANESE), ("euc_jp", _JAPANESE), ("cp949", _KOREAN)],
)
def test_text_in_pairs_of_bytes_is_known_by_its_common_letters_whatever_is_damaged(encoding: str, line: str) -> None:
    data = "".join(f"{line}{number}\n" for number in range(3000)).encode(encoding)
    damaged = data[:40_001] + b"\xff" + data[40_001:]
    for each in (data, damaged):
        text, warning = decode_text(each)
        assert warning.startswith(f"its encoding is taken for {encoding}")
        assert text.count(line) >= 2998


@pytest.mark.parametrize("encoding", ["cp1251", "koi8_r", "cp1253"])
def test_text_in_single_bytes_is_not_taken_for_pairs(encoding: str) -> None:
    greek, russian = "Ήταν μια νύχτα του χειμώνα και ", "Он вышел на улицу и посмотрел на небо. "
    line = greek if encoding == "cp1253" else russian
    text, _ = decode_text((line * 300).encode(encoding))
    assert text.startswith(line)


@pytest.mark.parametrize("title", ["一个男孩子的爱情", "两极对话", "六月三日", "三毛"])
def test_a_word_that_begins_with_a_numeral_is_not_numbered(title: str) -> None:
    assert read_number(title) is None


@pytest.mark.parametrize(("title", "value"), [("一、玩具", 1), ("二 角色", 2), ("三章", 3), ("第四回", 4), ("十", 10)])
def test_a_numeral_that_stands_for_itself_is(title: str, value: int) -> None:
    number = read_number(title)
    assert number is not None
    assert number.value == value


_LEGEND = """-------------------------------------------------------
【テキスト中に現れる記号について】

《》：ルビ
（例）綱《つな》

｜：ルビの付く文字列の始まりを特定する記号
（例）大｜水盤《すいばん》
-------------------------------------------------------
"""


def _noted(*, heading: str) -> str:
    body = "　彼は黒褐色《こっかっしょく》の戸口［＃「戸口」に傍点］まで歩いて、大｜水盤《すいばん》を見ていた。\n" * 40
    chapters = "".join(f"［＃３字下げ］{heading.format(number)}\n\n{body}\n" for number in "一二三")
    return f"塩の道\n灯下人\n別人訳\n\n{_LEGEND}\n{chapters}\n底本：「塩の道」架空社\n　　　1955（昭和30）年発行\n"


@pytest.mark.parametrize("heading", ["{0}［＃「{0}」は中見出し］", "［＃大見出し］{0}［＃大見出し終わり］", "{0}"])
def test_the_notation_of_aozora_bunko_is_read_as_its_readers_see_it(tmp_path: Path, heading: str) -> None:
    file = tmp_path / "1111_ruby_2222.txt"
    file.write_text(_noted(heading=heading), "cp932", newline="\r\n")
    book = read_book(file, original_name=file.name)
    assert (book.title, book.authors, book.language) == ("塩の道", ("灯下人",), "ja")
    assert [chapter.title for chapter in book.chapters] == ["一", "二", "三"]
    assert {each.text for chapter in book.chapters for each in chapter.paragraphs} == {
        "彼は黒褐色の戸口まで歩いて、大水盤を見ていた。"
    }


def test_letters_that_an_encoding_lacks_are_set_by_their_place(tmp_path: Path) -> None:
    line = "　※［＃「てへん＋丑」、第4水準2-12-93］と※［＃「木＋世」、U+67BB、8-4］と※［＃小書き片仮名ヰ、1-6-78］。\n"
    file = tmp_path / "a.txt"
    file.write_text(_noted(heading="{0}").replace("　彼は", line + "　彼は", 1), "cp932")
    book = read_book(file, original_name=file.name)
    (found,) = {
        each.text
        for chapter in book.chapters
        for each in chapter.paragraphs
        if each.text.endswith("。") and "枻" in each.text
    }
    assert "※" not in found
    assert "［" not in found


def _read_pages(folder: Path, *bodies: str, titles: Sequence[str] = ()) -> BookText:
    pages = {f"p{at}.xhtml": page(body) for at, body in enumerate(bodies, start=1)}
    nav = contents(*zip(titles, pages, strict=True)) if titles else None
    return read_book(build_epub(folder, pages=pages, nav=nav), original_name="made.epub")


def test_numbers_between_han_letters_are_no_marks_of_notes(tmp_path: Path) -> None:
    counts = "".join(
        f"<p>他等了<span lang='EN-US'>{n}</span>．<span lang='EN-US'>{n + 1}</span>小时，{_CHINESE}</p>"
        for n in range(1, 9)
    )
    book = _read_pages(tmp_path, counts, counts, counts)
    texts = [each.text for each in book.chapters[0].paragraphs]
    assert [text[: text.index("小")] for text in texts] == [f"他等了{n}．{n + 1}" for n in range(1, 9)]


def test_what_is_cut_out_keeps_its_text(tmp_path: Path) -> None:
    start, end = (f"<p>*** {word} OF THE PROJECT GUTENBERG EBOOK THE MILL ***</p>" for word in ("START", "END"))
    chapters = "".join(f"<h2>Chapter {n}</h2>{prose(400)}" for n in range(1, 5))
    body = f"<p>This eBook is for the use of anyone.</p>{start}{chapters}{end}<p>Its licence.</p>"
    book = _read_pages(tmp_path, body)
    cut = {each.reason: [paragraph.text for paragraph in each.paragraphs] for each in book.skipped}
    assert cut["Project Gutenberg header"][0] == "This eBook is for the use of anyone."
    assert cut["Project Gutenberg licence"][-1] == "Its licence."


def test_text_before_the_first_heading_found_is_story_if_it_is_as_long(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    line = " ".join(["word"] * 3000) + "."
    before = "\n\n".join([" ".join(["before"] * 100) + "."] * 30)
    chapters = "\n\n".join(f"Chapter {n}\n\n{line}" for n in range(1, 5))
    file.write_text(f"{before}\n\n{chapters}")
    book = read_book(file, original_name="a.txt")
    assert len(book.chapters) == 5
    assert book.chapters[0].words == 3000


def test_documents_cut_by_size_are_no_chapters_in_chinese_either(tmp_path: Path) -> None:
    lines = [line for n in "一二三四" for line in (f"第{n}章 灯", *[_CHINESE] * 90)]
    text = "\n".join(lines)
    size = len(text) // 3 + 7
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    bodies = ["".join(f"<p>{line}</p>" for line in piece.split("\n")) for piece in pieces]
    book = _read_pages(tmp_path, *bodies, titles=[f"Chapter_{at}" for at in range(1, len(bodies) + 1)])
    assert [chapter.title for chapter in book.chapters] == [f"第{n}章 灯" for n in "一二三四"]


def test_notes_behind_the_last_chapter_are_no_chapter_however_long_and_whatever_called(tmp_path: Path) -> None:
    chapters = [f"<h1>第{n}章</h1>" + f"<p>{_CHINESE}</p>" * 40 for n in "一二三四"]
    notes = "<h1>尾注</h1>" + "".join(
        f"<p>{n} Ann Gray, Food for Thought and more, {1900 + n}, p. 3.</p>" for n in range(1, 90)
    )
    titles = [*(f"第{n}章" for n in "一二三四"), "尾注"]
    book = _read_pages(tmp_path, *chapters, notes, titles=titles)
    assert [chapter.title for chapter in book.chapters] == titles[:-1]
    assert [each.reason for each in book.skipped if each.title == "尾注"] == ["a list"]
