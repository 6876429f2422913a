"""Merge: from the elements of the chapters to the elements of the book, its style guide and its sheets."""

from dataclasses import replace

from imaginized.queue.manifest import Manifest, Stage
from imaginized.queue.way import made_chapters
from imaginized.stages.casting import Heard, chapters_to_redraw, merged_before, orders_drawn_by, read_orders
from imaginized.stages.job import Job, Result
from imaginized.stages.records import CastRecord, ElementsRecord, ScenesRecord, load_cast
from imaginized.stages.sheets import unused_sheets, written_sheets
from imaginized.stages.volumes import chapters_told_anew, told_before
from imaginized.store.files import CAST, BookFiles
from imaginized.store.records import dump, load
from imaginized.story.cast_orders import numbered
from imaginized.story.merging import Merged, merge_cast
from imaginized.story.methods import WITHOUT_LOOKS
from imaginized.story.text import ChapterText


def merge(job: Job) -> Result:
    """Join what the analyzed chapters found; the same bytes whatever order they were done in.

    The style guide and the sheets that a person edited stay as they are. What a person said about who is who is done
    to all that was found, whenever it was found; then comes what the volumes before it in its series tell.
    """
    job.step()
    scenes = [load(job.files.scenes(number), ScenesRecord) for number in analyzed_chapters(job.manifest)]
    found = [record.elements for record in scenes]
    before = load_cast(job.files)
    heard, was = read_orders(job, before=before), orders_drawn_by(before, manifest=job.manifest)
    words = sum(state.words for state in job.manifest.chapters.values())
    told = told_before(job, found, scenes=scenes, said=heard.orders, words=words)
    cast = told.cast
    record = _record(cast, heard=heard, before=before)
    if heard.orders != was:  # else the record is the same whenever it is made: a lost one comes back as it was
        record = replace(record, was=was, since=merged_before(job.manifest))
    texts = (load(job.files.chapter(number), ChapterText).text for number in sorted(job.manifest.chapters))
    is_read = not scenes or any(each.method not in WITHOUT_LOOKS for each in scenes)
    known = told.learned.known
    sheets = written_sheets(job, cast.elements, texts=texts, cast=record, is_read=is_read, earlier=known)
    record = replace(record, problems=(*record.problems, *unused_sheets(job.files, cast=record)))
    redrawn: set[int] = set()
    if heard.orders != was or told.learned.joined != told.was.joined:
        job.step()
        old = merge_cast(found, (*told.was.joined, *was), words=words)
        redrawn.update(chapters_to_redraw(scenes, before=old, after=cast))
    redrawn |= chapters_told_anew(scenes, was=told.was, now=told.learned, members=cast.members)
    contents = {**sheets, **told.contents, job.files.elements: dump(ElementsRecord(elements=cast.elements))}
    return Result(contents={**contents, job.files.cast: dump(record)}, redrawn=tuple(sorted(redrawn)))


def _record(cast: Merged, *, heard: Heard, before: CastRecord) -> CastRecord:
    known = before.rows if heard.orders or before.orders else {}
    members = numbered(cast.members, known=known)
    place = CAST if heard.of else "sidecar"
    wrong = (f"{place}:{problem.line}: {problem.text}" for problem in cast.problems)
    return CastRecord(
        of=heard.of,
        orders=heard.orders,
        problems=(*heard.problems, *wrong),
        members=members,
        rows={**known, **{member.found: member.row for member in members}},
        unlisted=cast.unlisted,
    )


def analyzed_chapters(manifest: Manifest) -> list[int]:
    """The chapters whose scenes are in place, ascending."""
    return made_chapters(manifest, Stage.ANALYZE)


def is_merged(files: BookFiles, _manifest: Manifest, _chapter: int | None) -> bool:
    """Whether its files are there."""
    return files.elements.exists() and files.style.exists()
