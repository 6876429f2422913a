"""Whether a text ends in saying the same over and over, as small models do until they are cut. Pure, linear."""

import re

TAIL = 6_000
LEAST_REPEATED = 240  # characters of the tail that repeat; a list of short items has some of it by nature
LEAST_TIMES = 4
_DIGITS = re.compile(r"\d+")


def is_looping(text: str) -> bool:
    """Whether the end of a text repeats one stretch, four times or more; numbers that count up are no difference."""
    tail = _DIGITS.sub("0", text[-TAIL:])
    if len(tail) < LEAST_REPEATED:
        return False
    backwards = tail[::-1]
    # The longest border of each beginning (Knuth, Morris, Pratt): n characters with a border of b repeat every n - b.
    borders = [0] * len(backwards)
    border = 0
    for at in range(1, len(backwards)):
        while border and backwards[at] != backwards[border]:
            border = borders[border - 1]
        border += backwards[at] == backwards[border]
        borders[at] = border
        length = at + 1
        if length >= LEAST_REPEATED and border and (length - border) * LEAST_TIMES <= length:
            return True
    return False
