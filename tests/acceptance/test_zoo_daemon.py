"""Endpoints of the shared zoo behind the real daemon, two books at once with each; scripts/zoo takes all of them."""

import pytest

from imaginized.providers.openai.ladder import BROKEN_TRIES
from tests.integration.test_zoo import WANTED
from tests.support.keeping_zoo import BOOKS, Visit, visit_all

# One of each kind: what is read, what is asked in another way, what is waited for, what a person must mend.
CHOSEN = (
    *("fine", "or_processing_comment", "oa_429_in_words", "mistral_422", "groq_validate", "oa_reasoning_eats"),
    *("lm_studio_ctx", "im_webp", "im_size_400", "ol_oom500", "or_free_day", "echo_key_401", "oa_model_404"),
    *("az_filter400", "im_moderation", "im_edits_500", "gem_no_usage"),
)
LANES = 3
CHAPTERS = 2  # of each book, with a picture each


@pytest.fixture(scope="module")
def visits() -> dict[str, Visit]:
    found = visit_all({name: WANTED[name][0] for name in CHOSEN}, count=LANES, tell=lambda _visit: None)
    return {visit.name: visit for visit in found}


@pytest.mark.parametrize("name", CHOSEN)
def test_what_comes_of_it_through_the_daemon(visits: dict[str, Visit], name: str) -> None:
    """The books end as in process: done untended, or stopped for the reason that status tells, at no attempt."""
    what, most = WANTED[name]
    visit = visits[name]

    assert (visit.what, visit.words if visit.what != what else []) == (what, [])
    # In process a picture's endpoint is asked for pictures alone, and a declined one for a single picture.
    each = most if not name.startswith("im_") else CHAPTERS + (CHAPTERS * most if what == "declined" else most)
    # The other book's worker may ask before it is known how, and finds out by itself that a path is broken.
    found_out = BOOKS * BROKEN_TRIES if name == "im_edits_500" else BOOKS
    assert visit.calls <= BOOKS * each + found_out
    assert visit.attempts == 0
    assert visit.words or what in ("done", "declined")
    assert visit.leaks == []


def test_what_a_silent_endpoint_cost_is_counted(visits: dict[str, Visit]) -> None:
    """Without usage a book costs within 30 % of what it costs with it."""
    assert visits["gem_no_usage"].spent_usd == pytest.approx(visits["fine"].spent_usd, rel=0.3)
