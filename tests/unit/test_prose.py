"""Sentences are for people: nothing outside the places that build them compares, splits, cuts or searches one."""

from pathlib import Path

import pytest

from tests.support.prose import offences

PACKAGE = Path(__file__).parents[2] / "imaginized"

BUILDERS = {"reasons.py", "cli/reasons_text.py", "guide/notes.py", "inbox/error_note.py"}
# What others have written, in the one place where it comes in, and what is no sentence.
EXCEPTIONS = {
    "remote/object_store.py": "obstore adds pages for who debugs it; the first line is told to people",
    "cli/command.py": "click's own errors, whose lines are cleaned one by one",
    "queue/stored_reasons.py": "manifests of 2.0.0 and of other programs, which have words alone",
    "reading/markup.py": "libxml2 tells of too deep a document by its message alone",
}

OFFENDERS = [
    'if entry.error == "cancelled": pass',
    'if "cancelled" != entry.error: pass',
    'if entry.error.startswith("cancelled"): pass',
    'if entry.reason == "cancelled": pass',
    'if hold.reason.startswith("the day"): pass',
    'if "day" in hold.reason: pass',
    'if reason.text == "cancelled": pass',
    'if reason.text in ("a", "b"): pass',
    'if "retry" in entry.reason.advice: pass',
    "if decision.reason.text != arrival.reason.text: pass",
    'if row["reason"] == "no": pass',
    'if row["reason"]["text"].endswith("no"): pass',
    'if row.get("error") in KNOWN: pass',
    'if "no" in (row["error"] or ""): pass',
    'name, _, rest = line["reason"].partition(": ")',
    'words = str(row["error"]).split("; ")',
    'short = finding.fix.removeprefix("run ")',
    'found = re.search("at line", error.message)',
    "found = _LINE.fullmatch(reason.text)",
    'said = TO_OURS.sub("the same command", end.reason)',
    "head = reason.advice[:10]",
    "tail = check.finding[3:MOST]",
    'match reason.text:\n    case "no": pass',
    'def f(reason: str) -> bool:\n    return reason == "cancelled"',
    'def f(why: str | None) -> bool:\n    return "no" in why',
    'def f(row):\n    told = row["error"]\n    text = printable(told)\n    return text.startswith("no")',
    'def f(entry):\n    if (said := entry.error) and said.count(";"): pass',
    'def f(entry):\n    a, b = entry.error, 1\n    return a == "no"',
    'async def f():\n    try: pass\n    except OSError as error:\n        return "full" in str(error)',
    "def f():\n    try: pass\n    except Rejected as error:\n        return str(error).splitlines()",
    'def f():\n    try: pass\n    except Rejected as error:\n        return str(error.reason) == "no"',
]

INNOCENT = [
    "if entry.reason.code is Code.CANCELLED: pass",
    'if row["code"] == "cancelled": pass',
    'if entry.error is None or entry.error == "": pass',
    "if entry.reason != before.reason: pass  # another record than before",
    "if hold.reason and not entry.error: pass",
    'line = f"{entry.reason.text}; {entry.reason.advice}"',
    "words = paragraph.text.split()",
    'if "whale" in chapter.text: pass',
    "if quote.text == other.text: pass",
    "kept = why.text[:LONGEST]",
    'if "disk" in status["paused"]: pass  # a table, by causes',
    'if provider["text"] == "openai": pass',
    "def f(error: OSError) -> bool:\n    return error.errno == 2",
    'def f(row):\n    code = row["code"]\n    return code == "no"\ndef g(code):\n    return "x" in code',
    'def f(a):\n    row = a["reason"]\n    return row\ndef g(row):\n    return "code" in row',
]


@pytest.mark.parametrize("source", OFFENDERS)
def test_code_that_reads_a_sentence_is_found(source: str) -> None:
    """Compared, split, cut, matched or searched; by its name, by a key, or by way of another name."""
    assert offences(source)


@pytest.mark.parametrize("source", INNOCENT)
def test_code_that_goes_by_codes_or_texts_of_books_is_let_alone(source: str) -> None:
    """So is asking whether there is a sentence, showing it, and bounding what is stored of it."""
    assert offences(source) == []


def test_nothing_reads_a_human_sentence() -> None:
    """A fact that a program needs has a code, or a field of its own; its sentence is written once and never read."""
    found = [
        f"{path.relative_to(PACKAGE)}:{line}: {code}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if str(path.relative_to(PACKAGE)) not in BUILDERS | EXCEPTIONS.keys()
        for line, code in offences(path.read_text())
    ]

    assert found == []


def test_every_exception_is_one() -> None:
    """Whoever stops reading words is taken off the list."""
    assert {name for name in EXCEPTIONS if not offences((PACKAGE / name).read_text())} == set()
