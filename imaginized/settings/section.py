"""What all sections of the settings are made of."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue

Seconds = Annotated[float, Field(ge=0.01, le=604_800)]
Text = Annotated[str, Field(pattern=r"^[^\s/\x00-\x1f][^\x00-\x1f]*$|^$", max_length=200)]
Free = Annotated[dict[str, JsonValue], Field(max_length=40)]
Url = Annotated[str, Field(pattern=r"^https?://[^\s/?#@]+[^\s?#@]*$", max_length=500)]

Argument = Annotated[str, Field(pattern=r"^[^\x00]*$", max_length=4096)]
HookUrl = Annotated[str, Field(pattern=r"^https?://[^\s/?#@]+(/[^\s#]*)?$", max_length=2000)]


class Section(BaseModel):
    """What all sections share: no unknown keys, no conversions, no changes."""

    # Deferred: whoever is handed settings, as workers are, checks none.
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)
