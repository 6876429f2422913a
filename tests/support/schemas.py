"""docs/schemas: the JSON schemas of a book's `data/` folder, made from the records; `scripts/build-schemas`."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any, get_args

import msgspec

from imaginized.guide.timeline import Timeline
from imaginized.stages.records import (
    BookRecord,
    CastRecord,
    ElementsRecord,
    IllustrationRecord,
    ScenesRecord,
    SeriesRecord,
    SheetsRecord,
)
from imaginized.story.sidecar_keys import BookRequest
from imaginized.story.text import ChapterText

FOLDER = Path(__file__).parents[2] / "docs" / "schemas"
DRAFT = "https://json-schema.org/draft/2020-12/schema"
# By the name of the schema: the record, and where its files are below `data/`.
RECORDS: Mapping[str, tuple[type, str]] = {
    "book": (BookRecord, "book.json"),
    "chapter": (ChapterText, "chapters/*.json"),
    "scenes": (ScenesRecord, "scenes/*.json"),
    "elements": (ElementsRecord, "elements.json"),
    "cast": (CastRecord, "cast.json"),
    "illustration": (IllustrationRecord, "illustrations/*.json"),
    "sheets": (SheetsRecord, "sheets.json"),
    "series": (SeriesRecord, "series.json"),
    "request": (BookRequest, "request.json"),
    "timeline": (Timeline, "timeline.json"),
}


def schemas() -> dict[str, str]:
    """The text of each schema, by the name of its file."""
    return {f"{name}.schema.json": _text(kind) for name, (kind, _) in RECORDS.items()}


def files_of(data: Path) -> Iterator[tuple[str, Path]]:
    """Every file of a `data/` folder that has a schema, with that schema's name."""
    for name, (_, pattern) in RECORDS.items():
        yield from ((name, path) for path in sorted(data.glob(pattern)))


def _text(kind: type) -> str:
    schema = {"$schema": DRAFT, **msgspec.json.schema(kind)}
    for each in _dataclasses(kind, seen=set()):
        _tell(schema["$defs"].get(each.__name__, {}), each)
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def _tell(definition: dict[str, Any], kind: type) -> None:
    """Put what a docstring says of its attributes where it belongs, and pin the version."""
    head, _, attributes = (kind.__doc__ or "").partition("\n\n    Attributes:")
    if "description" in definition:
        definition["description"] = " ".join(head.split())
    properties = definition.get("properties", {})
    for name, text in re.findall(r"^ {8}(\w+): (.*(?:\n {12}.*)*)", attributes, re.MULTILINE):
        if name in properties and "$ref" not in properties[name]:
            properties[name]["description"] = " ".join(text.split())
    version = properties.get("schema", {}).get("default")
    if version:
        properties["schema"]["const"] = version


def _dataclasses(kind: Any, *, seen: set[type]) -> Iterator[type]:
    for each in get_args(kind):
        yield from _dataclasses(each, seen=seen)
    if is_dataclass(kind) and isinstance(kind, type) and kind not in seen:
        seen.add(kind)
        yield kind
        for field in msgspec.inspect.type_info(kind).fields:  # type: ignore[attr-defined]
            yield from _of(field.type, seen=seen)


def _of(info: Any, *, seen: set[type]) -> Iterator[type]:
    for name in ("cls", "item_type", "key_type", "value_type"):
        inner = getattr(info, name, None)
        if isinstance(inner, type):
            yield from _dataclasses(inner, seen=seen)
        elif inner is not None:
            yield from _of(inner, seen=seen)
    for inner in (*getattr(info, "types", ()), *getattr(info, "item_types", ())):
        yield from _of(inner, seen=seen)


def main() -> None:
    """Write them all."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in schemas().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
