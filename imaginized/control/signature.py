"""What a method of the control socket is: how it is called, by whom, what it answers. `protocol` has all of them."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Generic, TypeVar

from imaginized.control import answers

Parameters = TypeVar("Parameters")
Answer = TypeVar("Answer", covariant=True)


class Role(IntEnum):
    """What a caller may do; each role may do what those below it may."""

    READ = 0
    WORK = 1
    RULE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """A message that a stream sends: a JSON-RPC notification.

    Attributes:
        name: Its method, on the wire.
        takes: The record of its parameters.
        meaning: What it says, in a line.
    """

    name: str
    takes: type[Any]
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature(Generic[Parameters, Answer]):
    """A method: how it is called and what it answers.

    Attributes:
        name: On the wire.
        takes: The record of its parameters.
        schema: Name of its answer's schema, between "imaginized." and "/1".
        answer: The record of its answer.
        answer_of_book: The one that it answers with instead when a book is given; None for no other.
        meaning: What it does, in a line.
        role: Who may call it. Whatever takes more than reading changes something, and is noted with its caller.
        tells: The messages that follow the answer, of a method that makes a stream of the connection.
    """

    name: str
    takes: type[Parameters]
    schema: str
    answer: type[Answer]
    meaning: str
    answer_of_book: type[answers.Head] | None = None
    role: Role = Role.READ
    tells: tuple[Notification, ...] = ()


AnySignature = Signature[Any, Any]
