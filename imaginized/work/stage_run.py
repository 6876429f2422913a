"""The run of a claimed task's stage: its job, what it keeps on the way, the commit under its fence."""

import contextlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from imaginized.errors import ClaimLost, Interrupted
from imaginized.errors import Held as BookHeld
from imaginized.limits.limiter import url_of
from imaginized.money.estimating import estimate
from imaginized.money.till import Customer, held_after_split, models_of
from imaginized.process.channel import send
from imaginized.process.fault_points import fault_point
from imaginized.process.waiting import Waiting
from imaginized.queue.change import Change, Transition
from imaginized.queue.holding import division_mark, hold
from imaginized.queue.manifest import ALL_CHAPTER_STAGES, CHAPTER_STAGES, Approval, Hold, Manifest, Stage, Status, Task
from imaginized.queue.redoing import complete_drawn, complete_merge, redraw
from imaginized.queue.transitions import begin, checkpoint, complete, complete_split
from imaginized.reasons import Code
from imaginized.settings.near import is_loopback
from imaginized.settings.vendors import VENDORS
from imaginized.stages.compile import early_pages
from imaginized.stages.estimate import estimate_admitted
from imaginized.stages.job import Contents, Job, Result, Turns, guide_for, settings_for
from imaginized.stages.records import load_request
from imaginized.stages.table import STAGES
from imaginized.store.alone import alone
from imaginized.store.files import Artifact, BookFiles, Removal, discard, publish
from imaginized.store.records import RecordUnreadable
from imaginized.store.trash import trashed_books
from imaginized.story.sidecar_keys import BookRequest
from imaginized.story.text import BookText
from imaginized.work.following import Following
from imaginized.work.progress_file import render_owed
from imaginized.work.sharing import Sharing
from imaginized.work.shelf import write_shelf
from imaginized.work.workshop import Held, Workshop, report

GUIDE_PAGE, TEXT_PAGE = "index.html", "Contents.md"
WRITTEN_AGAIN = (".html", ".md")
SHOWN_AGAIN_SECONDS = 10.0
ASKED_ELSEWHERE_SECONDS = 0.5
STAGED_TRIES = 5  # for an answer whose claim is lost: each end of a worker may sweep what it has staged


def run_stage(shop: Workshop, held: Held, *, following: Following | None = None) -> None:
    """Run the stage and commit what it made.

    Args:
        shop: The worker's.
        held: The claim.
        following: Takes the next task with the end of this one.

    Raises:
        ClaimLost: The claim is another's now; nothing of this run counts.
        Interrupted: It is time to stop.
        Exception: Whatever the stage or the disk raises; the claim is as it was.
    """
    files = shop.library.files(held.book)
    # Between the claim and here this process may have been stopped for minutes: nothing is begun under a lost claim.
    # Under the lock: a call may be paid for next, and what another program is just writing is no lost claim.
    shop.library.update(held.book, partial(begin, task=held.task, fence=held.fence))
    fault_point(_line_of(held.task))
    job = _job_of(shop, held, request=load_request(files))
    store = partial(_store_reply, shop, held)
    say = partial(report, shop, held, "beat")
    with shop.till.serve(_customer(shop, held)), shop.bench.at(job, store=store, say=say):
        # No lock is held in here, however long it takes; what is made is committed by the fence alone.
        result = shop.runner.run(job)
        if job.shares is not None:
            _wait_for_others(job.shares)
    if held.task.part is None:
        # The answers of a part are the chapter's: its worker makes the chapter of them, and lets go of them all.
        shop.bench.let_go()
        fault_point("answers_let_go")
    fault_point("task_done")
    completion = _completion(shop, held, result)
    if held.task.stage is Stage.COMPILE:
        ending = completion(shop.library.read(held.book)).manifest
        write_shelf(shop.library, log=shop.log, ending=ending, has_page="html" in job.guide.formats)
    if following is not None and not result.kept:  # else its guide is made anew first, which takes a while
        after = _commit(shop, held, result.contents, following.joined(completion))
        following.note(after)
    else:
        _commit(shop, held, result.contents, completion)
    fault_point("task_committed")
    if result.kept and files.guide(GUIDE_PAGE).exists():
        _show_anew(shop, held, job)
    if result.pictures:
        _show_early(shop, held, job)


