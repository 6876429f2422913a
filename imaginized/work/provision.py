"""Making the providers that the settings name, in the process that uses them; and which accounts they ask."""

from collections.abc import Mapping

from imaginized.providers.api import Provider
from imaginized.providers.keys import Keys, account_of
from imaginized.providers.registry import Surroundings, make_provider
from imaginized.queue.manifest import Stage
from imaginized.settings.model import Settings, target_of, vendor_of


def make_text(settings: Settings, *, around: Surroundings) -> Provider:
    """Who reads chapters."""
    vendor = vendor_of(settings, "text")
    assert vendor is not None, "the settings allow no other name"
    return make_provider(vendor, settings, "text", around=around)


def make_image(settings: Settings, *, around: Surroundings) -> Provider | None:
    """Who draws; None for nobody."""
    vendor = vendor_of(settings, "image")
    return make_provider(vendor, settings, "image", around=around) if vendor else None


def accounts_of(settings: Settings, *, keys: Keys) -> Mapping[Stage, str]:
    """The endpoint and account that each stage asks, where it asks one."""
    found = {"text": keys.text, "image": keys.image}
    asked = {stage: use for stage in Stage if (use := stage.traits.asks)}
    targets = {stage: target for stage, use in asked.items() if (target := target_of(settings, use))}
    return {stage: account_of(each.base_url.rstrip("/"), found[asked[stage]]) for stage, each in targets.items()}
