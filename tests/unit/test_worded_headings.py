"""Headings of plain text whose numbers are words, or stand behind the title."""

import pytest

from imaginized.reading.classify import is_chapter_line
from imaginized.reading.ordinals import ordinal_value
from imaginized.reading.text_lines import read_lines

PROSE = "\n\n".join(["They went on as they had gone on before, and nobody in the house said anything about it."] * 8)
HAN_PROSE = "\n".join(["　　他们在山下走了很久，天色渐渐暗了下来，谁也没有说话。"] * 8)


@pytest.mark.parametrize(
    "titles",
    [
        ("CHAPITRE PREMIER.", "CHAPITRE DEUXIEME.", "CHAPITRE TROISIÈME."),
        ("Capítulo duodécimo", "Capítulo décimo tercero", "CAPITULO DECIMO CUARTO"),
        ("Erstes Kapitel", "Zweites Kapitel.", "Drittes Kapitel"),
        ("Capitolo diciannovesimo", "Capitolo ventesimo", "Capitolo ventesimo primo"),
        ("Eerste hoofdstuk", "Tweede hoofdstuk", "Derde hoofdstuk"),
        ("Capítulo primeiro", "Capítulo segundo", "Capítulo terceiro"),
    ],
)
def test_ordinal_words_number_headings(titles: tuple[str, ...]) -> None:
    found = read_lines("\n\n".join(f"{title}\n\n{PROSE}" for title in titles))
    assert tuple(each.text for each in found if each.level) == titles
    assert is_chapter_line(titles[-1])


def test_a_run_of_ordinals_behind_titles_is_one_of_headings() -> None:
    titles = ("观山第一", "听雨第二", "问路第三", "归家第四")
    found = read_lines("\n".join(f"{title}\n{HAN_PROSE}" for title in titles))
    assert tuple(each.text for each in found if each.level) == titles
    lone = read_lines(f"{HAN_PROSE}\n天下第一\n{HAN_PROSE}")
    assert not any(each.level for each in lone)


@pytest.mark.parametrize(
    ("words", "value"),
    [("DIX-SEPTIEME", 17), ("siebtes", 7), ("décima tercera", 13), ("twentieth", 20), ("house", None)],
)
def test_ordinals_are_read(words: str, value: int | None) -> None:
    assert ordinal_value(words) == value
