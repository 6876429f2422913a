"""Calibre's `ebook-convert` on a stranger's file, confined: programs and the file to read, one folder to write.

Run as a program, this module gives up all else, the network too, and becomes `ebook-convert`; imported, it starts that.
It is confined less than a reader is: it starts processes of its own.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from imaginized.errors import Rejected, Unconfined
from imaginized.process.confinement import Confinement, Limits, confine_program
from imaginized.process.parent import die_with_parent
from imaginized.process.sandbox import start_apart
from imaginized.reasons import Code

PROGRAM = "ebook-convert"
MAX_OUTPUT_BYTES = 500_000_000
TIMEOUT_SECONDS = 600.0
_STEP_SECONDS = 0.5
_UNCONFINED_CODE = 71  # EX_OSERR: not one of Calibre's own
_ADVICE = "Convert it to EPUB yourself, then drop that."
_PLACES = ("/usr", "/bin", "/lib", "/lib64", "/opt", "/etc", "/proc", "/sys", "/dev")


def find_converter() -> Path | None:
    """Where `ebook-convert` is; None where Calibre is not installed."""
    found = shutil.which(PROGRAM)
    return None if found is None else Path(found).resolve()


def may_convert(is_wanted: bool) -> bool:
    """Whether files that no reader reads are converted: the settings want it, and Calibre is installed."""
    return is_wanted and find_converter() is not None


@contextmanager
def converted(path: Path, *, folder: Path, must_be_confined: bool, step: Callable[[], None]) -> Iterator[Path]:
    """An EPUB made of a file, which goes when the context ends.

    Args:
        path: The file; its ending tells Calibre what it is.
        folder: Where the converter works. It is made, and removed in the end: by whoever sweeps, after a kill.
        must_be_confined: Whether not to try where this machine cannot confine it.
        step: Called often while it works; what it raises ends it.

    Raises:
        Rejected: Calibre is not installed, failed, took too long or made nothing.
        Unconfined: It cannot be confined, and has to be.
    """
    program = find_converter()
    if program is None:
        advice = f"Install Calibre, which has {PROGRAM}, then drop it again; or convert it to EPUB yourself."
        raise Rejected(f"{PROGRAM}, which would convert it, is not installed", code=Code.FOREIGN, advice=advice)
    folder.mkdir(mode=0o700, parents=True)
    try:
        made = folder / "book.epub"
        demand = "whole" if must_be_confined else ""
        with start_apart(__name__, [str(program), str(path), str(made), demand]) as process:
            try:
                code = _wait(process, step=step)
            finally:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)  # with what it started
                process.kill()
        if code == _UNCONFINED_CODE:
            sandbox = Confinement(reasons=(f"{PROGRAM} cannot be confined here: this kernel has no Landlock",))
            raise Unconfined(str(sandbox), found={})
        if code or not made.is_file():
            why = f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with {code}"
            raise Rejected(f"{PROGRAM} could not convert it: it {why}", code=Code.READER_FAILED, advice=_ADVICE)
        yield made
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait(process: "subprocess.Popen[bytes]", *, step: Callable[[], None]) -> int:
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while time.monotonic() < deadline:
        step()
        try:
            process.communicate(timeout=_STEP_SECONDS)  # what it says is read and dropped: a full pipe would stop it
        except subprocess.TimeoutExpired:
            continue
        return process.returncode
    text = f"{PROGRAM} took longer than {TIMEOUT_SECONDS:g} s"
    raise Rejected(text, code=Code.READER_FAILED, advice=_ADVICE)


def _become(parent: str, program: str, source: str, target: str, demand: str) -> None:
    """Give up what a conversion does not need, and be `ebook-convert`."""
    die_with_parent(int(parent))
    os.setsid()
    folder = Path(target).parent
    places = [*map(Path, _PLACES), Path(program).parent, *map(Path, {sys.base_prefix, sys.prefix})]
    is_confined = confine_program(
        Limits(cpu_seconds=int(TIMEOUT_SECONDS)),
        runnable=places,
        readable=[Path(source)],
        writable=[folder, Path("/dev/null"), Path("/dev/shm")],
        file_bytes=MAX_OUTPUT_BYTES,
    )
    if demand and not is_confined:
        os._exit(_UNCONFINED_CODE)
    home = str(folder)
    environment = {
        **{"HOME": home, "TMPDIR": home, "XDG_RUNTIME_DIR": home, "CALIBRE_CONFIG_DIRECTORY": f"{home}/config"},
        **{"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "QT_QPA_PLATFORM": "offscreen"},
    }
    os.chdir(home)
    os.execve(program, [program, source, target], environment)


if __name__ == "__main__":
    _become(*sys.argv[1:])
