"""The settings: every key once, with its unit, range and default. `settings_file` reads them."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

from imaginized.settings.choices import GuideFormat, ImageProvider, TextProvider

BATCH_SIZES = MappingProxyType({"free": 3, "paid": 5})

Seconds = Annotated[float, Field(ge=0.01, le=604_800)]
Usd = Annotated[float, Field(ge=0, le=1_000_000)]
Text = Annotated[str, Field(pattern=r"^[^\s/\x00-\x1f][^\x00-\x1f]*$|^$", max_length=200)]
Url = Annotated[str, Field(pattern=r"^https?://[^\s/?#@]+[^\s?#@]*$", max_length=500)]


class Section(BaseModel):
    """What all sections share: no unknown keys, no conversions, no changes."""

    # Deferred: whoever is handed settings, as workers are, checks none.
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)


class Paths(Section):
    """Where things are. Relative paths in a file count from that file's folder; ~ is the home folder."""

    inbox: Path = Field(description="Folder to drop books into.")
    library: Path = Field(description="Folder the books and their guides live in; never inside the inbox.")
    profiles: Path = Field(
        description="Folder of NAME.toml files: what is asked for books dropped into the inbox's subfolder NAME."
    )
    socket: Path = Field(
        description="Control socket, at most 107 bytes; in $XDG_RUNTIME_DIR/imaginized where that is set, "
        "else in ~/.local/state/imaginized for a user who may not write /run/imaginized. The client reads it, too."
    )


class Workers(Section):
    """How many chapters at once, and how long anything may take."""

    max_concurrency: int = Field(default=3, ge=1, le=64, description="Worker processes: chapters in work at once.")
    batch_size: int | None = Field(
        default=None,
        ge=1,
        le=1000,
        description="Chapters a batch; unset: 3 with free, 5 with paid. adaptive has no batches.",
    )
    rate_limit: Literal["free", "paid", "adaptive"] = Field(
        default="adaptive",
        description="Pacing: free and paid work in batches with pauses, adaptive as fast as the endpoint lets.",
    )
    chapter_timeout_seconds: Seconds = Field(
        default=300.0,
        description="A worker that is silent for so long over a chapter is killed and the chapter tried again.",
    )
    stale_after_seconds: Seconds = Field(
        default=600.0, description="A claim whose owner cannot be checked (another host's) is given back after so long."
    )
    max_attempts: int = Field(default=3, ge=1, le=100, description="Tries a chapter gets before it counts as failed.")
    lock_timeout_seconds: Seconds = Field(default=30.0, description="Longest wait for the lock of a book's manifest.")
    reap_interval_seconds: Seconds = Field(
        default=15.0, description="How often to look for claims whose owner is dead."
    )
    drain_seconds: Seconds = Field(
        default=60.0, description="How long workers may finish their step when the daemon stops."
    )
    recycle_after_tasks: int = Field(
        default=500, ge=1, le=1_000_000, description="Chapters and steps after which a worker is replaced by a new one."
    )
    recycle_above_bytes: int = Field(
        default=1_000_000_000,
        ge=1_000_000,
        le=10**15,
        description="A worker that takes more memory than this at the end of a chapter is replaced by a new one.",
    )

    @property
    def batch_chapters(self) -> int | None:
        """Chapters a batch; None means that there are no batches."""
        if self.rate_limit == "adaptive":
            return None
        return self.batch_size or BATCH_SIZES[self.rate_limit]


class Inbox(Section):
    """When a dropped file counts as whole."""

    settle_seconds: Seconds = Field(
        default=2.0, description="A file must be unchanged for so long before it is admitted."
    )
    reconcile_seconds: Seconds = Field(
        default=60.0, description="How often the inbox is read anew, in case an event was missed."
    )
    incomplete_timeout_seconds: Seconds = Field(
        default=3600.0, description="A file that stays incomplete for so long is set aside as failed."
    )
    convert: bool = Field(
        default=False,
        description="Have Calibre's ebook-convert, where it is installed, convert what is not read otherwise.",
    )


class Disk(Section):
    """How full the disk may get."""

    min_free_bytes: int = Field(
        default=200_000_000,
        ge=0,
        le=1_000_000_000_000_000,
        description="With less free space than this nothing new is taken or begun; it goes on by itself.",
    )


class Reading(Section):
    """How strangers' files are read."""

    sandbox: Literal["required", "none"] = Field(
        default="required",
        description="required: no book is read on a machine that cannot keep its reader from other files, the network "
        "and other processes. none: it is read with what protection there is.",
    )


class ProviderChoice(Section):
    """Who reads the chapters and who draws."""

    text: TextProvider = Field(default="builtin", description="Who picks scenes and elements; builtin needs no key.")
    image: ImageProvider = Field(
        default="builtin", description="Who draws: builtin storyboard plates, an image model, or none."
    )


class OpenAIImage(Section):
    """Where images come from, if not from the same endpoint as text."""

    base_url: Url | None = Field(default=None, description="Endpoint for images; unset: the one for text.")
    api_key_file: Path | None = Field(default=None, description="Its key; unset: the other one's, if of the same host.")
    model: Text = Field(default="", description="Image model; the same as openai.image_model, which it goes before.")


