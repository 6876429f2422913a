"""The settings: every key once, with its unit, range and default. `settings_file` reads them."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal, Self

from pydantic import Field, ModelWrapValidatorHandler, model_validator
from pydantic.fields import FieldInfo

from imaginized.settings.choices import NOTICE_EVENTS, GuideFormat, NoticeEvent, PdfLayout
from imaginized.settings.near import is_private
from imaginized.settings.section import Argument, HookUrl, Seconds, Section, Text
from imaginized.settings.vendors import (
    USES,
    VENDOR_SECTIONS,
    VENDORS,
    ImageProvider,
    Target,
    TextProvider,
    Use,
    Vendor,
    VendorSections,
)

BATCH_SIZES = MappingProxyType({"free": 3, "paid": 5})
MOST_WORKERS = 64
FAR_WORKERS = 8  # about 20 MB each; how many of them ask at once is the limiter's to say

Usd = Annotated[float, Field(ge=0, le=1_000_000)]


class Paths(Section):
    """Where things are. Relative paths in a file count from that file's folder; ~ is the home folder."""

    inbox: Path = Field(description="Folder to drop books into.")
    library: Path = Field(description="Folder the books and their guides live in; never inside the inbox.")
    profiles: Path = Field(
        description="Folder of files NAME.toml, each with your wishes for the books in the inbox's subfolder NAME."
    )
    exports: Path | None = Field(
        default=None,
        description="Where exports are copied to, for Calibre-Web, Komga or Kavita, such as "
        '"/srv/books/{author}/{title}"; the ending is added. Also {series}, {number}, {language}, {format} and {book}. '
        "Unset: they are in the book's folder alone.",
    )
    socket: Path = Field(
        description="Control socket, at most 107 bytes; in $XDG_RUNTIME_DIR/imaginized where that is set, "
        "else in ~/.local/state/imaginized for a user who may not write /run/imaginized. The client reads it, too."
    )


class Workers(Section):
    """How many chapters at once, and how long anything may take."""

    max_concurrency: int = Field(
        default=3,
        ge=1,
        le=MOST_WORKERS,
        description="Number of worker processes: how many chapters are in work at once. Default: 3; for paid, "
        "batch_size; for adaptive with an endpoint on the internet, 8, because waiting for a distant answer costs "
        "little.",
    )
    batch_size: int | None = Field(
        default=None,
        ge=1,
        le=1000,
        description="Chapters per batch. Default: 3 for free, 5 for paid; adaptive has no batches.",
    )
    rate_limit: Literal["free", "paid", "adaptive"] = Field(
        default="adaptive",
        description="Pacing: free and paid work in batches with pauses, adaptive as fast as the endpoint allows.",
    )
    chapter_timeout_seconds: Seconds = Field(
        default=300.0,
        description="How long a worker may be silent over a chapter. Then it is killed and the chapter is tried again.",
    )
    stale_after_seconds: Seconds = Field(
        default=600.0,
        description="How old a claim may get whose owner cannot be checked (on another host). Then it is given back.",
    )
    max_attempts: int = Field(
        default=3, ge=1, le=100, description="How many times a chapter is tried before it counts as failed."
    )
    lock_timeout_seconds: Seconds = Field(default=30.0, description="Longest wait for the lock of a book's manifest.")
    reap_interval_seconds: Seconds = Field(
        default=15.0, description="How often to look for claims whose owner is dead."
    )
    drain_seconds: Seconds = Field(
        default=60.0, description="How long workers may finish their step when the daemon stops."
    )
    recycle_after_tasks: int = Field(
        default=500,
        ge=1,
        le=1_000_000,
        description="How many chapters and steps a worker does before it is replaced by a new one.",
    )
    recycle_above_bytes: int = Field(
        default=1_000_000_000,
        ge=1_000_000,
        le=10**15,
        description="A worker that uses more memory than this after a chapter is replaced by a new one.",
    )

    @model_validator(mode="before")
    @classmethod
    def _follow_the_batch(cls, data: object) -> object:
        """A batch of `paid` is in work all at once, unless a person has set how many workers there are."""
        if not isinstance(data, dict) or data.get("rate_limit") != "paid" or "max_concurrency" in data:
            return data
        batch = data.get("batch_size")
        size = batch if isinstance(batch, int) and batch > 0 else BATCH_SIZES["paid"]
        return {**data, "max_concurrency": min(size, MOST_WORKERS)}

    @property
    def batch_chapters(self) -> int | None:
        """Chapters a batch; None means that there are no batches."""
        if self.rate_limit == "adaptive":
            return None
        return self.batch_size or BATCH_SIZES[self.rate_limit]


