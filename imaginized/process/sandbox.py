"""Starting a confined process, and asking one without a book what it is kept from.

Run as a program, this module is that process. It loads no parser, for the supervisor asks, too.
"""

import json
import os
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from imaginized.process.confinement import Confinement, Limits, confine
from imaginized.process.parent import die_with_parent

LIBRARY_VARIABLE = "LD_LIBRARY_PATH"
_PROBE_SECONDS = 30.0
_PACKAGES = Path(__file__).resolve().parents[2]
_SILENT = Confinement(reasons=("the reader's process ended without an answer",))


def probe() -> Confinement:
    """What a reader started here would be kept from. Takes as long as starting Python; call from the main thread."""
    with start_probe() as process:
        try:
            return probed(process.communicate(timeout=_PROBE_SECONDS)[0])
        except subprocess.TimeoutExpired:
            process.kill()
            return _SILENT


def start_probe() -> "subprocess.Popen[bytes]":
    """Start asking; what it writes until it ends is for `probed`."""
    return start_apart(__name__, [])


def probed(answer: bytes | None) -> Confinement:
    """What the answer says; nothing is in force where it says nothing."""
    try:
        return confinement_of(json.loads(answer or b""))
    except ValueError:
        return _SILENT


def confinement_of(found: Mapping[str, Any]) -> Confinement:
    """What a reader found, from JSON; nothing is in force where that does not fit."""
    try:
        return Confinement(**{**found, "reasons": tuple(found["reasons"])})
    except (TypeError, KeyError):
        return _SILENT


def start_apart(module: str, arguments: list[str], *, takes_input: bool = False) -> "subprocess.Popen[bytes]":
    """Start a module of ours with nothing but a pipe to write to; its first argument is this process's id.

    Args:
        module: Its name.
        arguments: All others.
        takes_input: Whether it has a pipe to read from, too.
    """
    # An environment of its own: keys and tokens of the daemon are none of its business, but where its libraries are is.
    libraries = {name: value for name, value in os.environ.items() if name == LIBRARY_VARIABLE}
    return subprocess.Popen(
        # -P: a folder somebody stands in must not lend it modules. -B: it may not write. utf8: its locale is not ours.
        [sys.executable, "-P", "-B", "-X", "utf8", "-m", module, str(os.getpid()), *arguments],
        stdin=subprocess.PIPE if takes_input else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**libraries, "PYTHONPATH": os.pathsep.join([str(_PACKAGES), *filter(None, sys.path)])},
        cwd="/",
    )


def places_of_program() -> set[Path]:
    """What the program may still have to load: Python's own folders, and those of the packages it has loaded.

    Not all of `sys.path`: with `python -m` that holds the folder somebody stood in, such as their home.
    """
    whole = sysconfig.get_paths()
    folders = {f"{sys.base_prefix}/lib", *(whole[name] for name in ("stdlib", "platstdlib", "purelib", "platlib"))}
    within = tuple(f"{folder}/" for folder in folders)
    places = set(folders)
    for name, module in list(sys.modules.items()):
        if "." not in name and name != "__main__":
            found = getattr(module, "__path__", None) or [getattr(module, "__file__", None) or ""]
            places.update(place for place in found if place and not place.startswith(within))
    return set(map(Path, places))


if __name__ == "__main__":
    die_with_parent(int(sys.argv[1]))
    print(json.dumps(asdict(confine(Limits(), readable=places_of_program()))))