class OpenAI(Section):
    """An OpenAI-compatible endpoint, for provider.text or provider.image = "openai"."""

    base_url: Url = Field(
        default="https://api.openai.com/v1", description="Where it is; a local one is http://localhost:11434/v1."
    )
    text_model: Text = Field(default="", description="Model that reads chapters, as the endpoint names it.")
    image_model: Text = Field(default="", description="Model that draws, as the endpoint names it.")
    image_size: Text = Field(default="1536x1024", description="Size of images; empty leaves it to the endpoint.")
    api_key_file: Path | None = Field(
        default=None,
        description="File with the key, readable by its owner only; unset: systemd's credential openai_api_key, "
        "or the environment's OPENAI_API_KEY.",
    )
    prompts: Path | None = Field(default=None, description="Folder with prompts of your own (system.md ...).")
    part_words: int = Field(
        default=12_000, ge=500, le=1_000_000, description="Longer chapters are asked about in overlapping parts."
    )
    requests_per_minute: int | None = Field(
        default=None, ge=1, le=1_000_000, description="Most requests a minute; unset: what the endpoint says."
    )
    tokens_per_minute: int | None = Field(
        default=None, ge=1, le=1_000_000_000, description="Most tokens a minute; unset: what the endpoint says."
    )
    requests_per_day: int | None = Field(
        default=None, ge=1, le=1_000_000_000, description="Most requests a day (UTC); unset: no limit."
    )
    timeout_seconds: Seconds = Field(default=180.0, description="Longest time without a byte from the endpoint.")
    retry_seconds: Seconds = Field(
        default=1.0, description="Longest pause before the first retry of a request; doubles with each."
    )
    unreachable_retry_seconds: Seconds = Field(
        default=30.0,
        description="How often an endpoint that cannot be reached is tried again, by one request of one worker; the "
        "others do other work meanwhile.",
    )
    image: OpenAIImage = OpenAIImage()

    @property
    def drawing_model(self) -> str:
        """The model that draws; empty if none is set."""
        return self.image.model or self.image_model


class Guide(Section):
    """What the reader gets."""

    pages_per_image: int = Field(
        default=10, ge=1, le=1000, description="One image for so many pages; every chapter gets one."
    )
    profile: Text = Field(
        default="general",
        description="What to prefer when scenes are chosen: general, fantasy, mystery, nonfiction, or your own in "
        "openai.prompts.",
    )
    formats: tuple[GuideFormat, ...] = Field(
        default=("markdown", "html"), min_length=1, description="What is written into a book's folder."
    )

    def scenes_wanted(self, pages: float) -> int:
        """How many scenes a chapter of so many pages gets: rounded, at least one."""
        return max(1, int(pages / self.pages_per_image + 0.5))


class Budget(Section):
    """What may be spent on endpoints that charge, in US dollars. Days are those of UTC."""

    max_usd_per_book: Usd = Field(
        default=10.0, description="Most that one book may cost; at that it waits for `imaginizectl approve`."
    )
    max_usd_per_day: Usd = Field(
        default=20.0, description="Most that all books together may cost in a day; at that they wait for the next day."
    )
    approve_above_usd: Usd = Field(
        default=2.0,
        description="A book that will likely cost more, or has cost more, waits for `imaginizectl approve`.",
    )
    price_file: Path | None = Field(
        default=None, description="Your own copy of the price table; unset: the one that came with imaginized."
    )


class Logs(Section):
    """What the daemon says about itself."""

    level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least important level shown."
    )
    format: Literal["auto", "json", "text", "journal"] = Field(
        default="auto", description="auto: colours on a terminal, journal under systemd, else JSON lines."
    )


class Settings(Section):
    """All settings of one daemon."""

    paths: Paths
    workers: Workers = Workers()
    inbox: Inbox = Inbox()
    disk: Disk = Disk()
    reading: Reading = Reading()
    provider: ProviderChoice = ProviderChoice()
    openai: OpenAI = OpenAI()
    guide: Guide = Guide()
    budget: Budget = Budget()
    logs: Logs = Logs()


def asked_urls(settings: Settings) -> frozenset[str]:
    """The endpoints that are asked under these settings."""
    openai = settings.openai
    text = {openai.base_url} if settings.provider.text == "openai" else set()
    image = {openai.image.base_url or openai.base_url} if settings.provider.image == "openai" else set()
    return frozenset(url.rstrip("/") for url in text | image)


SECTIONS: Mapping[str, type[Section]] = MappingProxyType(
    {
        "paths": Paths,
        "workers": Workers,
        "inbox": Inbox,
        "disk": Disk,
        "reading": Reading,
        "provider": ProviderChoice,
        "openai": OpenAI,
        "openai.image": OpenAIImage,
        "guide": Guide,
        "budget": Budget,
        "logs": Logs,
    }
)
KEYS: Mapping[str, FieldInfo] = MappingProxyType(
    {
        key: field
        for section, kind in SECTIONS.items()
        for name, field in kind.model_fields.items()
        if (key := f"{section}.{name}") not in SECTIONS
    }
)
