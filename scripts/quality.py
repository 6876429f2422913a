"""Score the casts of novels and their looks in a minute, without drawing: the table, and what changed.

For developers. `benchmarks/looks.json` says who is described where and how; a look that is not right by it is wrong.
"""

import argparse
import json
import multiprocessing
import re
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TypedDict

from imaginized.errors import Rejected
from imaginized.providers.api import TextRequest
from imaginized.providers.builtin.words import read_chapter
from imaginized.reading.book import read_book
from imaginized.story.elements import Element, ElementType
from imaginized.story.merging import merge_elements
from imaginized.story.sheets import looks_of

ALIVE = (ElementType.CHARACTER, ElementType.CREATURE)
TOP = 20
# What may be lost before a comparison fails: a point of a recall, two faults in all.
MOST_LOST = 0.01
MOST_FAULTS = 2
# Of looks that are told, the share that is right may vary more: one is half a point.
MOST_WRONG = 0.03
RECALLS = ("major", "intermediate", "top20", "looks")
NAMED = ("missed", "merged", "split", "kind", "strangers", "unseen", "untrue")
LOOKS = Path(__file__).parents[1] / "benchmarks" / "looks.json"
# Characters around the words of a list within which a first description stands.
BEFORE, AFTER = 700, 900


class Person(TypedDict):
    """One line of a list of characters."""

    name: str
    aliases: list[str]
    part: str


class Described(TypedDict, total=False):
    """One line of a list of described people: words of the first description, and of looks that are true.

    `right` and `wrong` are whole looks that were judged by reading.
    """

    name: str
    also: list[str]
    first: str
    looks: list[str]
    right: list[str]
    wrong: list[str]


class Novel(TypedDict):
    """The described people of a novel; tuning or held."""

    half: str
    people: list[Described]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How the cast of one novel compares to a person's list; each fault by the names in it."""

    title: str
    major: tuple[int, int]
    intermediate: tuple[int, int]
    top20: tuple[int, int]
    merged: tuple[str, ...]
    split: tuple[str, ...]
    kind: tuple[str, ...]
    missed: tuple[str, ...]
    strangers: tuple[str, ...]
    looks: tuple[int, int] = (0, 0)
    right: tuple[int, int] = (0, 0)
    unseen: tuple[str, ...] = ()
    untrue: tuple[str, ...] = ()
    words: int
    seconds: float
    joining_seconds: float


def main() -> int:
    """Print the table; exit 1 when the result is worse than the one compared to."""
    parser = argparse.ArgumentParser(prog="scripts/quality", description="Score the casts of novels.")
    parser.add_argument("folder", type=Path, help="EPUBs, and gold.json with the characters of each")
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help="only novels whose name has this in it")
    parser.add_argument("-v", "--verbose", action="store_true", help="name every fault")
    parser.add_argument("--save", type=Path, help="write the result to this file")
    parser.add_argument(
        "--compare", type=Path, help="name the differences from a saved result; exit 1 if it was better"
    )
    parser.add_argument("--looks", type=Path, default=LOOKS, help="who is described where and how")
    arguments = parser.parse_args()
    path = arguments.folder / "gold.json"
    gold: dict[str, list[Person]] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    described: dict[str, Novel] = json.loads(arguments.looks.read_text(encoding="utf-8"))
    gold |= {title: [] for title in described if (arguments.folder / f"{title}.epub").exists() and title not in gold}
    titles = [title for title in sorted(gold) if not arguments.only or any(part in title for part in arguments.only)]
    with multiprocessing.get_context("fork").Pool(2) as pool:
        lists = [(gold[title], described[title]["people"] if title in described else []) for title in titles]
        work = [(arguments.folder / f"{title}.epub", *both) for title, both in zip(titles, lists, strict=True)]
        scores = pool.starmap(score_novel, work, chunksize=1)
    print_table(scores, verbose=arguments.verbose)
    if arguments.save:
        arguments.save.write_text(json.dumps([asdict(each) for each in scores], indent=1) + "\n", encoding="utf-8")
    return compare(scores, json.loads(arguments.compare.read_text(encoding="utf-8"))) if arguments.compare else 0


