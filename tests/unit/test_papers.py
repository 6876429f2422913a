"""README, docs and the commented settings: links lead somewhere, and commands are ones that the programs know."""

import csv
import re
import shlex
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from imaginized.cli.ctl import main as ctl
from imaginized.cli.daemon import main as daemon

ROOT = Path(__file__).parents[2]
PAPERS = [ROOT / "README.md", ROOT / "systemd" / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
PROGRAMS: dict[str, click.Command] = {"imaginizectl": ctl, "imaginized": daemon}
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ +(.*)$", re.MULTILINE)
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`((?:imaginizectl|imaginized|scripts/[a-z-]+)(?: [^`]*)?)`")
SHELL = ("sh", "bash", "console")
EVERYWHERE = {"--socket", "--json"}  # taken before and behind the command
PLACEHOLDER = re.compile(r"[A-Z…\[|]|\.\.\.")


def anchor(heading: str) -> str:
    """How GitHub names a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def commands(paper: Path) -> Iterator[str]:
    """Every command line that a paper shows, in blocks and in running text."""
    text = paper.read_text()
    for language, block in FENCE.findall(text):
        if language in SHELL:
            for line in block.replace("\\\n", " ").splitlines():
                yield line.partition(" #")[0].strip()
    yield from (" ".join(found.split()) for found in INLINE.findall(FENCE.sub("", text)))


def words_of(line: str) -> list[str]:
    """The words of a line from one of our programs on, up to where another command begins."""
    line = re.sub(r"\bsudo -u \w+ ", "", line)
    try:
        words = shlex.split(line)
    except ValueError:  # an ellipsis within quotes
        words = line.split()
    names = [Path(word).name for word in words]
    starts = [at for at, name in enumerate(names) if name in PROGRAMS]
    if not starts:
        return []
    rest = words[starts[0] :]
    ends = [at for at, word in enumerate(rest) if word in ("|", "&&", "||", ";", "&", ">")]
    return [names[starts[0]], *rest[1 : ends[0] if ends else None]]


def unknown(line: str) -> str:
    """What of a command line its program does not know; "" where all is known."""
    words = words_of(line)
    if not words:
        return ""
    command = PROGRAMS[words[0]]
    for word in words[1:]:
        if word.startswith("-"):
            option = word.partition("=")[0].rstrip("],")
            known = {name for each in command.params for name in (*each.opts, *each.secondary_opts)} | {"--help"}
            if option not in EVERYWHERE and not PLACEHOLDER.search(option) and option not in known:
                return f"{option} of {command.name}"
        elif isinstance(command, click.Group) and not PLACEHOLDER.search(word) and "/" not in word:
            nested = command.get_command(click.Context(command), word)
            if nested is None:
                return word
            command = nested
    return ""


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(paper: Path) -> None:
    """A relative link names a file that is there, and a heading that it has."""
    missing = []
    for target in LINK.findall(FENCE.sub("", paper.read_text())):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, fragment = target.partition("#")
        file = (paper.parent / name) if name else paper
        if not file.exists() or (
            fragment and fragment not in {anchor(each) for each in HEADING.findall(file.read_text())}
        ):
            missing.append(target)

    assert not missing


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: str(path.relative_to(ROOT)))
def test_commands_are_known(paper: Path) -> None:
    """What a paper tells people to type is what the programs take."""
    wrong = [f"{line}: {what}" for line in commands(paper) if (what := unknown(line))]

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: str(path.relative_to(ROOT)))
def test_scripts_are_there(paper: Path) -> None:
    """Each script that a paper names exists."""
    named = set(re.findall(r"\bscripts/[a-z-]+\b(?!\.)", paper.read_text()))

    assert not [name for name in named if not (ROOT / name).exists()]


def test_the_readme_is_short() -> None:
    """Who comes here reads it in one go."""
    assert len((ROOT / "README.md").read_text().splitlines()) <= 250


def test_every_page_is_found_from_the_readme() -> None:
    """No page of docs/ that nobody is led to."""
    text = (ROOT / "README.md").read_text()

    assert not [path.name for path in PAPERS if path.parent.name == "docs" and f"docs/{path.name}" not in text]


@pytest.mark.parametrize("line", ["imaginizectl statsu", "imaginizectl retry --scenes 7.2 BOOK", "imaginized runn"])
def test_the_check_sees_a_wrong_command(line: str) -> None:
    """A slip of the pen is noticed."""
    assert unknown(line)


def test_the_readme_tells_what_the_judges_said() -> None:
    """The shares of plates that fit, fit in part and contradict are the last round's, of both judges together."""
    last = max((ROOT / "benchmarks" / "judged").glob("round-*.csv"), key=lambda path: int(path.stem.rpartition("-")[2]))
    with last.open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["state"] == "new"]
    verdicts = Counter(row[judge] for row in rows for judge in ("first", "second"))
    told = re.search(
        r"(\d+) % of the plates fit, (\d+) % show .* part and (\d+) % contradict",
        (ROOT / "README.md").read_text().replace("\n", " "),
    )

    assert told is not None
    for share, verdict in zip(told.groups(), ("fits", "partly", "contradicts"), strict=True):
        assert abs(int(share) - 100 * verdicts[verdict] / verdicts.total()) <= 0.6
