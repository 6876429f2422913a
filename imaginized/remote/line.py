"""The two ends of a conversation between a host and home. Frames may be lost, doubled and come in any order.

A host asks one question at a time and repeats it until it is answered; home keeps the last answer and gives it again.
"""

import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Protocol, Self

from imaginized.errors import ClaimLost
from imaginized.remote.failures import ConnectionLost
from imaginized.remote.offer import Offer
from imaginized.remote.questions import Answer, Ask, Question, Said, Stored, Values
from imaginized.remote.seal import Seal

AGAIN_SECONDS = 2.0
LATER_SECONDS = 5.0
RECEIVE_SECONDS = 0.5
MARK_SECONDS = 10
ADOPT = "adopt"


class Post(Protocol):
    """Named boxes that both ends reach. What cannot be sent or had now is lost: it is said again."""

    def put(self, box: str, data: bytes) -> None:
        """Lay it at the end of a box."""

    def take(self, box: str, *, seconds: float) -> bytes | None:
        """The first of a box, waiting so long for it."""

    def drop(self, *names: str) -> None:
        """Remove boxes and marks."""

    def mark(self, name: str, *, seconds: int, data: bytes = b"1") -> None:
        """Leave a mark that goes by itself after so long."""

    def marked(self, name: str) -> bytes | None:
        """What was marked; None where nothing is, or nobody can tell."""


class Line(Protocol):
    """Asks home."""

    def ask(self, ask: Ask, *, blobs: Sequence[bytes] = (), **values: object) -> Answer:
        """The answer, which is none of the errors.

        Raises:
            ConnectionLost: Home was not heard for too long.
            ClaimLost: The claim is over.
        """