def _line_of(task: Task) -> str:
    """The fault point before the work of a task."""
    names = (str(task.stage), *(str(number) for number in (task.chapter, task.part) if number))
    return "-".join(names)


def _shares(shop: Workshop, held: Held) -> Sharing | None:
    if held.task.chapter is None or held.task.part is not None:
        return None
    return Sharing(shop, held, commit=partial(_commit, shop, held), step=partial(_step, shop, held))


def _wait_for_others(turns: Turns) -> None:
    """Parts that were listed under other settings may be out still; the chapter cannot be completed before them."""
    while turns.was_shared and turns.next() is not None:
        turns.keep({})


def _job_of(shop: Workshop, held: Held, *, request: BookRequest) -> Job:
    text, image = shop.providers_for(request)
    if held.task.stage is Stage.PREVIEW and not _draws_here(shop):
        image = None
    return Job(
        task=held.task,
        manifest=held.manifest,
        files=shop.library.files(held.book),
        request=request,
        guide=guide_for(request, shop.settings.guide),
        text=text,
        image=image,
        keep=partial(_keep, shop, held),
        store_reply=partial(_store_whole, shop, held),
        forget=shop.bench.forget,
        reserve=partial(_reserve, shop, held),
        step=partial(_step, shop, held),
        alone=partial(_alone, shop, held),
        outlet=shop.settings.paths.exports,
        must_confine=shop.reader.must_confine,
        tells_names=VENDORS[shop.settings.provider.text].takes_names,
        shares=_shares(shop, held),
    )


def _draws_here(shop: Workshop) -> bool:
    """Whether this machine has an endpoint for images: where hosts draw, a loopback address is each host's own."""
    address = url_of(shop.reach.accounts.get(Stage.PREVIEW, ""))
    return shop.settings.hosts.slots("image") == 0 or not is_loopback(address)


def _still_waits(manifest: Manifest, *, stage: Stage, redrawn: tuple[int, ...] = ()) -> Change:
    if manifest.steps[stage].status is not Status.PENDING:
        raise ClaimLost(f"{stage} of {manifest.book_id} is somebody's now")
    return redraw(manifest, chapters=redrawn)


def _show_early(shop: Workshop, held: Held, job: Job) -> None:
    """Write the pages with the pictures there are, the first at once, the next after a while."""
    page = job.files.guide(GUIDE_PAGE if "html" in job.guide.formats else TEXT_PAGE)
    with contextlib.suppress(ClaimLost, OSError):  # the compile makes them in any case
        is_first = not page.exists()
        if not is_first and 0 <= time.time() - page.stat().st_mtime < SHOWN_AGAIN_SECONDS:
            return
        pages = early_pages(replace(job, manifest=shop.library.read(held.book), hands_out=False))
        _commit(shop, held, pages, partial(_still_waits, stage=Stage.COMPILE), is_lasting=False)
        if is_first:
            write_shelf(shop.library, log=shop.log)


def _show_anew(shop: Workshop, held: Held, job: Job) -> None:
    """Make the guide of a book that was divided again of what there is.

    Until its new chapters are done the old one would show pictures with other chapters than theirs.
    """
    # The step itself comes later and does it again; nothing is lost where this does not come to its end.
    with contextlib.suppress(ClaimLost, OSError):
        for stage in (Stage.MERGE, Stage.COMPILE):
            # Not to other programs: they would take half a guide for the whole one.
            now = replace(job, manifest=shop.library.read(held.book), hands_out=False)
            result = STAGES[stage].run(now)
            _commit(shop, held, result.contents, partial(_still_waits, stage=stage, redrawn=result.redrawn))


def _completion(shop: Workshop, held: Held, result: Result) -> Transition:
    now = shop.clock.now()
    if result.redrawn:
        return partial(complete_merge, fence=held.fence, now=now, redrawn=result.redrawn)
    if result.is_outdated is not None:
        # Asked under the lock: a merge that commits a moment earlier finds the chapter still in work, and passes it.
        return partial(
            complete_drawn,
            task=held.task,
            fence=held.fence,
            now=now,
            is_outdated=result.is_outdated,
            differs=result.differs,
        )
    if result.book is None:
        return partial(complete, task=held.task, fence=held.fence, now=now, pictures=result.pictures)
    completed = partial(
        complete_split,
        fence=held.fence,
        now=now,
        title=result.book.title,
        chapters=result.book.chapters,
        chapter_stages=_chapter_stages(shop),
        kept=result.kept,
    )
    why, doubts = _asks_first(shop, held, result.book), _doubts(shop, held, result.book)
    if why is not None and doubts is not None:
        why = replace(why, reason=f"{why.reason}; and {doubts.reason}")  # one approval is of both
    why = why or doubts
    # In one update: between two, another worker would claim a chapter and pay before anybody was asked.
    return completed if why is None else lambda manifest: completed(manifest).then(partial(hold, why=why))


