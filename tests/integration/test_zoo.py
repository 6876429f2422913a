"""Every endpoint of the shared zoo, asked in this process with a clock that moves only when something waits."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from imaginized.money.prices import Price
from imaginized.providers.keys import use_of
from tests.support.zoo import KEY, Book, Zoo, served

# What must come of each, and after how many requests at the most. "waits" is put off and tried again by itself.
EXPECTED: dict[tuple[str, int], str] = {
    ("done", 2): "fine gz utf8bom ds_empty_lines ds_reasoning_content ol_think ol_think_noopen lm_studio_json "
    "anthropic_prose or_processing_ws or_processing_comment sse_anyway latin1 ds_answer_in_reasoning ol_load_delay "
    "ol_truncates_4096 gem_no_usage usage_floats usage_inf usage_negative usage_huge_cost slow_body or_images_chat "
    "im_png16 im_rgba im_webp im_animated im_jpeg_cmyk im_jpeg_trailing im_url_redir im_edits_400 im_edits_500 "
    "im_url_metadata im_slow im_sdcpp im_portrait im_avif im_bmp im_tiff im_images_key im_stability im_raw_png "
    "im_url_relative",
    ("done", 5): "oa_429_in_words retry_date mistral_429 or_200_error gem_overloaded oa_520html oa_529 retry_nan "
    "oa_drop_keepalive lc_503_loading retry_neg gem_error_list or_402_afford or_no_endpoints mistral_422 "
    "mistral_422_obj vllm_400_rf gem_schema_addprops groq_validate groq_validate_always oa_stream_only together_422 "
    "or_error_in_choice or_error_in_choice_partial oa_reasoning_eats oa_max_out_small gem_cut_MAX_TOKENS vllm_ctx "
    "gem_recitation im_size_400 im_ref_only_rf im_prompt_long",
    # A chapter in parts of 270 words: each sentence has its number, which takes a tenth of the room.
    ("done", 24): "groq_413 lm_studio_ctx lc_overflow400 lc_overflow500 oa_string_above_max ol_truncates",
    ("waits", 12): "ol_oom500 ol_crash500",
    ("waits", 4): "or_free_day or_free_day_hdr",
    ("paused", 1): "oa_quota im_quota echo_key_401 echo_key_b64_401 or_key_limit gem_badkey_list xai_400_key "
    "litellm_budget fireworks_412 oa_org_verify oa_region cf_challenge oa_model_404 ol_model_missing vllm_model_404 "
    "az_query redirect_https",
    ("declined", 1): "or_moderation_403 oa_refusal az_filter200 az_filter400 gem_safety gem_prohibited_nochoices",
    ("declined", 2): "gem_recitation_always im_moderation",
    ("done", 3): "im_url_expired im_corrupt",
    ("failed", 1): "or_data_policy gz_bomb gz_lie im_50mb",
    # What cannot be used is asked for once more.
    ("failed", 2): "im_html im_empty_data im_null_data im_bomb im_huge_jpeg im_url_file im_svg im_url_html "
    "im_corrupt_always im_jpeg_cut im_1x1 im_black im_strip",
    ("failed", 4): "im_chat_text",
    ("failed", 3): "oa_reasoning_eats_always ol_think_unclosed choices_many_null",
    # It says that even the smallest request is more than a minute's allowance.
    ("failed", 5): "oa_tpm_too_large",
}
WANTED = {name: (what, most) for (what, most), names in EXPECTED.items() for name in names.split()}
# No picture comes of these here: two draw at a path of their own, one at an address that the zoo does not serve.
NOT_YET = frozenset(("im_a1111", "im_a1111_405", "im_url"))


@pytest.fixture(scope="module")
def zoo() -> Iterator[Zoo]:
    with served() as found:
        yield found


def test_every_persona_is_expected(zoo: Zoo) -> None:
    """None is forgotten."""
    assert {*WANTED, *NOT_YET} == set(zoo.names)


@pytest.mark.parametrize("name", sorted(WANTED))
def test_what_comes_of_it(zoo: Zoo, tmp_path: Path, name: str) -> None:
    """The book is done untended, or stops for the right reason after few calls; nothing uses up an attempt."""
    what, most = WANTED[name]
    came = Book(zoo, name, folder=tmp_path).read()

    assert (came.what, came.words[-1:] if came.what != what else []) == (what, [])
    assert came.calls <= most
    assert came.attempts == 0
    assert len(came.booked) <= most
    assert KEY not in " ".join(came.words)


def test_waits_are_those_that_are_told(zoo: Zoo, tmp_path: Path) -> None:
    """In the header, in the body's details, in words, or until the reset that the answer names."""
    assert Book(zoo, "oa_429_in_words", folder=tmp_path).read().waits == [4.0, 4.0]
    assert Book(zoo, "gem_error_list", folder=tmp_path).read().waits == [3.0, 3.0]
    (waited,) = Book(zoo, "retry_date", folder=tmp_path).read().waits
    assert 3.9 < waited <= 5.0
    for name in ("or_free_day", "or_free_day_hdr"):
        came = Book(zoo, name, folder=tmp_path).read()
        assert all(3_598 < seconds <= 3_600 for seconds in came.pauses)
        assert came.calls == len(came.pauses)