class HostLine:
    """A host's end. Any thread may ask; one after the other is answered."""

    def __init__(self, post: Post, seal: Seal, *, offer: Offer, run: str, again_seconds: float = AGAIN_SECONDS) -> None:
        """Speak about this offer."""
        self._post = post
        self._seal = seal
        self._offer = offer
        self._run = run
        self._again_seconds = again_seconds
        self._epochs = {offer.epoch}
        self._asking = threading.Lock()
        self._news = threading.Condition()
        self._number = 0
        self._beats = 0
        self._here = 0
        self._again_at = 0.0
        self._answer: Answer | None = None
        self._lost: Exception | None = None
        self._heard_at = time.monotonic()
        self._is_over = False
        self.patience_seconds = offer.patience_seconds
        self.beat_values: Callable[[], Values] = dict
        self.on_wait: Callable[[], None] = lambda: None
        self._ear = threading.Thread(target=self._listen, name="home", daemon=True)

    def __enter__(self) -> Self:
        """Be heard from now on."""
        self._ear.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Be heard no more."""
        self._is_over = True
        self._ear.join(RECEIVE_SECONDS * 4)
        self._post.drop(self._offer.answers(self._run))

    def ask(self, ask: Ask, *, blobs: Sequence[bytes] = (), **values: object) -> Answer:
        """See Line."""
        return self.ask_with(ask, values, blobs=blobs)

    def ask_with(
        self, ask: Ask, values: Values, *, blobs: Sequence[bytes] = (), stored: Sequence[Stored | None] = ()
    ) -> Answer:
        """See Line; some of the files may lie in a store."""
        with self._asking:
            self._number += 1
            number, files = self._number, tuple(blobs)
            question = Question(run=self._run, number=number, ask=ask, values=values, blobs=files, stored=tuple(stored))
            frame = question.frame()
            with self._news:
                self._answer, self._again_at = None, 0.0
            while True:
                with self._news:
                    if (answer := self._answered()) is not None:
                        return answer
                    left = self._again_at - time.monotonic()
                    if left > 0:
                        self._news.wait(min(left, RECEIVE_SECONDS))
                        self.on_wait()
                        continue
                    self._again_at = time.monotonic() + self._again_seconds
                self._send(frame)

    def beat(self) -> None:
        """Say that this host lives, now."""
        self._beats += 1
        self._send(Question(run=self._run, number=self._beats, ask=Ask.BEAT, values=self.beat_values()).frame())

    def _answered(self) -> Answer | None:
        if self._lost is not None:
            raise self._lost
        if self._answer is not None:
            return self._answer
        if time.monotonic() - self._heard_at > self.patience_seconds:
            self._lost = ConnectionLost(f"home was not heard for {self.patience_seconds:.0f} s")
            raise self._lost
        return None

    def _send(self, frame: bytes) -> None:
        box = self._offer.questions
        self._post.put(box, self._seal.close(frame, about=self._offer.about(box)))

    def _listen(self) -> None:
        box, next_at = self._offer.answers(self._run), 0.0
        while not self._is_over:
            if time.monotonic() >= next_at:
                next_at = time.monotonic() + self._offer.beat_seconds
                self.beat()
            sealed = self._post.take(box, seconds=min(RECEIVE_SECONDS, self._offer.beat_seconds))
            if sealed is not None:
                self._hear(sealed, box=box)

    def _hear(self, sealed: bytes, *, box: str) -> None:
        frame = self._seal.open(sealed, about=self._offer.about(box))
        is_other = frame is None
        if frame is None:  # of another process at home, which takes up the conversation
            frame = self._seal.open(sealed, about=f"{box}|{ADOPT}")
        if frame is None:
            return
        answer = Answer.of(frame)
        with self._news:
            if answer.said is Said.ADOPT:
                # Never back to one that was left: whoever has kept an old frame could make us deaf with it.
                if is_other and (epoch := str(answer.values["epoch"])) not in self._epochs:
                    self._epochs.add(epoch)
                    self._offer = replace(self._offer, epoch=epoch)
                    self._again_at, self._heard_at = 0.0, time.monotonic()
            elif not is_other:
                self._note(answer)
            self._news.notify_all()

    def _note(self, answer: Answer) -> None:
        """Only what is new proves that home is there: an answer kept by somebody else may come for ever."""
        if answer.said is Said.GONE:
            self._lost = ClaimLost("home says that the claim is over")
        elif answer.said is Said.HERE and answer.number > self._here:
            self._here, self._heard_at = answer.number, time.monotonic()
        elif answer.said is Said.LATER and answer.number == self._number:
            self._again_at = time.monotonic() + LATER_SECONDS
        elif answer.said in (Said.OK, Said.ERROR, Said.ABSENT) and answer.number == self._number:
            self._answer, self._heard_at = answer, time.monotonic()


class HomeLine:
    """Home's end: one conversation. A thread hears; whoever has the claim takes question after question.

    Attributes:
        offer: What it is about.
        run: Who has begun; "" before.
        host: Its host, for people.
        is_adopted: Whether another process at home has begun it.
        has_heard: Whether that host was heard by this one.
        heard_at: When that was heard last, monotonic.
        beat: What it said with its last beat.
        strangers: How many messages to us our key did not open.
    """

    def __init__(self, post: Post, seal: Seal, *, offer: Offer, run: str = "", host: str = "") -> None:
        """Listen. With `run`, take up a conversation that another process at home has begun with a host."""
        self.offer = offer
        self.run = run
        self.host = host
        self.is_adopted = bool(run)
        self.has_heard = False
        self.heard_at = time.monotonic()
        self.beat: Values = {}
        self.strangers = 0
        self._post = post
        self._seal = seal
        self._questions: queue.SimpleQueue[Question] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._at = 0
        self._beats: dict[str, int] = {}
        self._last: Answer | None = None
        self._is_over = False
        self._ear = threading.Thread(target=self._listen, name="host", daemon=True)

    def __enter__(self) -> Self:
        """Answer from now on."""
        self._post.mark(self.offer.mark, seconds=MARK_SECONDS)
        self._ear.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Tell the host that it is over."""
        self._is_over = True
        self._ear.join(RECEIVE_SECONDS * 4)
        if self.run and error is not None:
            self._put(self.run, Answer(number=0, said=Said.GONE))
        self._post.drop(self.offer.mark, self.offer.questions)

    def next(self, *, seconds: float) -> Question | None:
        """The next question, waiting so long."""
        try:
            return self._questions.get(timeout=seconds)
        except queue.Empty:
            return None

    def answer(self, answer: Answer) -> None:
        """Answer the question that was taken last; kept, for who asks it again."""
        with self._lock:
            self._last = answer
        self._put(self.run, answer)

    @property
    def silent_seconds(self) -> float:
        """For how long the host was not heard."""
        return time.monotonic() - self.heard_at

    def _put(self, run: str, answer: Answer) -> None:
        box = self.offer.answers(run)
        self._post.put(box, self._seal.close(answer.frame(), about=self.offer.about(box)))

    def _call(self) -> None:
        box = self.offer.answers(self.run)
        call = Answer(number=0, said=Said.ADOPT, values={"epoch": self.offer.epoch})
        self._post.put(box, self._seal.close(call.frame(), about=f"{box}|{ADOPT}"))

    def _listen(self) -> None:
        box, next_at = self.offer.questions, 0.0
        while not self._is_over:
            if time.monotonic() >= next_at:
                next_at = time.monotonic() + 1.0
                self._post.mark(self.offer.mark, seconds=MARK_SECONDS)
                if self.is_adopted and not self.has_heard:
                    self._call()
            sealed = self._post.take(box, seconds=min(RECEIVE_SECONDS, self.offer.beat_seconds))
            frame = self._seal.open(sealed, about=self.offer.about(box)) if sealed is not None else None
            if frame is not None:
                self._hear(Question.of(frame))
            elif sealed is not None:
                self.strangers += 1

    def _hear(self, question: Question) -> None:
        if question.ask is Ask.BEAT:
            # Counted, also of who has not begun yet: one that was sent before, by who has kept it, proves no life.
            if question.number <= self._beats.get(question.run, 0):
                return
            self._beats[question.run] = question.number
        if not self.run and question.ask is Ask.BEGIN:
            self.run, self.host = question.run, str(question.values.get("host", ""))
        if question.run != self.run:
            if question.ask is not Ask.BEAT:  # beats come before the first question, too
                self._put(question.run, Answer(number=question.number, said=Said.GONE))
            return
        if question.ask is Ask.BEAT:
            self.beat = question.values
            self._note()
            self._put(self.run, Answer(number=question.number, said=Said.HERE))
            return
        self._hear_work(question)

    def _hear_work(self, question: Question) -> None:
        """Take a question in, or answer it again."""
        with self._lock:
            is_new, last = question.number > self._at, self._last
            if is_new:
                self._at = question.number
        if is_new:
            self._note()
            self._questions.put(question)
        elif last is not None and last.number == question.number:
            self._put(self.run, last)
        elif question.number == self._at:
            self._put(self.run, Answer(number=question.number, said=Said.LATER))

    def _note(self) -> None:
        self.heard_at, self.has_heard = time.monotonic(), True
