"""One call to an endpoint, to its end: paced, paid, tried again while that makes sense. Knows no package's client."""

import hashlib
import json
import random
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Generic, Literal, TypeVar

from imaginized.errors import Paused, Rejected, Retryable, Unanswered, Unreachable
from imaginized.limits.outages import Miss, Silence
from imaginized.money.calls import Call, Reservation, Usage
from imaginized.process.waiting import Waiting
from imaginized.providers.keys import lane_of
from imaginized.providers.openai.bodies import load_body, load_kept, stored, unread, was_cut
from imaginized.providers.openai.conditions import Archive as Archive
from imaginized.providers.openai.conditions import Conditions as Conditions
from imaginized.providers.openai.conditions import Endpoint as Endpoint
from imaginized.providers.openai.failures import (
    TOO_MANY,
    Declined,
    Failure,
    Next,
    TooLong,
    error_in,
    is_about_model,
    is_absent,
    is_markup,
    is_too_long,
    judge,
)
from imaginized.providers.openai.finishes import REPEATING, in_our_words, judge_finish
from imaginized.providers.openai.images import as_answer
from imaginized.providers.openai.ladder import Way
from imaginized.providers.openai.said import Unusable, Why
from imaginized.providers.openai.transport import Answer, Body, Dropped, Patience, Transport, Unfit
from imaginized.providers.openai.usage import usage_of, with_counts
from imaginized.reasons import Code

LESS_THOUGHT = "lower the model's reasoning effort or set another model, then retry"
OTHER_FOR_BOOK = "name another model in its sidecar, or none, and add it again with --force"
RETRY_OR_OTHER = "set another model, or retry if it was by chance"
MOST_TRIES = 25
MOST_UNUSABLE = MappingProxyType({"text": 3, "image": 2})  # answers that are paid for and hold nothing
LONGEST_PAUSE_SECONDS = 60.0
MOST_TROUBLES = 3  # tries at an endpoint that lacks what it needs, before it is left alone
REST_SECONDS, LONGEST_REST_SECONDS = 60.0, 1_800.0
KNOCK_SECONDS = 10.0
UNREAD = "unread"
UNFIT = "unfit"
PICTURE_TOKENS = 6_500  # of a picture that is sent along, at the most
BYTES_PER_TOKEN = 3  # characters / 4 × 1.3, for any script: only tables from the network would say it exactly
USELESS = b"null\n"  # in the place of an answer

T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(Generic[T]):
    """What to ask and how to understand the answer.

    Attributes:
        about: What it is about, for pacing by chapter.
        asked: Digest of all that makes the answer what it is.
        build: The request's body for a way, with room for so many times the usual answer.
        read: What the answer says; raises Unusable.
        step_down: The next way after a failure; None when the way was not the reason.
        tokens_out: The usual most.
        most_unusable: After how many answers that hold nothing it is given up; 0 for as many as others of its kind.
        pictures: Data URIs that are sent along where the way has references; the body has them.
    """

    kind: Literal["text", "image"]
    about: str
    asked: str
    build: Callable[[Way, int], Body]
    read: Callable[[Mapping[str, object]], T]
    step_down: Callable[[Way, Failure], Way | None]
    tokens_out: int
    images: int = 0
    size: str = ""
    quality: str = ""
    pictures: Sequence[str] = ()
    most_unusable: int = 0


@dataclass(slots=True, kw_only=True)
class _Course:
    """How far the tries at one question have come."""

    way: Way
    until: float
    began: float
    errors: int = 0
    last_error: str = ""
    room: int = 1
    failed: int = 0
    unusable: int = 0
    was_repeating: bool = False