class Inbox(Section):
    """When a dropped file counts as whole."""

    settle_seconds: Seconds = Field(
        default=2.0, description="How long a file must stay unchanged before it is admitted."
    )
    reconcile_seconds: Seconds = Field(
        default=60.0, description="How often the inbox is scanned, in case an event was missed."
    )
    incomplete_timeout_seconds: Seconds = Field(
        default=3600.0, description="How long a file may stay incomplete. Then it is moved to .failed."
    )
    convert: bool = Field(
        default=False,
        description="Convert other formats with Calibre's ebook-convert, where that is installed.",
    )


class Disk(Section):
    """How full the disk may get."""

    min_free_bytes: int = Field(
        default=200_000_000,
        ge=0,
        le=1_000_000_000_000_000,
        description="With less free space than this, nothing new is taken or begun. Work resumes automatically once "
        "there is room.",
    )


class Reading(Section):
    """How strangers' files are read."""

    sandbox: Literal["required", "none"] = Field(
        default="required",
        description="required: no book is read on a machine that cannot keep its reader from other files, the network "
        "and other processes. none: books are read with whatever protection there is.",
    )
    doubtful: Literal["warn", "wait"] = Field(
        default="warn",
        description="A book whose division into chapters may be wrong. warn: status and the guide say so. wait: it is "
        "held before anything is paid for it, until `imaginizectl approve`.",
    )


class ProviderChoice(Section):
    """Which programs read the chapters and draw."""

    text: TextProvider = Field(
        default="builtin", description="What finds scenes, people, places and things; builtin needs no key."
    )
    image: ImageProvider = Field(
        default="builtin",
        description="What draws: builtin draws storyboard plates, openai asks an image model, none draws nothing.",
    )
    remote: bool = Field(
        default=True,
        description="Whether text of books may go to endpoints outside this machine and its own network; with false, "
        "settings that name one are refused.",
    )


class Guide(Section):
    """What the reader gets."""

    pages_per_image: int = Field(
        default=10, ge=1, le=1000, description="Pages per image. Every chapter gets at least one image."
    )
    profile: Text = Field(
        default="general",
        description="What to prefer when scenes are chosen: general, fantasy, mystery, nonfiction, play, poetry, "
        "children, history, or your own in openai.prompts.",
    )
    formats: tuple[GuideFormat, ...] = Field(
        default=("markdown", "html", "epub"),
        min_length=1,
        description="What is written into a book's folder. pdf needs the extra imaginized[pdf].",
    )
    epub_max_bytes: int = Field(
        default=45_000_000,
        ge=1_000_000,
        le=2_000_000_000,
        description="Largest illustrated EPUB; its pictures are made smaller to fit. E-readers and mail refuse "
        "larger files.",
    )
    pdf_layout: PdfLayout = Field(
        default="1x1", description="Rows and columns of pictures on a page of the PDF; 4x1 has the passage beside each."
    )

    ornaments: bool = Field(
        default=True,
        description="Whether chapters begin with an initial on a drawn ground and end with a small drawing of a "
        "thing in them. Both are drawn without a model.",
    )

    def scenes_wanted(self, pages: float) -> int:
        """How many scenes a chapter of so many pages gets: rounded, at least one."""
        return max(1, int(pages / self.pages_per_image + 0.5))