def score_novel(path: Path, people: Sequence[Person], described: Sequence[Described] = ()) -> Score:
    """Read a novel and compare its cast and its looks to lists."""
    start = time.perf_counter()
    try:
        book = read_book(path, original_name=path.name)
    except Rejected as rejected:
        raise ValueError(f"{path}: {rejected}") from None  # it does not travel between processes
    found = []
    for chapter in book.chapters:
        request = TextRequest(book_title=book.title, language=book.language, chapter=chapter, scenes=2)
        found.append(read_chapter(request).elements)
    read = time.perf_counter()
    elements = merge_elements(found, words=sum(chapter.words for chapter in book.chapters))
    done = time.perf_counter()
    score = judge(
        elements,
        people,
        title=path.stem,
        words=sum(chapter.words for chapter in book.chapters),
        seconds=read - start,
        joining_seconds=done - read,
    )
    return judge_looks(score, elements, described, texts={chapter.number: chapter.text for chapter in book.chapters})


def judge_looks(
    score: Score, elements: Sequence[Element], described: Sequence[Described], *, texts: Mapping[int, str]
) -> Score:
    """Add whose first description is found, and how many of the looks of all of them are true."""
    folded = {number: re.sub(r"\s", " ", text) for number, text in texts.items()}
    unseen, untrue, told = [], [], 0
    for person in described:
        element = _element_of(person, elements)
        looks = looks_of(element) if element else ()
        true = [look for look in looks if _is_true(look.text, person)]
        told += len(looks)
        untrue += [f"{person['name']}: {look.text}" for look in looks if look not in true]
        places = {number: at for number, text in folded.items() if (at := text.find(person["first"])) >= 0}
        is_seen = any(
            look.quote and -BEFORE <= look.quote.start - places.get(look.quote.chapter, -AFTER * 9) <= AFTER
            for look in true
        )
        unseen += [] if is_seen else [person["name"]]
    return replace(
        score,
        looks=(len(described) - len(unseen), len(described)),
        right=(told - len(untrue), told),
        unseen=tuple(unseen),
        untrue=tuple(untrue),
    )


def _element_of(person: Described, elements: Sequence[Element]) -> Element | None:
    names = {fold(name) for name in (person["name"], *person.get("also", ()))}
    called = [each for each in elements if not names.isdisjoint(_called(each))]
    return max(called, key=lambda each: (each.type in ALIVE, each.mentions), default=None)


def _is_true(look: str, person: Described) -> bool:
    if look in person.get("wrong", ()):
        return False
    text = look.casefold().replace("grey", "gray")
    words = (word.casefold().replace("grey", "gray") for word in person["looks"])
    return look in person.get("right", ()) or any(re.search(rf"\b{re.escape(word)}", text) for word in words)


def judge(
    elements: Sequence[Element],
    people: Sequence[Person],
    *,
    title: str,
    words: int,
    seconds: float,
    joining_seconds: float,
) -> Score:
    """Compare a cast to a list; a name that two people of the list bear counts for nobody."""
    owners: dict[str, set[int]] = {}
    for number, person in enumerate(people):
        for name in {fold(each) for each in (person["name"], *person["aliases"])} - {""}:
            owners.setdefault(name, set()).add(number)
    cast = sorted((each for each in elements if each.type in ALIVE), key=lambda each: -each.mentions)
    hits: dict[int, list[str]] = {}
    merged = []
    for each in cast:
        sure, maybe = _owners_of(each, owners)
        if len(sure) > 1:
            merged.append(f"{each.name} = {' + '.join(sorted(people[i]['name'] for i in sure))}")
        for number in sure or maybe:
            hits.setdefault(number, []).append(each.name)
    top = cast[:TOP]
    strangers = [each.name for each in top if not any(name in owners for name in _called(each))]
    listed = {part: [i for i, who in enumerate(people) if who["part"] == part] for part in ("major", "intermediate")}
    return Score(
        title=title,
        major=(sum(i in hits for i in listed["major"]), len(listed["major"])),
        intermediate=(sum(i in hits for i in listed["intermediate"]), len(listed["intermediate"])),
        top20=(len(top) - len(strangers), len(top)),
        merged=tuple(merged),
        split=tuple(
            f"{people[i]['name']} = {' | '.join(names)}"
            for i, names in sorted(hits.items())
            if len(names) > 1 and people[i]["part"] != "minor"
        ),
        kind=tuple(
            f"{each.name} ({each.type})"
            for each in elements
            if each.type not in ALIVE and any(owners.get(name) for name in _called(each))
        ),
        missed=tuple(people[i]["name"] for part in listed.values() for i in part if i not in hits),
        strangers=tuple(strangers),
        words=words,
        seconds=round(seconds, 1),
        joining_seconds=round(joining_seconds, 2),
    )


