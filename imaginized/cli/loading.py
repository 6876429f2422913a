"""The settings with all the files that they name, for whoever runs a daemon or looks what it would run with."""

from collections.abc import Mapping
from pathlib import Path

from imaginized.money.pricelist import read_prices
from imaginized.notices.ways import check_ways
from imaginized.providers.keys import find_keys
from imaginized.providers.openai.prompt_texts import load_prompts
from imaginized.remote.broker import check_hosts
from imaginized.settings.file import load_settings
from imaginized.settings.model import Settings
from imaginized.settings.places import settings_file


def load_all(config: Path | None, *, environment: Mapping[str, str], log_format: str | None = None) -> Settings:
    """The settings, once all the files they name are read: what is wrong with these is said now, not by workers.

    Args:
        config: As given; None looks where `settings_file` does.
        environment: Variables.
        log_format: Goes before what the settings say.

    Raises:
        SettingsError: One of the files is wrong; lists every mistake.
    """
    file = settings_file(config, environment)
    settings = load_settings(file, environment=environment, overrides={"logs.format": log_format})
    read_prices(settings.budget.price_file)
    find_keys(settings, environment=environment)
    check_ways(settings.notify)
    load_prompts(settings.openai.prompts, profile=settings.guide.profile)
    check_hosts(settings)
    return settings


def settings_words(file: Path | None) -> str:
    """Which file that is, for a person."""
    return str(file) if file else "no file, so every key has its default"