def _chapter_stages(shop: Workshop) -> tuple[Stage, ...]:
    """What the chapters of a book go through. In batches nothing is drawn early: the next batch would wait for it."""
    stages = ALL_CHAPTER_STAGES if shop.settings.workers.rate_limit == "adaptive" else CHAPTER_STAGES
    return tuple(stage for stage in stages if shop.image or stage.traits.asks != "image")


def _doubts(shop: Workshop, held: Held, book: BookText) -> Hold | None:
    """Why a person must look at the chapters first, where the settings say so."""
    division = book.division
    if shop.settings.reading.doubtful != "wait" or division is None or not division.is_doubtful:
        return None
    if held.manifest.seen_division == division_mark(chapter.words for chapter in book.chapters):
        return None  # split again, for files that were lost: a person has let these very chapters go on
    count = f"{len(book.chapters)} chapter{'' if len(book.chapters) == 1 else 's'}"
    text = f"its division into {count} may be wrong ({division.confidence:.0%} sure): {division.reason}"
    shop.log.warning("book_held", book=held.book, reason=text)
    return Hold(reason=f"{text}; `imaginizectl chapters BOOK` shows them", code=Code.DOUBTFUL, since=shop.clock.now())


def _asks_first(shop: Workshop, held: Held, book: BookText) -> Hold | None:
    """Why a book must be approved before anything is paid for it."""
    request = load_request(shop.library.files(held.book))
    models = models_of(settings_for(request, shop.settings))
    guide = guide_for(request, shop.settings.guide)
    till = shop.till
    found = estimate(book.title, book.chapters, guide=guide, models=models, prices=till.prices, shares=till.shares())
    error = held_after_split(
        found,
        budget=shop.settings.budget,
        approval=held.manifest.approval,
        asked_usd=request.budget_usd,
        spent_usd=shop.till.spent_usd(held.book),
    )
    if error is None:
        return None
    shop.log.warning("book_held", book=held.book, reason=str(error))
    return hold_for(shop, error)


def hold_for(shop: Workshop, error: BookHeld) -> Hold:
    """The hold of a book that must not cost more before somebody was asked."""
    return Hold(
        reason=str(error),
        code=error.code,
        since=shop.clock.now(),
        until=error.until,
        approve_usd=error.approve_usd,
        any_price=error.any_price,
    )


def _customer(shop: Workshop, held: Held) -> Customer:
    """The book as the till knows it; what a person allows while the task runs counts at once."""

    def approval() -> Approval | None:
        # Read anew at each call: a person may approve, or allow more, in the middle of a chapter.
        return shop.library.read(held.book).approval

    def high_usd() -> float:
        try:
            models = models_of(settings_for(load_request(files), shop.settings))
            found = estimate_admitted(
                files, settings=shop.settings, models=models, prices=shop.till.prices, shares=shop.till.shares()
            )
        except (OSError, RecordUnreadable):
            return 0.0  # the next call alone is asked for
        return found.cost.high if found.cost else 0.0

    files = shop.library.files(held.book)
    return Customer(
        book=held.book,
        files=files,
        chapter=held.task.chapter,
        approval=approval,
        high_usd=high_usd,
        budget_usd=load_request(files).budget_usd,
    )


def _keep(shop: Workshop, held: Held, contents: Contents) -> None:
    """Keep a part of the task at once; ends that come later do not cost what it cost."""
    # Durable: what a scene had before is kept by this, and a power cut must not bring only its successor.
    _commit(shop, held, contents, partial(checkpoint, task=held.task, fence=held.fence))
    report(shop, held, "kept")
    fault_point("part_kept")


def _reserve(shop: Workshop, held: Held, asked: Sequence[str], *, is_now: bool = True) -> None:
    """Make the names of answers to come, where these cost something."""
    if shop.reach.accounts.get(held.task.stage) is not None:
        shop.bench.reserve([shop.library.files(held.book).reply(each) for each in asked], is_now=is_now)