def fold(name: str) -> str:
    """A name as it is compared: small letters, no marks, no article, no possessive."""
    name = re.sub(r"[’']s$", "", name.strip())
    name = re.sub(r"[^\w\s]", " ", name.casefold())
    return re.sub(r"^(the|a|an)\s+", "", " ".join(name.split()))


def _called(element: Element) -> list[str]:
    return [fold(name) for name in (element.name, *element.aliases)]


def _owners_of(element: Element, owners: Mapping[str, set[int]]) -> tuple[set[int], set[int]]:
    """Who is called by its names and nobody else is; who may be."""
    sure = {next(iter(owners[name])) for name in _called(element) if len(owners.get(name, ())) == 1}
    maybe = set().union(*(owners.get(name, set()) for name in _called(element)))
    return sure, maybe


def totals(scores: Sequence[Mapping[str, object]]) -> dict[str, float]:
    """The recalls as shares, the faults as sums."""
    found: dict[str, float] = {}
    for part in (*RECALLS, "right"):
        pairs = [each.get(part, (0, 0)) for each in scores]
        hit, all_of = (sum(pair[k] for pair in pairs if isinstance(pair, list | tuple)) for k in (0, 1))
        found[part] = hit / max(all_of, 1)
    for fault in ("merged", "split", "kind"):
        found[fault] = sum(len(names) for each in scores if isinstance(names := each[fault], list | tuple))
    return found


def print_table(scores: Sequence[Score], *, verbose: bool) -> None:
    """One line a novel, the faults by name if wanted, and the sums."""
    print(
        f"{'novel':30} {'major':>6} {'inter':>6} {'top20':>6} merged split kind  "
        f"{'looks':>6} {'right':>6}   words  reads  joins"
    )
    for each in scores:
        shares = " ".join(f"{f'{hit}/{most}':>6}" for hit, most in (each.major, each.intermediate, each.top20))
        seen = " ".join(f"{f'{hit}/{most}':>6}" for hit, most in (each.looks, each.right))
        print(
            f"{each.title[:30]:30} {shares} {len(each.merged):6} {len(each.split):5} {len(each.kind):4}  {seen} "
            f"{each.words:7} {each.seconds:6.1f} {each.joining_seconds:6.2f}"
        )
        for fault in NAMED if verbose else ():
            names: tuple[str, ...] = getattr(each, fault)
            if names:
                print(f"    {fault}: {'; '.join(names)}")
    sums, novels = totals([asdict(each) for each in scores]), max(len(scores), 1)
    shares = ", ".join(f"{part} {sums[part]:.3f}" for part in (*RECALLS, "right"))
    faults = ", ".join(f"{fault} {sums[fault] / novels:.2f}" for fault in ("merged", "split", "kind"))
    print(f"{len(scores)} novels: {shares}; a novel: {faults}; {sum(each.seconds for each in scores):.0f} s")


def compare(scores: Sequence[Score], earlier: Sequence[Mapping[str, object]]) -> int:
    """Name what came and what went since an earlier result; 1 when the novels in both are clearly worse now."""
    now = {each.title: asdict(each) for each in scores}
    before = {str(each["title"]): each for each in earlier if each["title"] in now}
    for title, each in before.items():
        for fault in NAMED:
            was, names = each.get(fault, ()), now[title][fault]
            old = set(was) if isinstance(was, list | tuple) else set()
            for sign, changed in (("+", sorted(set(names) - old)), ("-", sorted(old - set(names)))):
                for name in changed:
                    print(f"{sign} {title} {fault}: {name}")
    new, old_sums = totals([now[title] for title in before]), totals(list(before.values()))
    lost = [part for part in RECALLS if new[part] < old_sums[part] - MOST_LOST]
    lost += ["right"] if new["right"] < old_sums["right"] - MOST_WRONG else []
    faults = sum(new[fault] - old_sums[fault] for fault in ("merged", "split", "kind"))
    if lost or faults > MOST_FAULTS:
        print(f"worse than before: {', '.join(lost) or 'recalls held'}; {faults:+.0f} faults")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