@pytest.mark.parametrize(
    ("name", "booked"),
    [
        ("fine", ["sure", "sure"]),
        ("gem_no_usage", ["sure", "sure"]),
        ("oa_529", ["none", "sure", "sure"]),
        ("oa_520html", ["none", "sure", "sure"]),
        ("gem_overloaded", ["none", "none", "sure", "sure"]),
        ("or_200_error", ["none", "sure", "sure"]),
        ("oa_429_in_words", ["none", "none", "sure", "sure"]),
        ("az_filter400", ["none"]),
        ("oa_quota", ["none"]),
        ("im_moderation", ["none", "none"]),
    ],
)
def test_what_failed_costs_nothing(zoo: Zoo, tmp_path: Path, name: str, booked: list[str]) -> None:
    """An error is booked as none; an answer by its usage, or by its characters where it tells none."""
    assert Book(zoo, name, folder=tmp_path).read().booked == booked


@pytest.mark.parametrize(("into", "out"), [(1.0, 1.0), (1.0, 4.0), (0.15, 0.6), (1.25, 10.0)])
def test_what_is_counted_is_near_what_is_charged(zoo: Zoo, tmp_path: Path, into: float, out: float) -> None:
    """An answer without usage costs within 30 % of the same answer with it, whatever a token costs."""
    price = Price(model="m", date=date(2026, 1, 31), input_usd_per_million=into, output_usd_per_million=out)

    def cost(name: str) -> float:
        usages = Book(zoo, name, folder=tmp_path).read().usages
        assert len(usages) == 2
        return sum(
            price.cost_usd(tokens_in=usage.tokens_in or 0, tokens_out=usage.tokens_out or 0, images=0)
            for usage in usages
        )

    assert cost("gem_no_usage") == pytest.approx(cost("fine"), rel=0.3)


def test_an_endpoint_without_memory_is_left_alone_for_longer_and_longer(zoo: Zoo, tmp_path: Path) -> None:
    """In its own words, at no cost."""
    came = Book(zoo, "ol_oom500", folder=tmp_path).read()

    assert came.pauses == [60.0, 120.0, 240.0, 480.0]
    assert set(came.booked) == {"none"}
    assert "requires more system memory" in came.words[0]


def test_what_is_refused_of_a_model_pauses_that_use_alone(zoo: Zoo, tmp_path: Path) -> None:
    """An organisation that must be verified for pictures may read; a key that is refused may do nothing."""
    paused = {}
    for name in ("oa_org_verify", "oa_model_404", "oa_quota", "gem_badkey_list"):
        book = Book(zoo, name, folder=tmp_path)
        book.read()
        paused[name] = [use_of(key) for key in book.limiter.paused()]

    assert paused == {
        "oa_org_verify": ["text"],
        "oa_model_404": ["text"],
        "oa_quota": [None],
        "gem_badkey_list": [None],
    }