def _store_whole(shop: Workshop, held: Held, path: Path, data: bytes) -> None:
    """Keep a provider's reply; the answers of the endpoint that it was made of go with the end of the task."""
    _store_reply(shop, held, path, data, later=shop.bench.unsynced if shop.bench.take_backing() else None)


def _store_reply(shop: Workshop, held: Held, path: Path, data: bytes, *, later: set[Path] | None = None) -> None:
    """Keep what was paid for, though the claim be lost: it is named by what was asked, not by who asked."""
    # No manifest is asked: whoever has the claim now makes the same call, and finds the answer here.
    if shop.bench.fill(path, data):
        fault_point("reply_stored")
        return
    for _ in range(STAGED_TRIES):
        artifact = _staged_anywhere(shop, held, path, data)
        try:
            publish([artifact], later=later)
        except FileNotFoundError:
            continue  # swept as a lost claim's, between the two lines: without it the call would be paid for again
        if later is None:
            shop.bench.note_synced(artifact.final.parent)
        break
    fault_point("reply_stored")


@contextlib.contextmanager
def _alone(shop: Workshop, held: Held, asked: str) -> Iterator[None]:
    """Ask for something while nobody else asks for it; says meanwhile that it waits for the answer to that."""
    account = shop.reach.accounts.get(held.task.stage)
    if account is None:  # it costs nothing, and is quicker made than waited for
        yield
        return
    with alone(shop.library.files(held.book).asking) as asking:
        if asking.is_taken(asked):
            shop.bench.tell(Waiting(what="answer", on=url_of(account)))
            while asking.is_taken(asked):
                shop.bench.wait(ASKED_ELSEWHERE_SECONDS)
            shop.bench.tell(None)
        yield


def _staged_anywhere(shop: Workshop, held: Held, path: Path, data: bytes) -> Artifact:
    """Stage a reply in its book, also where that was removed while it was asked for: brought back, it has it."""
    files = shop.library.files(held.book)
    removed = [BookFiles(each.folder) for each in trashed_books(shop.library) if each.book == held.book]
    for place in (files, *removed[:1]):
        with contextlib.suppress(FileNotFoundError):
            return place.stage(place.root / path.relative_to(files.root), data, fence=held.fence)
    return files.stage(path, data, fence=held.fence)  # brought back meanwhile; else it is gone for good


def _commit(
    shop: Workshop,
    held: Held,
    contents: Contents,
    transition: Transition,
    *,
    is_end: bool = True,
    is_lasting: bool = True,
) -> Manifest:
    """Stage files and make them true with a change. What is not an end can be made again of the kept answers.

    Pages that do not last are written again by a step that is still to come, whatever a power cut has made of them.
    """
    files = shop.library.files(held.book)
    artifacts: list[Artifact | Removal] = []
    try:
        for path, data in contents.items():
            if isinstance(data, bytes):
                synced = is_lasting or path.suffix not in WRITTEN_AGAIN  # a portrait that is there is never drawn again
                artifacts.append(files.stage(path, data, fence=held.fence, synced=synced))
            elif data is None:
                artifacts.append(Removal(final=path))
            elif (artifact := files.stage_same(path, data, fence=held.fence)) is not None:
                artifacts.append(artifact)
    except OSError:
        discard(artifacts)
        raise
    fault_point("artifacts_staged")
    # An end is durable, also on a repeat: the supervisor is told next, and what was told must survive a power cut.
    later = shop.bench.unsynced if shop.bench.take_backing() and not is_end else None
    later = later if is_lasting else set()
    after = shop.library.update(held.book, transition, artifacts=artifacts, durable=later is None, later=later)
    plates = sum(isinstance(data, bytes) and files.is_plate(path) for path, data in contents.items())
    if plates:
        send(shop.end, {"event": "plates", "count": plates, "by": shop.settings.provider.image})
    return after


def _step(shop: Workshop, held: Held) -> None:
    """Say that the work goes on, and until when to expect the next word."""
    if shop.orders.is_draining or shop.pause.is_on:
        raise Interrupted(f"{held.task} of {held.book}")
    if shop.orders.take("check"):  # somebody cancelled something: nothing more is to be paid for under a lost claim
        begin(shop.library.read(held.book), task=held.task, fence=held.fence)
    render_owed(shop.library, log=shop.log)
    report(shop, held, "beat")
