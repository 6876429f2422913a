"""What a trial of an endpoint reads from its list of models, and what the client makes of a known context."""

import pytest

from imaginized.providers.openai.ladder import SHORTEST_TEXT, Way, dump_ways, load_ways, sizes_in
from imaginized.providers.openai.trial import context_of


@pytest.mark.parametrize(
    ("entry", "tokens"),
    [
        ({"id": "a", "context_length": 131072, "max_output_tokens": 8192}, 131072),
        ({"id": "b", "max_model_len": 4096}, 4096),
        ({"id": "c", "context_window": 8192, "created": 1700000000}, 8192),
        ({"id": "d", "meta": {"n_ctx_train": 131072, "n_ctx": 16384, "n_embd": 4096}}, 16384),
        ({"id": "e", "max_context_length": 32768, "loaded_context_length": 8192}, 8192),
        ({"id": "f", "inputTokenLimit": 1048576, "outputTokenLimit": 65536}, 1048576),
        ({"id": "g", "context_length": 40960, "top_provider": {"context_length": 32768}}, 32768),
        ({"id": "h"}, 0),
        ({"id": "i", "context_length": True, "context_window": -1, "n_ctx": 10**12, "ctx": "4096"}, 0),
    ],
)
def test_a_context_is_found_by_what_its_number_is_called(entry: dict[str, object], tokens: int) -> None:
    """Of several the least: what a model could hold is no use where its server holds less."""
    assert context_of(entry) == tokens


def test_a_hostile_list_ends() -> None:
    """Neither depth nor length is followed without end."""
    deep: dict[str, object] = {"context_length": 4096}
    for _ in range(900):
        deep = {"x": deep}

    assert context_of(deep) == 0
    assert context_of({"id": "m", "rows": {str(number): {"x": {"y": 1}} for number in range(50_000)}}) == 0


def test_a_known_context_bounds_the_parts() -> None:
    """A chapter is asked about in parts that fit before one is refused; an unknown context bounds nothing."""
    words = [Way(context_tokens=tokens).most_words for tokens in (0, 512, 4096, 8192, 131072)]

    assert words[0] == 0
    assert words[1] == SHORTEST_TEXT
    assert words == sorted(words)
    assert 400 < words[2] < 1500 < words[3] < 3000
    assert words[4] > 12_000


def test_a_context_is_kept_with_the_way() -> None:
    """And what an older version kept without one is still read."""
    way = Way(context_tokens=8192)
    old = dump_ways({"e m": Way()}).replace(b',\n  "context_tokens": 0', b"")

    assert load_ways(dump_ways({"e m": way})) == {"e m": way}
    assert b"context_tokens" not in old
    assert load_ways(old) == {"e m": Way()}


def test_sizes_are_read_from_words() -> None:
    """In their order, each as it is sent."""
    words = "size must be one of 1024x1024, 1536x1024 or 0x0"

    assert sizes_in(words) == ["1024x1024", "1536x1024"]