class Budget(Section):
    """What may be spent on endpoints that charge, in US dollars. Days are those of UTC."""

    max_usd_per_book: Usd = Field(
        default=10.0, description="The most that one book may cost. It then waits for `imaginizectl approve`."
    )
    max_usd_per_day: Usd = Field(
        default=20.0, description="The most that all books together may cost in a day. They then wait for the next day."
    )
    approve_above_usd: Usd = Field(
        default=2.0,
        description="A book that will likely cost more, or has cost more, waits for `imaginizectl approve`.",
    )
    price_file: Path | None = Field(
        default=None, description="Your own copy of the price table; default: the one that came with imaginized."
    )


class Logs(Section):
    """What the daemon says about itself."""

    level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least important level shown."
    )
    format: Literal["auto", "json", "text", "journal"] = Field(
        default="auto", description="auto: colours on a terminal, journal under systemd, else JSON lines."
    )


class Web(Section):
    """The page in the browser, served by `imaginized web`, which needs the extra imaginized[web]."""

    listen: str = Field(
        default="127.0.0.1:8765",
        pattern=r"^(/.{1,106}|(\[[0-9A-Fa-f:.]{2,45}\]|[0-9A-Za-z.-]{1,253}):[0-9]{1,5})$",
        description="Where it listens: address and port, or the path of a Unix socket for a proxy in front of it.",
    )
    allowed_hosts: tuple[Text, ...] = Field(
        default=(),
        max_length=50,
        description="Host names by which browsers may ask for it, besides those of this machine: as in the address, "
        "with the port if there is one.",
    )
    max_upload_bytes: int = Field(
        default=500_000_000, ge=1_000_000, le=10**12, description="Largest book that may be dropped onto it."
    )
    metrics: Literal["login", "open"] = Field(
        default="login",
        description="Who may read /metrics: login asks for a device's pass (`imaginizectl web-login --device`), open "
        "answers everybody who can reach the address.",
    )


class Hosts(Section):
    """Chapters done on other machines, by `imaginized host`, which needs the extra imaginized[hosts]."""

    engine: Literal["none", "celery"] = Field(
        default="none",
        description="What brings chapters to hosts: none does everything on this machine, celery uses a Redis server.",
    )
    broker_url_file: Path | None = Field(
        default=None, description="File with the URL of the Redis server, readable by its owner only."
    )
    key_file: Path | None = Field(
        default=None, description="File with the key that this machine and its hosts share: 64 hex digits."
    )
    text_slots: int = Field(
        default=8, ge=0, le=256, description="Most chapters read by hosts at once; 0: this machine reads them."
    )
    image_slots: int = Field(
        default=8,
        ge=0,
        le=256,
        description="Most chapters drawn by hosts at once; 0: this machine draws them. First pictures are always "
        "drawn by this machine.",
    )
    start_seconds: Seconds = Field(
        default=60.0,
        description="How long a chapter waits for a host to begin it. Then it is given back, and offered again.",
    )
    silence_seconds: Seconds = Field(
        default=30.0, description="How long a host may be silent. Then it is given up, and its chapter is tried again."
    )
    patience_seconds: Seconds = Field(
        default=60.0, description="How long a host waits for this machine, while it is restarted for example."
    )
    blobs: str = Field(
        default="",
        pattern=r"^$|^s3://[a-z0-9][a-z0-9.-]+(/\S*)?$|^file:///\S+$",
        description="Where pictures lie, sealed, on their way between hosts and this machine: s3://bucket/folder, or "
        "file:///folder for one that all of them share. Empty: they go through the Redis server.",
    )

    def slots(self, use: Use) -> int:
        """Most chapters at hosts at once, for a use."""
        if self.engine == "none":
            return 0
        return self.text_slots if use == "text" else self.image_slots


