"""What an order will have made again, told before it is given; where that costs, a person at the terminal is asked."""

import sys
from collections.abc import Mapping

from imaginized.cli.command import say_aside
from imaginized.cli.output import ask
from imaginized.control.client import Client
from imaginized.control.order_answers import Foretold
from imaginized.control.protocol import FORETELL, ToForetell
from imaginized.errors import ControlError, ExitCode
from imaginized.money.amounts import dollars


def foretell(client: Client, wanted: Mapping[str, object], *, order: str, is_sure: bool) -> None:
    """Say how many pictures an order has drawn again, and what that costs at most.

    Args:
        client: The daemon.
        wanted: What the order takes.
        order: retry, recast or divide.
        is_sure: Whether nobody is to be asked (--yes).

    Raises:
        ControlError: Nobody agreed.
    """
    known = {name: value for name, value in wanted.items() if name in ToForetell.__annotations__}
    try:
        told = client.ask(FORETELL, ToForetell(order=order, **known))  # type: ignore[typeddict-item]
    except ControlError:
        return  # of an older daemon; what is wrong with the order, the order itself says
    text = told_text(told)
    if not text:
        return
    is_free = told["cost_usd"] == 0
    if is_free or is_sure or not (sys.stdin.isatty() and sys.stderr.isatty()):
        say_aside(text)
    elif not ask(f"{text}. Continue? [y/N] "):
        raise ControlError("nothing was changed", exit_code=ExitCode.NOTHING_TO_DO)


def told_text(told: Foretold) -> str:
    """In a sentence; "" where nothing is made again."""
    whats = []
    if told["texts"]:
        whats.append(f"reads at most {_count(told['texts'], 'chapter')} again")
    if told["pictures"]:
        whats.append(f"draws at most {_count(told['pictures'], 'picture')} again")
    if not whats:
        return ""
    cost = told["cost_usd"]
    price = "at an unknown price" if cost is None else "at no cost"
    if cost:
        price = f"for at most {dollars(cost)} USD"
    return f"this {' and '.join(whats)}, {price}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
