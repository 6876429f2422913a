"""Looks of the wrong one, or of nobody: another who was met as lately, a manner of speaking, a child of years ago."""

from dataclasses import replace

import pytest

from imaginized.providers.builtin.telling import tell
from imaginized.story.elements import Element, ElementType, Look, Quote
from imaginized.story.merging import merge_elements
from imaginized.story.stage_lists import Deed
from imaginized.story.staging import Age, Figure, Sex, Staging, View
from tests.unit.test_cast import signed
from tests.unit.test_words import named, read

TOLD = " “It is well,” said Anna. Anna rose and nodded."


@pytest.mark.parametrize(
    "text",
    [
        "Anna came in. The gait of a red-haired miller was behind her. She watched the street.",
        "Anna had carried the day with a firm hand.",
        "Anna had a keen eye for a bargain.",
        "Anna was big with news.",
        "Anna was aged seven when the mill burnt down.",
        "Anna was a keen reader.",
        "Anna was a silly little thing.",
        "Anna watched the pedlar who danced upon a barrel and had the most crooked legs.",
        "In the warm hollow Anna lay still.",
        "Anna came in. Her head was so heavy that she sat down.",
        "Anna came in. Her dress was of dark crimson.",
        "Anna was an empty-headed woman.",
        "You must spare Anna.",
        "The aunt came back while Anna was a small girl.",
        "The aunt came in, striking Anna dumb.",
        "Anna nodded. Her eyes were twinkling.",
        "Anna was too tall for the door.",
        "Anna was so small that the wind took her.",
        "Anna was short with him.",
        "Anna ruled them with an iron hand.",
        "Anna had a sharp ear for a lie.",
        "Anna turned a blind eye to it.",
        "Anna came in. Her hand was so heavy that he shrank.",
    ],
)
def test_a_manner_of_speaking_or_another_is_no_look(text: str) -> None:
    found = named(read(text + TOLD))["Anna"]
    assert [look.text for look in found.looks if look.is_lasting] == []


@pytest.mark.parametrize(
    ("text", "look"),
    [
        ("Anna, who was tall, and had grey eyes, came in.", "grey eyes"),
        ("Anna had thin hands.", "thin hands"),
        ("Anna was so tall, and so thin.", "so tall, and so thin"),
        ("Anna was a pretty little thing.", "a pretty little thing"),
        ("The red-haired Anna sat down.", "red-haired"),
        ("Anna came in. Her head was bald.", "head was bald"),
        ("Anna had a wooden hand.", "a wooden hand"),
        ("Anna had a glass eye.", "a glass eye"),
        ("Anna, a woman with a withered hand, came in.", "a withered hand"),
        ("Anna had a lame foot.", "a lame foot"),
        ("Anna was so tall that she stooped under the beam.", "so tall"),
        ("Anna was so stout that the stool creaked.", "so stout"),
    ],
)
def test_what_is_said_of_somebody_still_is_theirs(text: str, look: str) -> None:
    found = named(read(text + TOLD))["Anna"]
    assert look in [each.text for each in found.looks if each.is_lasting]


def test_who_is_given_a_name_as_something_is_no_other_stranger() -> None:
    """The victim of a trick is not the clerk who came in before."""
    text = (
        "A stout, bald clerk came in. It was plain that the victim was Mr. Bell. “Well,” said Mr. Bell. Mr. Bell sat."
    )
    assert named(read(text))["Mr. Bell"].description == ""
    text = "A stout, bald clerk came in. The clerk was Mr. Bell. “Well,” said Mr. Bell. Mr. Bell sat."
    assert named(read(text))["Mr. Bell"].description == "a stout, bald clerk"


def look(text: str, quote: str, *, chapter: int, start: int = 0, is_guessed: bool = False) -> Look:
    return Look(text=text, quote=Quote(text=quote, chapter=chapter, start=start, page=1), is_guessed=is_guessed)


