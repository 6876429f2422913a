"""What other programs are told of a book: `data/timeline.json`, and who is who for e-readers beside it."""

from functools import partial
from pathlib import Path

from imaginized.guide.model import Guide
from imaginized.guide.timeline import Timeline, timeline_of
from imaginized.guide.xray import xray_lua
from imaginized.queue.manifest import Manifest, Stage
from imaginized.store.files import BookFiles
from imaginized.store.records import RecordUnreadable, dump, load
from imaginized.story.text import ChapterText

TIMELINE = "timeline.json"
XRAY = "xray_cache.lua"  # the name that the plugin asks for


def written_timeline(guide: Guide, *, files: BookFiles, manifest: Manifest) -> dict[Path, bytes]:
    """Both files, by their paths; the texts of chapters whose places are known already are not read."""
    divided = manifest.steps[Stage.SPLIT].completed_at
    of = divided.isoformat(timespec="milliseconds") if divided else ""
    timeline = timeline_of(guide, of=of, text=partial(_text_of, files), before=_before(files))
    xray = xray_lua(timeline, made_at=manifest.created_at)
    return {files.data / TIMELINE: dump(timeline), files.data / XRAY: xray.encode("utf-8", "replace")}


def _before(files: BookFiles) -> Timeline | None:
    """The last one; None where there is none, or it was changed by hand: it is made of other files anyway."""
    try:
        return load(files.data / TIMELINE, Timeline)
    except (FileNotFoundError, RecordUnreadable):
        return None


def _text_of(files: BookFiles, number: int) -> ChapterText | None:
    try:
        return load(files.chapter(number), ChapterText)
    except FileNotFoundError:
        return None
