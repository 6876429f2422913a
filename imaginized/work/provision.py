"""Making the providers that the settings name, in the process that uses them; and which accounts they ask."""

from collections.abc import Mapping

from imaginized.providers.api import Provider
from imaginized.providers.keys import Keys
from imaginized.providers.openai.calling import Endpoint
from imaginized.providers.registry import Surroundings, vendor_of
from imaginized.queue.manifest import Stage
from imaginized.settings.model import Settings


def make_text(settings: Settings, *, around: Surroundings) -> Provider:
    """Who reads chapters."""
    vendor = vendor_of(settings, "text")
    assert vendor is not None, "the settings allow no other name"
    return vendor.make(settings, "text", around)


def make_image(settings: Settings, *, around: Surroundings) -> Provider | None:
    """Who draws; None for nobody."""
    vendor = vendor_of(settings, "image")
    return vendor.make(settings, "image", around) if vendor else None


def accounts_of(settings: Settings, *, keys: Keys) -> Mapping[Stage, str]:
    """The endpoint and account that each stage asks, where it asks one."""
    provider, openai = settings.provider, settings.openai
    text = Endpoint(base_url=_bare(openai.base_url), model="", key=keys.text)
    image = Endpoint(base_url=_bare(openai.image.base_url or openai.base_url), model="", key=keys.image)
    asked = {"text": (provider.text, text), "image": (provider.image, image)}
    stages = ((stage, asked[stage.traits.asks]) for stage in Stage if stage.traits.asks)
    return {stage: endpoint.account for stage, (who, endpoint) in stages if who == "openai"}


def _bare(base_url: str) -> str:
    return base_url.rstrip("/")
