"""The pictures that scenes had before: kept by what they show, so that going back to one of them costs nothing."""

from dataclasses import dataclass

from imaginized.stages.job import Contents
from imaginized.stages.records import IllustrationRecord, VersionRecord, is_by_model
from imaginized.store.files import BookFiles
from imaginized.store.records import RecordUnreadable, dump, load
from imaginized.story.elements import Scene


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A picture that a scene had, and how it was made."""

    image: bytes
    record: IllustrationRecord


def kept_version(files: BookFiles, *, scene: Scene) -> Contents:
    """What a scene has now, to be kept before another picture takes its place; nothing where that cost nothing."""
    try:
        record = load(files.illustration(scene.chapter, scene.number), IllustrationRecord)
        image = (files.root / (record.image or "")).read_bytes()
    except (FileNotFoundError, IsADirectoryError, RecordUnreadable):
        return {}
    if record.declined or not is_by_model(record):
        return {}
    name = record.shows or record.asked
    if _is_kept(files, name, record=record):
        return {}  # each time would be progress, and a scene whose drawing crashes would be tried for ever
    return {files.version(name, ".jpg"): image, files.version(name): dump(VersionRecord(illustration=record))}


def _is_kept(files: BookFiles, name: str, *, record: IllustrationRecord) -> bool:
    version = load_version(files, name)
    return version is not None and version.record == record


def load_version(files: BookFiles, name: str) -> Version | None:
    """The picture of that name; None where there is none."""
    if not files.version(name).exists():  # of nearly all: quicker than a look that fails
        return None
    try:
        record = load(files.version(name), VersionRecord).illustration
        return Version(image=files.version(name, ".jpg").read_bytes(), record=record)
    except (FileNotFoundError, RecordUnreadable):
        return None
