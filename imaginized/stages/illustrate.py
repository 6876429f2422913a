"""Illustrate: from a chapter's scenes to images, one at a time, each durable before the next begins."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from imaginized.errors import Rejected
from imaginized.guide.xmp import with_xmp
from imaginized.providers.api import ImageReply, ImageRequest, KeepsAnswers, Provider, Sending
from imaginized.queue.manifest import Manifest
from imaginized.queue.scene_wishes import wish_for
from imaginized.reasons import Code
from imaginized.stages.exporting import drawn_copies
from imaginized.stages.job import Contents, Job, Result
from imaginized.stages.merge import analyzed_chapters
from imaginized.stages.records import (
    CastRecord,
    ElementsRecord,
    IllustrationRecord,
    ScenesRecord,
    is_by_model,
    load_cast,
    load_names,
    load_scenes,
    load_series,
)
from imaginized.stages.replies import answered, digest, forget, has_reply, sent_digests
from imaginized.stages.sheets import Guidance, as_found, lasting, read_guidance, shown
from imaginized.stages.versions import kept_version, load_version
from imaginized.store.files import BookFiles
from imaginized.store.records import RecordUnreadable, dump, load
from imaginized.story.elements import Element, Scene, is_present, passage_of
from imaginized.story.looking import as_of
from imaginized.story.settled import since_then
from imaginized.story.text import ChapterText


def illustrate(job: Job) -> Result:
    """Draw the scenes of a chapter that are not drawn yet.

    Raises:
        Rejected: A scene cannot be drawn; the others are. One that is declined for what it shows is no such thing.
    """
    if job.image is None:
        raise Rejected("no image provider is set", code=Code.NO_IMAGE_PROVIDER, advice="set provider.image and retry")
    known = known_mark(job.files)  # before anything of it is read: a change between the two is found
    cast = load_cast(job.files)
    provider, pictures = job.image, _pictures(job, job.image, cast=cast)
    refused = make_all(job, provider, pictures, again=lambda: _pictures(job, provider, cast=load_cast(job.files)))
    contents: dict[Path, bytes | Path | None] = {}
    differs: dict[int, str] = {}
    for picture in (each.as_now(job) for each in pictures):
        picture.settle(job)
        if (compared := picture.compared()) is not None:
            contents[job.files.illustration(job.chapter, picture.number)] = dump(compared)
        record = compared or picture.record
        differs |= {picture.number: record.differs} if record and record.differs else {}
    scenes = len(pictures)
    if refused:
        raise Rejected(f"{len(refused)} of {scenes} scenes could not be drawn: {refused[0]}", code=Code.SCENES_UNDRAWN)
    # With the end, in one update: kept before it, a kill between the two would leave nobody to tell of it.
    return Result(contents=contents, differs=differs, is_outdated=lambda: known_mark(job.files) != known)


def known_mark(files: BookFiles) -> str:
    """A mark of who is who; another one once a person or an earlier volume says something else."""
    return sha256(dump((load_cast(files).orders, load_series(files).learned))).hexdigest()


def make_all(
    job: Job,
    provider: Provider,
    pictures: Sequence["Picture"],
    *,
    again: Callable[[], Sequence["Picture"]],
    is_over: Callable[[], bool] = lambda: False,
) -> list[str]:
    """Make those that are lacking, with whoever helps; returns why some cannot be made.

    Args:
        job: The chapter.
        provider: Who draws.
        pictures: What it is to have.
        again: The same as they stand when others have helped.
        is_over: Whether the rest is left to a later stage.
    """
    refused: dict[int, str] = {}
    turns, by_number = job.turns, {picture.number: picture for picture in pictures}
    lacking = _lacking(job, pictures)
    of_book = sum(1 for _ in all_scenes(job)) if lacking else 0
    if len(lacking) > 1 and isinstance(provider, KeepsAnswers):
        job.reserve([provider.answer_names(picture.request)[0] for picture in lacking])
    numbers = [picture.number for picture in lacking]
    turns.begin(numbers, of=len(pictures), is_done=lambda number: by_number[number].as_now(job).is_there)
    while (number := turns.next()) is not None:
        picture = by_number[number].as_now(job)  # it may have been drawn just before it was listed
        try:
            is_made = picture.is_there or is_over()
            turns.keep({} if is_made else picture.made(job, provider, of_book=of_book))
        except Rejected as error:
            refused[number] = str(error)
            turns.keep({})
    refused.update(turns.refused)
    if turns.was_shared and not is_over():
        # Others may have drawn by who was who before: an earlier worker of the chapter had listed it then.
        for picture in _lacking(job, again()):
            if picture.number not in refused:
                job.keep(picture.made(job, provider, of_book=of_book))
    return list(refused.values())


def illustrate_part(job: Job) -> Result:
    """Draw one scene of a chapter that another worker has.

    Raises:
        Rejected: It cannot be drawn.
    """
    if job.image is None:
        raise Rejected("no image provider is set", code=Code.NO_IMAGE_PROVIDER, advice="set provider.image and retry")
    pictures = _pictures(job, job.image, cast=load_cast(job.files), only=job.part)
    return Result(contents=made_of(job, job.image, pictures))


def made_of(job: Job, provider: Provider, pictures: Iterable["Picture"]) -> Contents:
    """What is to be in the files of the first that is lacking; nothing where none is.

    Raises:
        Rejected: It cannot be drawn.
    """
    lacking = [picture for picture in pictures if not picture.is_there]
    of_book = sum(1 for _ in all_scenes(job))
    return {} if not lacking else lacking[0].made(job, provider, of_book=of_book)


def _pictures(job: Job, provider: Provider, *, cast: CastRecord, only: int | None = None) -> list["Picture"]:
    """The scenes of the chapter as they stand, or one of them."""
    requests = (each for each in _requests(job) if only in (None, each.scene.number))
    return [Picture.of(job, provider, request=each, cast=cast) for each in requests]


def is_illustrated(files: BookFiles, _manifest: Manifest, chapter: int | None) -> bool:
    """Whether a chapter's pictures are there, with how they were made."""
    scenes = () if chapter is None else load(files.scenes(chapter), ScenesRecord).scenes
    return all(_is_drawn(files, scene=scene) for scene in scenes)


