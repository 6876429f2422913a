"""Who is paid under the settings; apart from the till, for those who load little."""

from imaginized.money.estimating import Model, Models
from imaginized.settings.model import Settings, target_of
from imaginized.settings.vendors import USES, VENDORS, Use


def models_of(settings: Settings) -> Models:
    """Who will be paid under these settings."""
    text, image = (_paid_model(settings, use) for use in USES)
    return Models(text=text, image=image, draws=settings.provider.image != "none")


def _paid_model(settings: Settings, use: Use) -> Model | None:
    target = target_of(settings, use)
    if target is None or not VENDORS[target.vendor].costs:
        return None
    return Model(name=target.model, endpoint=target.base_url, size=target.image_size, quality=target.image_quality)
