"""What was read of a chapter by its words alone, as records and the guide name it."""

from enum import StrEnum


class WordMethod(StrEnum):
    """How far the word-based reading goes in the language of a chapter."""

    WHOLE = "word-based"
    NAMES = "word-based, names"
    SPEAKERS = "word-based, speakers"
    SCENES = "word-based, scenes"


# In these no looks are read.
WITHOUT_LOOKS = frozenset((WordMethod.NAMES, WordMethod.SPEAKERS, WordMethod.SCENES))