class Caller:
    """Asks one endpoint."""

    def __init__(self, transport: Transport, endpoint: Endpoint, conditions: Conditions) -> None:
        """Ask `endpoint` over `transport`."""
        self._transport = transport
        self._endpoint = endpoint
        self._conditions = conditions
        self._spent: float | None = 0.0
        self._rests = 0

    @property
    def spent_usd(self) -> float | None:
        """What all its calls have cost so far; None once the price of one is unknown."""
        return self._spent

    def knock(self) -> Miss | None:
        """Try to connect, at no cost; what became of it where that fails, None where somebody is there."""
        try:
            self._transport.knock(timeout_seconds=min(KNOCK_SECONDS, self._conditions.timeout_seconds))
        except Dropped as error:
            if error.silence is Silence.UNCONNECTED:  # of all else only a real request shows whether it works
                return Miss(
                    silence=error.silence,
                    reason=self._hide(str(error)),
                    about="",
                    after_seconds=self._conditions.unreachable_retry_seconds,
                )
        except Unfit:
            return None
        return None

    def ask(self, question: Question[T]) -> T:
        """The answer: one that was kept, else a new one.

        Raises:
            Retryable: The endpoint wants to be left alone longer than a chapter may wait.
            Unreachable: Nobody answers there; it is tried again for all workers together.
            Paused: The key or the quota needs a person.
            Declined: The model will not have this content.
            Rejected: The endpoint will not take the request, in its own words.
            Unanswered: No usable answer came for as long as a chapter may wait.
        """
        kept = self._conditions.archive.load(question.asked)
        if kept is not None and (answer := load_kept(kept)) is not None:
            with suppress(Unusable):  # read by rules that are stricter than those it was kept by
                return question.read(answer)
        known = self._conditions.memory.recall(self._endpoint.base_url, self._endpoint.model)
        began = self._conditions.clock.monotonic()
        course = _Course(way=known, began=began, until=began + self._conditions.deadline_seconds)
        try:
            return self._answer(question, course)
        finally:
            self._conditions.tell(None)

    def use(self, question: Question[T], use: Callable[[T], U]) -> U:
        """What comes of using the answer. One that cannot be used is not given again: the next try asks anew.

        An answer is kept from when it is paid, so that a process that is killed before it is used pays nothing twice.

        Raises:
            Exception: As of `ask`, and whatever using it raises.
        """
        answer = self.ask(question)
        try:
            return use(answer)
        except Retryable:  # of us, not of the answer: the next try finds it kept
            raise
        except Exception:
            self.disown(question)
            raise

    def disown(self, question: Question[T]) -> None:
        """Keep of an answer that turned out useless only that there was one."""
        self._conditions.archive.save(question.asked, USELESS)

    def _answer(self, question: Question[T], course: _Course) -> T:
        known = course.way
        for _ in range(MOST_TRIES):
            said = self._try(question, course)
            if not isinstance(said, Failure):
                if course.way != known:
                    self._conditions.memory.remember(self._endpoint.base_url, self._endpoint.model, course.way)
                return said
            lower = question.step_down(course.way, replace(said, times=course.failed + 1))
            if lower is not None:
                course.way = lower
            else:
                self._go_on(said, question, course)
        raise Unanswered(f"{self._endpoint.base_url} gave no usable answer in {MOST_TRIES} tries")

    def _try(self, question: Question[T], course: _Course) -> T | Failure:
        """Send the request once; pay what it took."""
        body = course.way.told(question.build(course.way, course.room))
        sent = json.dumps(body, ensure_ascii=False).encode()
        tokens_out = question.tokens_out * course.room
        attached = question.pictures if course.way.references else ()
        words = len(sent) - sum(map(len, attached))
        call = Call(
            kind=question.kind,
            model=self._endpoint.model,
            endpoint=self._endpoint.base_url,
            prompt_digest=hashlib.sha256(sent).hexdigest(),
            tokens_in=words // BYTES_PER_TOKEN + len(attached) * PICTURE_TOKENS,
            tokens_out_max=tokens_out,
            images=question.images,
            size=(course.way.size or question.size) if course.way.sizes else "",
            quality=question.quality,
        )
        self._tell("turn", course)
        self._conditions.wait(0.0)
        asked_at = self._conditions.clock.monotonic()
        with self._conditions.gate.permit(
            self._endpoint.account,
            self._endpoint.limits,
            wait=self._conditions.wait,
            tokens=call.tokens_in + tokens_out,
            spacing=question.about,
        ):
            course.until += self._conditions.clock.monotonic() - asked_at  # waiting one's turn is no delay of a call
            self._tell("answer", course)
            said = self._pay(question, course, body=body, call=call)
            self._note(said if isinstance(said, Failure) else None, question, course)
        return said

    def _note(self, failure: Failure | None, question: Question[T], course: _Course) -> None:
        """Take down whether somebody answered.

        Raises:
            Unreachable: Nobody does, for long enough to leave it alone.
        """
        course.errors += failure is not None
        course.last_error = failure.brief if failure else ""
        if failure is None or failure.silence is None:
            self._conditions.gate.answered(self._endpoint.account)
            return
        after_seconds = max(self._conditions.unreachable_retry_seconds, failure.after_seconds or 0.0)
        miss = Miss(silence=failure.silence, reason=failure.brief, about=question.about, after_seconds=after_seconds)
        if self._conditions.gate.missed(self._endpoint.account, miss):
            raise Unreachable(f"{self._endpoint.base_url} is unreachable: {failure.brief}", after_seconds=after_seconds)

    def _tell(self, what: Literal["turn", "answer", "pause"], course: _Course) -> None:
        seconds = self._conditions.clock.monotonic() - course.began
        self._conditions.tell(
            Waiting(
                what=what,
                on=self._endpoint.base_url,
                seconds=seconds,
                errors=course.errors,
                last_error=course.last_error,
            )
        )

    def _pay(self, question: Question[T], course: _Course, *, body: Body, call: Call) -> T | Failure:
        reservation = self._conditions.till.reserve(call)
        answer = self._send(question, course, body=body)
        if isinstance(answer, Failure):
            failure, usage = answer, Usage()
        else:
            self._conditions.gate.learn(self._endpoint.account, answer.headers)
            loaded = self._load(answer)
            said = self._understood(question, course, answer, loaded)
            usage = usage_of(loaded) if isinstance(loaded, dict) else Usage()
            if not isinstance(said, Failure) and question.kind == "text" and was_cut(usage, words=body):
                said = Failure(next=Next.REJECT, code=UNREAD, words=unread(usage), was_charged=True)
            if question.kind == "text":
                is_whole = isinstance(loaded, dict) and not (isinstance(said, Failure) and not said.was_charged)
                answered = len(answer.body) if is_whole else 0
                # All of it: whoever is sent a schema reads it with the words.
                usage = with_counts(usage, sent=len(str(body)), answered=answered)
            if usage.tokens_in is not None and usage.tokens_out is not None:
                self._conditions.gate.use(self._endpoint.account, usage.tokens_in + usage.tokens_out)
            if not isinstance(said, Failure):
                try:  # kept first: killed in between it is booked at the most that it can cost, and not paid twice
                    self._conditions.archive.save(question.asked, stored(answer.body, loaded))
                finally:
                    self._settle(reservation, usage, outcome="ok")
                self._conditions.gate.speed_up(self._endpoint.account)
                self._rests = 0
                return said
            failure = said
        if failure.status == TOO_MANY and failure.next is Next.RETRY:
            # Still within the permit: the limiter halves once for all that were under way together.
            self._conditions.gate.slow_down(self._endpoint.account)
        self._charge(reservation, failure, usage)
        return failure

    def _charge(self, reservation: Reservation, failure: Failure, usage: Usage) -> None:
        """End the reservation of a call that brought nothing: in full only where nobody knows what it cost."""
        outcome = f"http {failure.status}" if failure.status else failure.code or "dropped"
        if failure.was_charged:
            self._settle(reservation, usage, outcome=outcome)
        elif usage != Usage():
            said = Usage(
                tokens_in=usage.tokens_in or 0,
                tokens_out=usage.tokens_out or 0,
                images=usage.images or 0,
                cost_usd=usage.cost_usd,
            )
            self._settle(reservation, said, outcome=outcome)
        else:
            reservation.cancel(outcome=outcome)

    def _settle(self, reservation: Reservation, usage: Usage, *, outcome: str) -> None:
        cost = reservation.settle(usage, outcome=outcome)
        self._spent = None if cost is None or self._spent is None else self._spent + cost

    def _send(self, question: Question[T], course: _Course, *, body: Body) -> Answer | Failure:
        left = max(course.until - self._conditions.clock.monotonic(), 0.05)
        patience = Patience(silence_seconds=min(self._conditions.timeout_seconds, left), total_seconds=left)
        is_image = question.kind == "image" and not course.way.draws_in_chat
        send = self._transport.image if is_image else self._transport.chat
        try:
            return send(body, patience=patience)
        except Dropped as error:
            return Failure(
                next=Next.RETRY, words=self._hide(str(error)), was_charged=error.was_sent, silence=error.silence
            )
        except Unfit as error:
            return Failure(next=Next.REJECT, code=UNFIT, words=str(error), was_charged=True)

    def _hide(self, text: str) -> str:
        return self._endpoint.key.hide(text) if self._endpoint.key else text

    def _load(self, answer: Answer) -> object:
        """What an answer says, the key hidden wherever it stands in words; None where it is neither JSON nor a picture.

        Some endpoints repeat the key they were given, in errors and in answers; those words end in logs and manifests,
        guides and kept answers. The bytes that come are left as they are: a key may stand in a picture's by chance.
        """
        try:
            loaded = as_answer(answer.body) or load_body(answer.body, answer.headers)
            return self._endpoint.key.hide_in(loaded) if self._endpoint.key else loaded
        except (ValueError, RecursionError):
            return None

    def _understood(self, question: Question[T], course: _Course, answer: Answer, loaded: object) -> T | Failure:
        try:
            return self._understand(question, course, answer, loaded)
        except Exception as error:  # noqa: BLE001 - whatever is in an answer costs that answer, and what it cost is booked
            words = f"the answer cannot be read ({type(error).__name__})"
            return Failure(next=Next.RETRY, code=Why.UNREADABLE, words=words, was_charged=answer.status < 300)

    def _understand(self, question: Question[T], course: _Course, answer: Answer, loaded: object) -> T | Failure:
        if answer.status >= 300 or error_in(loaded) or (loaded is None and is_markup(answer.body)):
            # Hidden before it is read: words that are cut short could end in the middle of the key.
            body = self._hide(answer.body.decode(errors="replace")) if loaded is None else json.dumps(loaded)
            headers = {name: self._hide(value) for name, value in answer.headers.items()}
            failure = judge(answer.status, body.encode(), headers, now=self._conditions.clock.now())
            return replace(failure, words=self._hide(failure.words), code=self._hide(failure.code))
        if not isinstance(loaded, dict):
            return Failure(next=Next.RETRY, code=Why.UNREADABLE, words="the answer is not JSON", was_charged=True)
        ended = judge_finish(loaded, was_repeating=course.was_repeating)
        if ended is not None:
            course.was_repeating |= ended.code == REPEATING
            return replace(ended, words=self._hide(ended.words))
        try:
            return question.read(in_our_words(loaded))
        except Unusable as error:
            what = Next.DECLINED if error.why is Why.REFUSED else Next.RETRY
            return Failure(next=what, code=str(error.why), words=self._hide(str(error)), was_charged=True)

    def _go_on(self, failure: Failure, question: Question[T], course: _Course) -> None:
        """Wait before the next try, or raise what the failure means."""
        endpoint, model = self._endpoint.base_url, self._endpoint.model
        if failure.next is Next.PAUSE or is_absent(failure):
            raise self._pause(failure, question.kind)
        if failure.next is Next.DECLINED:
            raise Declined(f"{model} declined: {failure.words}")
        if failure.code == UNREAD or is_too_long(failure):
            raise TooLong(f"{endpoint}: {model} cannot take a text of this length: {failure.words}")
        if failure.code == UNFIT:
            raise Rejected(f"{endpoint}: {model} {failure.words}", code=Code.ANSWER_UNUSABLE, advice=RETRY_OR_OTHER)
        if failure.next is Next.REJECT:
            raise Rejected(f"{endpoint} refused the request for {model}: {failure.reason}", code=Code.PROVIDER_REFUSED)
        course.failed += 1
        if failure.next is Next.REST and course.failed >= MOST_TROUBLES:
            raise self._rest(failure)
        course.unusable += failure.was_charged and failure.code in tuple(Why)
        course.room = min(course.room * 2, 4) if failure.code == Why.TRUNCATED else course.room
        if course.unusable >= (question.most_unusable or MOST_UNUSABLE[question.kind]):
            # No further attempt of the machine's: each would be paid for, and a person is needed to change something.
            raise Unanswered(
                f"{model} gave {course.unusable} answers that cannot be used, the last because {failure.words}",
                code=Code.ANSWER_UNUSABLE,
                advice=LESS_THOUGHT if failure.code == Why.TRUNCATED else RETRY_OR_OTHER,
                is_final=True,
            )
        self._pause_after(failure, course)

    def _pause(self, failure: Failure, kind: Literal["text", "image"]) -> Paused | Rejected:
        """Ask no more until a person has seen to it: for nothing of the account, or for this use of it alone."""
        endpoint, model = self._endpoint.base_url, self._endpoint.model
        is_of_model = is_about_model(failure)
        if is_of_model and self._endpoint.is_for_book:
            text = f"{endpoint} refuses {model}, which this book asks for: {failure.reason}"
            return Rejected(text, code=Code.PROVIDER_REFUSED, advice=OTHER_FOR_BOOK)
        what = f"refuses {model}" if is_of_model else "rejected our key or quota"
        what = f"does not serve {model}" if is_absent(failure) else what
        reason = f"{endpoint} {what} ({failure.reason})"
        key = lane_of(self._endpoint.account, kind) if is_of_model else self._endpoint.account
        self._conditions.gate.pause(key, reason)
        return Paused(reason)

    def _rest(self, failure: Failure) -> Retryable:
        """Leave an endpoint alone that lacks what it needs, longer each time until it gives an answer again."""
        seconds = min(REST_SECONDS * 2**self._rests, LONGEST_REST_SECONDS)
        self._rests += 1
        self._conditions.gate.hold(self._endpoint.account, seconds, reason=failure.reason)
        return Retryable(f"{self._endpoint.base_url} is left alone: {failure.reason}", after_seconds=seconds)

    def _is_silent(self) -> bool:
        """Whether the endpoint answers nothing at all, not even what costs it nothing: then no chapter is to blame."""
        try:
            self._transport.knock(timeout_seconds=min(KNOCK_SECONDS, self._conditions.timeout_seconds))
        except Dropped:
            return True
        except Unfit:
            return False
        return False

    def _unreachable(self, failure: Failure) -> Unreachable:
        after_seconds = self._conditions.unreachable_retry_seconds
        silence = failure.silence or Silence.SLOW
        miss = Miss(silence=silence, reason=failure.brief, about="", after_seconds=after_seconds, is_sure=True)
        self._conditions.gate.missed(self._endpoint.account, miss)
        text = f"{self._endpoint.base_url} is unreachable: {failure.brief}"
        return Unreachable(text, after_seconds=after_seconds)

    def _pause_after(self, failure: Failure, course: _Course) -> None:
        if failure.after_seconds is not None:
            # One that is broken does not know when it will be well; one that has had too much does.
            longest = LONGEST_PAUSE_SECONDS if failure.status != TOO_MANY else failure.after_seconds
            pause = min(failure.after_seconds, longest)
            self._conditions.gate.hold(self._endpoint.account, pause)
        else:
            longest = min(self._conditions.retry_seconds * 2 ** (course.failed - 1), LONGEST_PAUSE_SECONDS)
            pause = random.uniform(0.0, longest)
        if self._conditions.clock.monotonic() + pause >= course.until:
            if failure.status == TOO_MANY or failure.after_seconds is not None:  # as it asks, at no cost of an attempt
                raise Retryable(f"{self._endpoint.base_url}: {failure.reason}", after_seconds=pause)
            if failure.silence is not None and self._is_silent():
                raise self._unreachable(failure)
            raise Unanswered(f"{self._endpoint.base_url} does not answer: {failure.reason}")
        self._tell("pause", course)
        self._conditions.wait(pause)