def _is_drawn(files: BookFiles, *, scene: Scene) -> bool:
    path = files.illustration(scene.chapter, scene.number)
    if not path.exists():
        return False
    image = load(path, IllustrationRecord).image
    return image is None or (files.root / image).exists()


def all_scenes(job: Job) -> Iterator[Scene]:
    """Those of all chapters that were read when the task was taken, in reading order."""
    return load_scenes(job.files, analyzed_chapters(job.manifest))


def _requests(job: Job) -> Iterator[ImageRequest]:
    """What is asked for each scene of the chapter, as people and the book want it now."""
    elements = load(job.files.elements, ElementsRecord).elements
    scenes = list(all_scenes(job))
    return requests_of(
        job, elements=elements, scenes=scenes, guidance=read_guidance(job.files, elements=elements, scenes=scenes)
    )


def requests_of(
    job: Job, *, elements: Sequence[Element], scenes: Sequence[Scene], guidance: Guidance
) -> Iterator[ImageRequest]:
    """What is asked for each scene of the chapter.

    Args:
        job: The chapter.
        elements: Of the book, as far as they are known.
        scenes: Likewise, in reading order; at least those up to this chapter's.
        guidance: What people and the book say about how to draw.
    """
    title = load_names(job.files).title
    chapter = load(job.files.chapter(job.chapter), ChapterText).title
    for scene in load_scenes(job.files, (job.chapter,)):
        present = tuple(as_of(each, chapter=scene.chapter) for each in elements if is_present(each, scene=scene))
        plain = ImageRequest(book_title=title, chapter_title=chapter, scene=scene, elements=present)
        yield replace(guidance.apply(plain), twin=_twin(scene, of=scenes))