class Notify(Section):
    """Messages to you when a book is done or something needs a person. Each way that is set is used."""

    events: tuple[NoticeEvent, ...] = Field(
        default=NOTICE_EVENTS,
        description="The events that you get a message for. budget: 80 % of what a day or a book may cost is spent.",
    )
    webhook: HookUrl | None = Field(
        default=None,
        description="Address that gets each message as JSON by POST; https, or http in your own network.",
    )
    webhook_key_file: Path | None = Field(
        default=None,
        description="File with the key that signs what is posted (HMAC-SHA256), readable by its owner only.",
    )
    ntfy: HookUrl | None = Field(default=None, description="Topic of an ntfy server.")
    ntfy_token_file: Path | None = Field(
        default=None, description="File with its access token, readable by its owner only."
    )
    apprise_file: Path | None = Field(
        default=None,
        description="File with addresses of Apprise, one a line, readable by its owner only. Needs the extra "
        "imaginized[apprise].",
    )
    command: tuple[Argument, ...] = Field(
        default=(),
        max_length=50,
        description="Program with its arguments, run without a shell; it reads the message as JSON.",
    )
    timeout_seconds: float = Field(default=10.0, ge=0.1, le=60, description="How long one try may take.")
    digest_after: int = Field(
        default=5,
        ge=1,
        le=1000,
        description="How many messages may be sent one by one within digest_seconds. More are sent together as one.",
    )
    digest_seconds: Seconds = Field(
        default=300.0, description="The time that digest_after counts in, and that further messages wait."
    )

    @property
    def is_on(self) -> bool:
        """Whether anybody is told anything."""
        return bool(self.events and (self.webhook or self.ntfy or self.apprise_file or self.command))


class Metrics(Section):
    """Figures for a monitoring system, besides those that the page serves at /metrics."""

    textfile: Path | None = Field(
        default=None,
        description="File to write them to, for the textfile collector of Prometheus' node_exporter; its name ends in "
        ".prom.",
    )


class Settings(VendorSections):
    """All settings of one daemon."""

    paths: Paths
    workers: Workers = Workers()
    inbox: Inbox = Inbox()
    disk: Disk = Disk()
    reading: Reading = Reading()
    provider: ProviderChoice = ProviderChoice()
    guide: Guide = Guide()
    budget: Budget = Budget()
    logs: Logs = Logs()
    web: Web = Web()
    hosts: Hosts = Hosts()
    notify: Notify = Notify()
    metrics: Metrics = Metrics()

    @model_validator(mode="wrap")
    @classmethod
    def _follow_the_distance(cls, data: object, handler: ModelWrapValidatorHandler[Self]) -> Self:
        """More workers where each does little but wait, unless a person has set how many there are."""
        settings = handler(data)
        workers = settings.workers
        is_set = "max_concurrency" in workers.model_fields_set or workers.rate_limit != "adaptive"
        if is_set or all(map(is_private, asked_urls(settings))):
            return settings
        return settings.model_copy(update={"workers": workers.model_copy(update={"max_concurrency": FAR_WORKERS})})


def vendor_of(settings: Settings, use: Use) -> Vendor | None:
    """Who serves a use under these settings; None for nobody."""
    return VENDORS.get(settings.provider.text if use == "text" else settings.provider.image)


def target_of(settings: Settings, use: Use) -> Target | None:
    """What is asked for a use under these settings; None where no endpoint is."""
    vendor = vendor_of(settings, use)
    return vendor.asks(settings, use) if vendor and vendor.asks else None


def with_models(settings: Settings, *, text_model: str, image_model: str, image_quality: str) -> Settings:
    """The settings with other models of the same endpoints; "" leaves what is set."""
    image = {"model": image_model, "quality": image_quality}
    own = {name: value for name, value in image.items() if value}
    openai = settings.openai
    changes: dict[str, object] = {"image": openai.image.model_copy(update=own)} if own else {}
    if text_model:
        changes["text_model"] = text_model
    return settings.model_copy(update={"openai": openai.model_copy(update=changes)}) if changes else settings


def asked_urls(settings: Settings) -> frozenset[str]:
    """The endpoints that are asked under these settings."""
    targets = (target_of(settings, use) for use in USES)
    return frozenset(target.base_url.rstrip("/") for target in targets if target)


SECTIONS: Mapping[str, type[Section]] = MappingProxyType(
    {
        "paths": Paths,
        "workers": Workers,
        "inbox": Inbox,
        "disk": Disk,
        "reading": Reading,
        "provider": ProviderChoice,
        **VENDOR_SECTIONS,
        "guide": Guide,
        "budget": Budget,
        "logs": Logs,
        "web": Web,
        "hosts": Hosts,
        "notify": Notify,
        "metrics": Metrics,
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
