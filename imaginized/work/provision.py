"""Making the providers that the settings name, in the process that uses them; and which accounts they ask."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace

from imaginized.providers.api import Provider
from imaginized.providers.keys import Keys, account_of
from imaginized.providers.registry import Surroundings, make_provider
from imaginized.queue.manifest import Stage
from imaginized.settings.model import Settings, target_of, vendor_of
from imaginized.settings.vendors import Target, Use
from imaginized.stages.job import settings_for
from imaginized.story.sidecar_keys import BookRequest

MOST_OWN = 8  # clients for HTTP that a worker keeps for books with models of their own


def make_text(settings: Settings, *, around: Surroundings) -> Provider:
    """Who reads chapters."""
    vendor = vendor_of(settings, "text")
    assert vendor is not None, "the settings allow no other name"
    return make_provider(vendor, settings, "text", around=around)


def make_image(settings: Settings, *, around: Surroundings) -> Provider | None:
    """Who draws; None for nobody."""
    vendor = vendor_of(settings, "image")
    return make_provider(vendor, settings, "image", around=around) if vendor else None


class Providers:
    """Who reads and draws for a worker: those of the settings, and those of books that ask for models of their own."""

    def __init__(self, settings: Settings, *, around: Surroundings) -> None:
        """Make those of the settings."""
        self._settings = settings
        self._around = around
        self._own: OrderedDict[tuple[Use, Target], Provider] = OrderedDict()
        self.text, self.image = make_text(settings, around=around), make_image(settings, around=around)

    def of(self, request: BookRequest) -> tuple[Provider, Provider | None]:
        """Who reads and who draws for a book; None for nobody."""
        own = settings_for(request, self._settings)
        text = self._own_one("text", own) or self.text
        return text, self.image and (self._own_one("image", own) or self.image)

    def _own_one(self, use: Use, own: Settings) -> Provider | None:
        """A book's own provider; None where it has none."""
        target, usual = target_of(own, use), target_of(self._settings, use)
        if target is None or usual is None or target == usual:
            return None
        made = self._own.pop((use, target), None)
        if made is None:
            around = replace(self._around, is_for_book=target.model != usual.model)
            vendor = vendor_of(own, use)
            assert vendor is not None, "it has a target"
            made = make_provider(vendor, own, use, around=around)
        self._own[use, target] = made  # the last one that was used is the last one to go
        if len(self._own) > MOST_OWN:
            self._own.popitem(last=False)
        return made


def accounts_of(settings: Settings, *, keys: Keys) -> Mapping[Stage, str]:
    """The endpoint and account that each stage asks, where it asks one."""
    found = {"text": keys.text, "image": keys.image}
    asked = {stage: use for stage in Stage if (use := stage.traits.asks)}
    targets = {stage: target for stage, use in asked.items() if (target := target_of(settings, use))}
    return {stage: account_of(each.base_url.rstrip("/"), found[asked[stage]]) for stage, each in targets.items()}
