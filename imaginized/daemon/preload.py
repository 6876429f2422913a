"""What the fork server imports before it forks, in two goes, and how it does so.

At its start it imports what the intake needs, for with that the daemon is ready; all the others need takes three times
as long, and is imported once the launcher says so, by a signal: after the intake was forked, before anybody else is.

Nothing of it is ever thrown away, so it is imported without a look at what could be. The children, in `entry`, set it
apart for good and collect what they make themselves.
"""

import gc
import os
import signal
from contextlib import suppress
from importlib import import_module
from types import FrameType

from imaginized.daemon.forkserver import IMPORTS

PROCESS = os.getpid()  # the fork server's, also in what it forks

REST = [
    "imaginized.work.worker",
    "imaginized.work.gate",
    "imaginized.providers.builtin.provider",
    # What these import at their first cover, picture and call, each worker would by itself, and keep for itself.
    "PIL.BmpImagePlugin",
    "PIL.GifImagePlugin",
    "PIL.JpegImagePlugin",
    "PIL.PngImagePlugin",
    "PIL.PpmImagePlugin",
    "encodings.idna",
    "encodings.unicode_escape",
]


def _import_more(number: int, _frame: FrameType | None) -> None:
    for name in (*REST, *IMPORTS[number]):
        with suppress(ImportError):  # the child that needs it says so, as for what is imported at the start
            import_module(name)
    import_module("imaginized.providers.builtin.lexicon").load_lexicon()  # every split asks it; there once for all
    hear_no_more()  # last: by this the launcher knows that it is through


def hear_no_more() -> None:
    """Import nothing more for a signal; in a child it has its usual meaning."""
    for number in IMPORTS:
        signal.signal(number, signal.SIG_DFL)


gc.disable()
for _number in IMPORTS:
    signal.signal(_number, _import_more)