def met(*looks: Look, mentions: int) -> tuple[Look, ...]:
    """The looks that are left of somebody who is met in the chapters 1 to 9."""
    chapters = [
        replace(
            signed("Orlin", mentions=mentions // 9, speech=3, he=5),
            chapters=(number,),
            looks=tuple(each for each in looks if each.quote and each.quote.chapter == number),
        )
        for number in range(1, 10)
    ]
    (man,) = merge_elements([[chapter] for chapter in chapters])
    return man.looks


def kept(*looks: Look, mentions: int) -> list[str]:
    return [each.text for each in met(*looks, mentions=mentions)]


def guesses(*looks: Look, mentions: int) -> list[bool]:
    """Which of the looks that are left another chapter may still show to be another's."""
    return [each.is_guessed for each in met(*looks, mentions=mentions)]


FAR = look("bald head", "He bent his bald head.", chapter=7)


def test_a_look_far_from_the_name_of_one_met_often_is_left_out() -> None:
    """With the name, where he comes in, or among others of a portrait it is kept; of one seldom met as well."""
    assert kept(FAR, mentions=90) == []
    assert kept(FAR, mentions=18) == ["bald head"]
    assert kept(look("bald head", "Orlin bent his bald head.", chapter=7), mentions=90) == ["bald head"]
    assert kept(look("bald head", "He pushed the stout Orlin.", chapter=7), mentions=90) == ["bald head"]
    assert kept(look("bald head", "He bent his bald head, and off ran Orlin.", chapter=7), mentions=90) == []
    assert kept(look("bald head", "He bent his bald head.", chapter=1), mentions=90) == ["bald head"]
    portrait = (
        look("lean", "He was lean.", chapter=7),
        look("grey eyes", "He had grey eyes and freckled skin.", chapter=7, start=40),
        look("freckled skin", "He had grey eyes and freckled skin.", chapter=7, start=40),
    )
    assert kept(*portrait, mentions=90) == []
    assert len(kept(FAR, *portrait, mentions=90)) == 4
    again = look("shining bald skull", "Orlin rubbed his shining bald skull.", chapter=3)
    assert kept(FAR, again, mentions=90) == ["shining bald skull", "bald head"]  # which the book says twice


def test_what_more_chapters_may_take_away_is_a_guess() -> None:
    """A look far from the name of one who is seldom met as yet; what stands beside a sure look is none any more."""
    assert guesses(FAR, mentions=18) == [True]
    assert guesses(look("bald head", "Orlin bent his bald head.", chapter=7), mentions=18) == [False]
    tall = look("tall", "Orlin was tall.", chapter=1)
    assert guesses(look("grey eyes", "He had grey eyes.", chapter=1, is_guessed=True), tall, mentions=90) == [False] * 2
    assert guesses(look("grey eyes", "He had grey eyes.", chapter=1, is_guessed=True), mentions=90) == [True]


def test_a_guess_is_kept_where_somebody_comes_in() -> None:
    """A chapter later only with the name beside it."""
    assert kept(look("a stout man", "A stout man came in.", chapter=1, is_guessed=True), mentions=90) == ["a stout man"]
    assert kept(look("a stout man", "A stout man came in.", chapter=2, is_guessed=True), mentions=90) == []
    assert kept(look("a stout man", "Orlin was a stout man.", chapter=2, is_guessed=True), mentions=90)


@pytest.mark.parametrize(
    ("grown", "child", "text", "is_kept"),
    [
        (9, 0, "a plump child", False),
        (9, 0, "a boy of ten", False),
        (9, 0, "a plump man", True),
        (0, 9, "a plump child", True),
        (0, 0, "a plump child", True),
    ],
)
def test_a_child_is_no_look_of_whom_the_book_knows_as_grown(
    grown: int, child: int, text: str, *, is_kept: bool
) -> None:
    told = look(text, f"Orlin was {text}.", chapter=1)
    found = replace(
        signed("Orlin", mentions=9, speech=3, aged=1, grown=grown, child=child), looks=(told,), description=text
    )
    (man,) = merge_elements([[found]])
    assert bool(man.looks) is is_kept


@pytest.mark.parametrize(
    ("age", "said"),
    [
        (Age.CHILD, "Mabel, a thin child, walks."),
        (Age.YOUNG, "Mabel walks."),
        (Age.UNKNOWN, "Mabel walks."),
    ],
)
def test_the_child_of_years_ago_is_nobodys_look(age: Age, said: str) -> None:
    cast = (Element(type=ElementType.CHARACTER, name="Mabel", description="a thin child"),)
    figure = Figure(name="Mabel", sex=Sex.WOMAN, age=age, deed=Deed.WALK)
    assert tell(Staging(figures=(figure,), view=View.GROUP), cast) == said
