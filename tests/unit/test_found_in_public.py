"""What books that people have taught us: each test is a kind that was read wrong, made small."""

from pathlib import Path

import pytest

from imaginized.reading.book import read_book
from imaginized.reading.charset import decode_text
from imaginized.reading.numbering import read_number

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
    file.write_text(_noted(heading=heading), "cp932")
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
    (found,) = {each.text for chapter in book.chapters for each in chapter.paragraphs if each.text.endswith("。") and "枻" in each.text}
    assert "※" not in found
    assert "［" not in found
