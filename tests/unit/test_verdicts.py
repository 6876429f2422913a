"""What an endpoint's error means, from everything that it says: status, body of any shape, headers, words, ends."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imaginized.limits.resets import read_left, read_moment, seconds_to_reset
from imaginized.providers.openai.bodies import load_body, stored
from imaginized.providers.openai.errors_said import wait_in
from imaginized.providers.openai.failures import Failure, Next, is_absent, judge
from imaginized.providers.openai.finishes import in_our_words, judge_finish
from imaginized.providers.openai.ladder import Drawing, Limit, Way, dump_ways, load_ways, step_down, step_down_image
from imaginized.providers.openai.said import Why

NOW = datetime(2026, 11, 29, 22, 0, tzinfo=UTC)


def judged(status: int, body: object, headers: dict[str, str] | None = None) -> Failure:
    return judge(status, json.dumps(body).encode(), headers or {}, now=NOW)


def error(message: str, **more: object) -> dict[str, object]:
    return {"error": {"message": message, **more}}


@pytest.mark.parametrize(
    ("status", "body", "what"),
    [
        (429, error("Quota exceeded, check billing details. Retry in 7s."), Next.RETRY),
        (429, [error("You exceeded your current quota", details=[{"retryDelay": "11s"}])], Next.RETRY),
        (429, error("You exceeded your current quota, please check your plan and billing details."), Next.PAUSE),
        (429, error("Request too large: Limit 100, Requested 200"), Next.SMALLER),
        (500, error("input is too large to process; the context size is 512"), Next.SMALLER),
        (413, error("reduce your message size and try again"), Next.SMALLER),
        (402, error("You can only afford 900 tokens, or fewer max_tokens"), Next.LESS_ROOM),
        (402, error("Payment required"), Next.PAUSE),
        (400, error("API key not valid", details=[{"reason": "API_KEY_INVALID"}]), Next.PAUSE),
        (412, error("Account suspended"), Next.PAUSE),
        (422, {"detail": [{"loc": ["body", "seed"], "msg": "Extra inputs are not permitted"}]}, Next.REJECT),
        (400, error("The prompt triggered our content management policy"), Next.DECLINED),
        (400, error("no", innererror={"code": "ResponsibleAIPolicyViolation"}), Next.DECLINED),
        (500, error("CUDA error: out of memory"), Next.REST),
        (500, error("something broke"), Next.RETRY),
        (501, error("not here"), Next.REJECT),
        (308, {}, Next.PAUSE),
        (503, "plain words", Next.RETRY),
        (418, None, Next.REJECT),
    ],
)
def test_an_error_means_one_thing(status: int, body: object, what: Next) -> None:
    """By its words and its status, in whatever shape it comes."""
    assert judged(status, body).next is what


@pytest.mark.parametrize(
    ("body", "headers", "seconds"),
    [
        (error("Please try again in 1m30.5s."), {}, 90.5),
        (error("Please retry in 3.25 seconds"), {}, 3.25),
        (error("Wait 2 minutes and 5 seconds"), {}, 125.0),
        (error("slow down", retry_after=9), {}, 9.0),
        (error("slow down", details=[{"retryDelay": "12s"}]), {"retry-after": "4"}, 4.0),
        (error("slow", metadata={"headers": {"Retry-After": "6"}}), {}, 6.0),
        (error("slow"), {"ratelimit": '"default";r=0;t=30'}, 30.0),
        (error("slow"), {"ratelimit-remaining": "0", "ratelimit-reset": "17"}, 17.0),
        (
            error("slow"),
            {
                "anthropic-ratelimit-requests-remaining": "0",
                "anthropic-ratelimit-requests-reset": (NOW + timedelta(seconds=21)).isoformat(),
            },
            21.0,
        ),
        (error("limit reached: requests per day"), {}, 7200.0),
        (error("free requests per day", metadata={"headers": {"X-RateLimit-Remaining": "0"}}), {}, 7200.0),
        (error("just slow"), {}, None),
    ],
)
def test_the_wait_is_the_one_that_is_told(body: object, headers: dict[str, str], seconds: float | None) -> None:
    """In a header, in a header within the body, in its details, in words; a day ends at midnight UTC."""
    assert judged(429, body, headers).after_seconds == (None if seconds is None else pytest.approx(seconds))


@given(st.text(max_size=200), st.sampled_from([200, 400, 404, 413, 429, 500]))
def test_no_body_breaks_the_table(text: str, status: int) -> None:
    """Whatever it is, it means something; waits are bounded."""
    for body in (
        text.encode(),
        json.dumps({"error": text}).encode(),
        json.dumps([{"error": {"message": text}}]).encode(),
    ):
        failure = judge(status, body, {"ratelimit": text, "retry-after": text}, now=NOW)
        assert failure.next in Next
        assert failure.after_seconds is None or 0 <= failure.after_seconds <= 7 * 86_400


def test_a_long_run_of_digits_costs_no_time() -> None:
    """Words are judged in linear time and up to a length."""
    assert wait_in("retry in " + "9" * 100_000) is None
    assert judged(400, error("max_tokens at most " + "1" * 100_000)).next


def test_less_room_is_remembered_and_else_no_length_is_said() -> None:
    """What is too short for any answer is not asked for."""
    less = step_down(Way(), judged(402, error("fewer max_tokens: can only afford 3120")))
    assert less == Way(most_tokens=3120)
    assert less.told({"messages": [], "max_completion_tokens": 6400})["max_completion_tokens"] == 3120
    assert load_ways(dump_ways({"a b": less})) == {"a b": less}

    none = step_down(less, judged(402, error("fewer max_tokens: can only afford 300")))
    assert none is not None
    assert none.limit is Limit.NONE


def test_another_way_is_the_one_that_is_named() -> None:
    """A stream, without a parameter, without a size."""
    streamed = step_down(Way(), judged(400, error("Set stream=true.", param="stream")))
    assert streamed is not None
    assert streamed.told({"messages": []})["stream"] is True

    bare = step_down_image(Way(), judged(400, error("Unknown parameter: 'n'.", param="n")), drawing=Drawing())
    assert bare is not None
    assert bare.told({"prompt": "x", "n": 1}) == {"prompt": "x"}

    wide = Drawing(size="1536x1024")
    unsized = step_down_image(Way(), judged(400, error("Invalid value.", param="size")), drawing=wide)
    assert unsized == Way(sizes=False)
    named = "Invalid value: '1536x1024'. Supported values are: '512x512', '1024x1024', and '1024x1792'."
    other = step_down_image(Way(), judged(400, error(named, param="size")), drawing=wide)
    assert other == Way(size="1024x1024")
    assert step_down_image(Way(size="1024x1024"), judged(400, error(named, param="size")), drawing=wide) == Way(
        sizes=False
    )

    long = judged(400, error("'prompt' is too long: maximum length is 1000 characters.", param="prompt"))
    assert step_down_image(Way(), long, drawing=Drawing(characters=3000)) == Way(prompt_characters=1000)
    assert step_down_image(Way(prompt_characters=1000), long, drawing=Drawing(characters=3000)) == Way(
        prompt_characters=500
    )


def test_pictures_are_no_longer_sent_along_where_that_does_nothing_but_fail() -> None:
    """After few tries; not where none is sent, where the endpoint asks for time, nor where an answer was paid."""
    sent, broken = Drawing(has_references=True), judged(500, error("server had an error"))
    paid = Failure(next=Next.RETRY, code=Why.EMPTY, words="it holds no picture", was_charged=True)

    assert step_down_image(Way(), replace(broken, times=3), drawing=sent) == Way(references=False)
    assert step_down_image(Way(), replace(paid, times=9), drawing=sent) is None
    assert step_down_image(Way(), replace(broken, times=2), drawing=sent) is None
    assert step_down_image(Way(), replace(broken, times=9), drawing=Drawing()) is None
    assert step_down_image(Way(references=False), replace(broken, times=9), drawing=sent) is None
    assert step_down_image(Way(), replace(judged(429, error("slow down")), times=9), drawing=sent) is None


def test_a_model_that_is_not_there_is_nobody_s_fault() -> None:
    """But one that a policy keeps from answering is."""
    assert is_absent(judged(404, error("model 'x' not found")))
    assert not is_absent(judged(404, error("No endpoints found matching your data policy")))


def answer(finish: str, content: object = None, **more: object) -> dict[str, object]:
    return {"choices": [{"finish_reason": finish, "message": {"role": "assistant", "content": content}, **more}]}


@pytest.mark.parametrize("word", ["SAFETY", "PROHIBITED_CONTENT", "content_filter", "refusal", "BLOCKLIST"])
def test_a_vendor_s_word_for_no_is_no(word: str) -> None:
    """In capitals or not, with its word told."""
    ended = judge_finish(answer(word), was_repeating=False)

    assert ended is not None
    assert ended.next is Next.DECLINED
    assert word in ended.words


def test_an_answer_that_repeats_a_text_is_asked_for_once_more() -> None:
    """Then it is a no."""
    ends = [judge_finish(answer("RECITATION"), was_repeating=was) for was in (False, True)]

    assert [end.next for end in ends if end] == [Next.RETRY, Next.DECLINED]


def test_an_error_in_a_choice_is_the_endpoint_s() -> None:
    """And costs nothing."""
    ended = judge_finish(answer("error", error={"code": 502, "message": "upstream stopped"}), was_repeating=False)

    assert ended is not None
    assert (ended.next, ended.was_charged) == (Next.RETRY, False)
    assert "upstream stopped" in ended.words


def test_ends_are_told_in_one_word() -> None:
    """A cut answer is one by whatever word; an answer among the thoughts is in its place."""
    cut = in_our_words(answer("MAX_TOKENS", "{"))
    assert cut["choices"][0]["finish_reason"] == "length"  # type: ignore[index]

    thought = {"choices": [{"finish_reason": "stop", "message": {"content": "", "reasoning_content": '{"a": 1}'}}]}
    assert in_our_words(thought)["choices"][0]["message"]["content"] == '{"a": 1}'  # type: ignore[index]
    assert judge_finish({"choices": []}, was_repeating=False)
    usual = answer("stop", "{}")
    assert in_our_words(usual) is usual


def test_a_body_is_read_however_it_is_wrapped() -> None:
    """Comments before it, another charset, a stream of events."""
    whole = {"choices": [{"message": {"content": "é"}}]}
    text = json.dumps(whole, ensure_ascii=False)
    events = b"".join(
        b"data: " + json.dumps({"choices": [{"delta": {"content": piece}}], "usage": None}).encode() + b"\n\n"
        for piece in ("a", "b")
    )

    assert load_body(text.encode(), {}) == whole
    assert load_body(b": PROCESSING\n\n: PROCESSING\n" + text.encode(), {}) == whole
    assert load_body(text.encode("latin-1"), {"content-type": "application/json; charset=iso-8859-1"}) == whole
    joined = load_body(events + b'data: {"usage": {"prompt_tokens": 3}, "choices": []}\n\ndata: [DONE]\n\n', {})
    assert joined["choices"][0]["message"]["content"] == "ab"  # type: ignore[index]
    assert joined["usage"] == {"prompt_tokens": 3}  # type: ignore[index]
    assert json.loads(stored(events, joined)) == joined
    assert load_body(b"<html>data: x</html>", {}) is None


def test_what_is_left_is_read_in_every_spelling() -> None:
    """Names with or without a prefix, before or after what they count."""
    headers = {
        "x-ratelimit-remaining-tokens": "5",
        "x-ratelimit-reset-tokens": "6m0s",
        "anthropic-ratelimit-input-tokens-remaining": "0",
        "anthropic-ratelimit-input-tokens-reset": (NOW + timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-ratelimit-remaining-req-day": "0",
        "content-length": "0",
    }

    left = {each.of: (each.remaining, each.after_seconds, each.is_of_tokens) for each in read_left(headers, utc=NOW)}
    assert left == {
        "x-ratelimit-remaining-tokens": (5.0, 360.0, True),
        "anthropic-ratelimit-input-tokens-remaining": (0.0, 60.0, True),
        "x-ratelimit-remaining-req-day": (0.0, 7200.0, False),
    }
    assert seconds_to_reset(headers, utc=NOW) == 7200.0
    assert read_moment(f"{(NOW.timestamp() + 9) * 1000:.0f}", utc=NOW) == pytest.approx(9.0)