def _twin(scene: Scene, *, of: Sequence[Scene]) -> int:
    """How many scenes before this one are of the same passage."""
    place = (scene.chapter, scene.number)
    return sum((each.chapter, each.number) < place for each in of if each.quote.text == scene.quote.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What a scene's image is asked by: all of the request, and what of it can be seen.

    Attributes:
        before: The same as older versions have named it.
        twins: The same of scenes of the same passage, of which it was another when it was drawn.
    """

    digest: str
    shows: str
    before: tuple[str, ...] = ()
    twins: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """All by which a reply to it may be kept."""
        return tuple(dict.fromkeys((self.digest, self.shows, *self.before)))

    def is_for(self, record: IllustrationRecord) -> bool:
        """Whether a picture is what is asked for."""
        # What a model drew is not paid for again for a page number; a plate costs nothing and may print any of it.
        is_seen = is_by_model(record) and record.shows in (self.shows, *self.before, *self.twins)
        return is_seen or record.asked in (self.digest, *self.before)


def _asked(provider: Provider, request: ImageRequest, *, cast: CastRecord) -> _Asked:
    whole = digest(provider, lasting(request))
    shows = digest(provider, shown(request, found_names=cast.found_names))
    if not isinstance(provider, Sending):
        return _Asked(digest=whole, shows=shows)
    # Of what goes to an endpoint no other fact counts, or each release that knows more of a scene would pay again.
    told, twin = as_found(request, found_names=cast.found_names), request.twin
    sent, *twins = sent_digests(provider, told, twins=(twin, twin + 1, *range(twin)))
    return _Asked(digest=sent, shows=sent, before=() if request.asking else (whole, shows), twins=tuple(twins))


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What a scene is to have, and what it has.

    Attributes:
        asked: By the number of the asking that is in force.
        chosen: The version that a person chose, whatever is asked for; "" for none, and for one that is gone.
        record: How its picture was made; None where it has none.
        is_renumbered: Whether it has the picture that is asked for but for the chapter's number of asking.
        is_early: Whether it is drawn before the book is merged.
        ordered: The names of whom a person said something, in small letters.
    """

    request: ImageRequest
    asked: _Asked
    chosen: str
    record: IllustrationRecord | None
    is_renumbered: bool
    is_early: bool
    ordered: frozenset[str]

    @classmethod
    def of(
        cls, job: Job, provider: Provider, *, request: ImageRequest, cast: CastRecord, is_early: bool = False
    ) -> "Picture":
        """A scene as it stands."""
        files, scene, entry = job.files, request.scene, job.manifest.chapters[job.chapter]
        wish = wish_for(entry, scene)
        asking = entry.asking if wish.asking is None else wish.asking
        now, record = replace(request, asking=asking), _load_compared(job, scene)
        is_renumbered = False
        if record is not None and wish.asking is None and record.asking != asking:
            is_renumbered = _asked(provider, replace(request, asking=record.asking), cast=cast).is_for(record)
        has_chosen = wish.version and (load_version(files, wish.version) or (record and record.shows == wish.version))
        return cls(
            request=now,
            asked=_asked(provider, now, cast=cast),
            chosen=wish.version if has_chosen else "",
            record=record,
            is_renumbered=is_renumbered,
            is_early=is_early,
            ordered=frozenset(name.casefold() for order in cast.orders for name in order.names),
        )

    @property
    def is_there(self) -> bool:
        """Whether nothing is to be made, also where its chapter has another number now."""
        if self.record is None or self.record.is_moved:
            return self.record is not None
        if self.chosen:
            return self.record.shows == self.chosen
        return self.asked.is_for(self.record) or self._stays_as_drawn(self.record)

    def _stays_as_drawn(self, record: IllustrationRecord) -> bool:
        """Whether it was paid for before the merge: what that found out is told, and nothing is paid a second time.

        What a person asks for, or says of somebody in it, is another matter.
        """
        if record.early is None or not is_by_model(record) or record.passage != passage_of(self.request.scene):
            return False
        names = {name.casefold() for each in self.request.elements for name in (each.name, *each.aliases)}
        names |= {name.casefold() for name in record.early}
        return record.asking == self.request.asking and names.isdisjoint(self.ordered)

    def compared(self) -> IllustrationRecord | None:
        """The record of an early picture once it is known who is who; None where there is nothing to compare."""
        record = self.record
        if record is None or record.early is None or not self.is_there or self.asked.is_for(record):
            return None  # of most nothing else is asked for than before the merge, and no file is written for that
        return self.settled(record)

    def settle(self, job: Job) -> None:
        """Let go of a reply whose image is kept, and note under a picture by what it would be asked for now."""
        scene, record = self.request.scene, self.record
        if record is None:
            return
        if self.is_there and (record.is_moved or record.shows in (*self.asked.before, *self.asked.twins)):
            record = self.settled(record)
            job.keep({job.files.illustration(scene.chapter, scene.number): dump(record)})
        if self.asked.is_for(record) or record.early is not None:
            answers = job.image.answer_names(self.request) if isinstance(job.image, KeepsAnswers) else ()
            kept = (job.files.illustration(scene.chapter, scene.number), job.files.image(scene.chapter, scene.number))
            for name in (*self.asked.names, *answers):
                forget(job, asked=name, kept=kept)

    def settled(self, record: IllustrationRecord) -> IllustrationRecord:
        """The record of its picture as if it had been asked for now."""
        return replace(
            record,
            asked=self.asked.digest,
            shows=self.chosen or self.asked.shows,
            asking=self.request.asking,
            passage=passage_of(self.request.scene),
            is_moved=False,
            early=self.looks if self.is_early else None,
            differs=self._differs(record),
        )

    @property
    def looks(self) -> dict[str, str]:
        """Whom and what it shows, each with the looks it is asked for by."""
        return {each.name: each.description for each in self.request.elements}

    def _differs(self, record: IllustrationRecord) -> str:
        if record.early is None or self.is_early:
            return record.differs
        return "" if self.asked.is_for(record) else since_then(record.early, self.request.elements)

    def as_now(self, job: Job) -> "Picture":
        """It with the picture that it has by now."""
        return replace(self, record=_load_compared(job, self.request.scene))

    @property
    def number(self) -> int:
        """Its scene's."""
        return self.request.scene.number

    def made(self, job: Job, provider: Provider, *, of_book: int) -> Contents:
        """Get it, as it was before or by asking for it; what is to be in its files.

        Args:
            job: The chapter.
            provider: Who draws.
            of_book: How many pictures the whole book will have.

        Raises:
            Rejected: It cannot be drawn.
        """
        files, scene = job.files, self.request.scene
        if kept := kept_version(files, scene=scene):
            job.keep(kept)
        names = (self.chosen,) if self.chosen else (self.asked.shows, *self.asked.before)
        found = next((found for name in names if (found := load_version(files, name)) is not None), None)
        if found is None:
            return _drawn(job, provider, picture=self, of_book=of_book)
        return _contents(job, scene, image=found.image, record=self.settled(found.record), of_book=of_book)


def _lacking(job: Job, pictures: Sequence[Picture]) -> list[Picture]:
    """Those that are to be made. Of a chapter that a person wants again, what was changed; all where nothing was."""
    lacking = [picture for picture in pictures if not picture.is_there]
    changed = [picture for picture in lacking if not picture.is_renumbered]
    if not changed:
        return lacking
    # In one go, before anything is drawn: killed later, the next attempt still finds that something was changed.
    same = {}
    for picture in lacking:
        if picture.is_renumbered and picture.record is not None:
            scene = picture.request.scene
            same[job.files.illustration(scene.chapter, scene.number)] = dump(picture.settled(picture.record))
    if same:
        job.keep(same)
    return changed


def _load_compared(job: Job, scene: Scene) -> IllustrationRecord | None:
    """The same; of a chapter that was done before, no picture waits to be compared with the merge."""
    record = _load_drawn(job.files, scene)
    if record is None or record.early is None or job.manifest.chapters[job.chapter].completed_before is None:
        return record
    return replace(record, early=None)


def _load_drawn(files: BookFiles, scene: Scene) -> IllustrationRecord | None:
    """How the picture of a scene was made; None where there is none, or it is not there."""
    try:
        record = load(files.illustration(scene.chapter, scene.number), IllustrationRecord)
    except (FileNotFoundError, RecordUnreadable):
        return None
    return record if record.image is None or (files.root / record.image).is_file() else None


def _drawn(job: Job, provider: Provider, *, picture: Picture, of_book: int) -> Contents:
    request, asked = picture.request, picture.asked
    # By what it shows: who is renamed while it is drawn has it, too. What an older version was answered has the name
    # that it gave it: a picture that was paid before an upgrade is not paid again behind it.
    # A plate that costs nothing has what no model is told, such as its page: two scenes that look alike share none.
    names = asked.names if isinstance(provider, Sending) else (asked.digest,)
    name = next((one for one in names if has_reply(job, one)), asked.digest)

    def is_stored(new: ImageReply) -> bool:
        # The answer that it was made of is kept until the picture is durable; a refusal leaves none.
        return not isinstance(provider, KeepsAnswers) or bool(new.declined)

    reply = answered(job, asked=name, kind=ImageReply, ask=lambda: provider.draw(request), is_stored=is_stored)
    record = IllustrationRecord(
        chapter=request.scene.chapter,
        scene=request.scene.number,
        asked=asked.digest,
        shows=asked.shows,
        asking=request.asking,
        passage=passage_of(request.scene),
        image=None,
        alt=reply.alt,
        method=reply.method,
        by_model=reply.by_model,
        early=picture.looks if picture.is_early else None,
        prompt=reply.prompt,
        declined=reply.declined,
        cost_usd=reply.cost_usd,
    )
    data = with_xmp(
        reply.data, alt=reply.alt or request.scene.description, method=reply.method, by_model=is_by_model(record)
    )
    return _contents(job, request.scene, image=data, record=record, of_book=of_book)


def _contents(job: Job, scene: Scene, *, image: bytes, record: IllustrationRecord, of_book: int) -> Contents:
    files = job.files
    path = files.image(scene.chapter, scene.number)
    placed = replace(record, chapter=scene.chapter, scene=scene.number, image=str(path.relative_to(files.root)))
    copies = drawn_copies(job, image, scenes=of_book)
    return {path: image, **copies, files.illustration(scene.chapter, scene.number): dump(placed)}
