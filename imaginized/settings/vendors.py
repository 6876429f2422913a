"""The providers by name: their sections of the settings, what they ask and where their keys are. Pure; see `providers`.

A new one is its name in the two lists, a row, a module in `providers/` with a function `make`, and, where it asks an
endpoint, its section here and in config/imaginized.toml. See docs/adding-a-provider.md.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal, get_args

from pydantic import Field

from imaginized.settings.section import Free, Seconds, Section, Text, Url

TextProvider = Literal["builtin", "openai"]
ImageProvider = Literal["builtin", "openai", "none"]
Use = Literal["text", "image"]
USES: tuple[Use, ...] = get_args(Use)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A model and where it is asked, as the settings say.

    Attributes:
        vendor: Name of the provider that asks, and of its section.
        model: As the endpoint names it; "" where none is set, which is refused.
        image_size: As the endpoint names it; "" leaves it to the endpoint.
        image_quality: Likewise.
        key_file: With its key, where the settings name one.
    """

    vendor: str
    base_url: str
    model: str
    image_size: str = ""
    image_quality: str = ""
    key_file: Path | None = None


class OpenAIImage(Section):
    """The endpoint for images, where it is another one or is asked in another way."""

    base_url: Url | None = Field(default=None, description="Endpoint for images; default: the one for text.")
    api_key_file: Path | None = Field(
        default=None,
        description="File with its key; default: the key of the text endpoint, if both have the same scheme, host "
        "and port.",
    )
    model: Text = Field(default="", description="Image model; overrides openai.image_model.")
    quality: Text = Field(
        default="", description='Image quality, as the endpoint names it ("high"); empty: its own default.'
    )
    seed: int | None = Field(
        default=None, ge=0, le=2**32 - 1, description="Seed for models that take one; default: none is sent."
    )
    negative_prompt: Text = Field(
        default="", description="What not to draw, for models that take that; empty: nothing."
    )
    extra: Free = Field(default={}, description="Further parameters of image requests that your endpoint knows.")


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
        "or IMAGINIZED_OPENAI_API_KEY or OPENAI_API_KEY of the environment.",
    )
    reasoning_effort: Text = Field(
        default="",
        description='How long text models think ("low", "none"), if they can be told; empty: their own default.',
    )
    extra: Free = Field(default={}, description="Further parameters of text requests that your endpoint knows.")
    prompts: Path | None = Field(default=None, description="Folder with prompts of your own (system.md ...).")
    part_words: int = Field(
        default=12_000, ge=500, le=1_000_000, description="Chapters longer than this are sent in overlapping parts."
    )
    requests_per_minute: int | None = Field(
        default=None, ge=1, le=1_000_000, description="Most requests a minute; default: what the endpoint says."
    )
    tokens_per_minute: int | None = Field(
        default=None, ge=1, le=1_000_000_000, description="Most tokens a minute; default: what the endpoint says."
    )
    requests_per_day: int | None = Field(
        default=None, ge=1, le=1_000_000_000, description="Most requests a day (UTC); default: no limit."
    )
    timeout_seconds: Seconds = Field(default=180.0, description="Longest time without a byte from the endpoint.")
    retry_seconds: Seconds = Field(
        default=1.0, description="Longest pause before the first retry of a request; doubles with each."
    )
    unreachable_retry_seconds: Seconds = Field(
        default=30.0,
        description="How often an endpoint that cannot be reached is tried again. One worker does that with one "
        "request; the others do other work meanwhile.",
    )
    image: OpenAIImage = OpenAIImage()

    @property
    def drawing_model(self) -> str:
        """The model that draws; empty if none is set."""
        return self.image.model or self.image_model

    def parameters(self, use: Use) -> Mapping[str, object]:
        """What is sent along with each request because a person set it; what is not set is not sent."""
        if use == "text":
            told: dict[str, object] = {"reasoning_effort": self.reasoning_effort}
            return {**self.extra, **{name: value for name, value in told.items() if value}}
        image = self.image
        told = {"quality": image.quality, "negative_prompt": image.negative_prompt}
        seed = {} if image.seed is None else {"seed": image.seed}
        return {**image.extra, **{name: value for name, value in told.items() if value}, **seed}

    def target(self, use: Use) -> Target:
        """What it is asked for."""
        if use == "text":
            return Target(vendor="openai", base_url=self.base_url, model=self.text_model, key_file=self.api_key_file)
        return Target(
            vendor="openai",
            base_url=self.image.base_url or self.base_url,
            model=self.drawing_model,
            image_size=self.image_size,
            image_quality=self.image.quality,
            key_file=self.image.api_key_file,
        )


class VendorSections(Section):
    """The sections of all providers that ask an endpoint, each by the provider's name."""

    openai: OpenAI = OpenAI()


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """One provider.

    Attributes:
        name: As in `provider.text` and `provider.image`, and of its section.
        module: Where its `make` is, below `imaginized.providers`. A name, no import: that room is above this one, and
            some take seconds to import.
        asks: What it asks for a use; None where it asks no endpoint and needs no key.
        costs: Whether what it asks may charge, so that a book is estimated and held at the budget.
        takes_names: Whether it is told the names of chapters that are read already. One that counts words is not: it
            must find the same whichever chapter is read first.
    """

    name: str
    module: str
    asks: Callable[[VendorSections, Use], Target] | None = None
    costs: bool = False
    takes_names: bool = False

    def credential(self, use: Use) -> str:
        """Name of systemd's credential with its key."""
        return f"{self.name}_api_key" if use == "text" else f"{self.name}_image_api_key"

    def key_variables(self, use: Use) -> tuple[str, ...]:
        """The environment's variables that its key may be in, first ones first."""
        name = self.credential(use).upper()
        return (f"IMAGINIZED_{name}", name) if use == "text" else (f"IMAGINIZED_{name}",)


_ROWS = (
    Vendor(name="builtin", module="builtin.provider"),
    Vendor(
        name="openai",
        module="openai.making",
        asks=lambda them, use: them.openai.target(use),
        costs=True,
        takes_names=True,
    ),
)
VENDORS: Mapping[str, Vendor] = MappingProxyType({vendor.name: vendor for vendor in _ROWS})


def _sections(kind: type[Section], *, within: str = "") -> Iterator[tuple[str, type[Section]]]:
    for name, field in kind.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, Section):
            yield f"{within}{name}", field.annotation
            yield from _sections(field.annotation, within=f"{within}{name}.")


VENDOR_SECTIONS: Mapping[str, type[Section]] = MappingProxyType(dict(_sections(VendorSections)))
