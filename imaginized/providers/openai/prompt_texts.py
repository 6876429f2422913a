"""The texts that models are asked with, bundled or the user's own, before anything is filled in: see `prompting`.

Supervisor and intake check settings and sidecars by it before the daemon is ready: it imports little.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from string import Template

from imaginized.errors import SettingsError

TEXTS = ("system", "chapter", "again", "image", "softened")
PROFILES = ("general", "fantasy", "mystery", "nonfiction", "play", "poetry", "children", "history")
LONGEST_PROMPT_FILE_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompts:
    """The texts that models are asked with, `$names` still in them.

    Attributes:
        profile: What to prefer in this kind of book.
        profiles: The same for every kind there is, by name.
    """

    system: str
    chapter: str
    again: str
    image: str
    softened: str
    profile: str
    profiles: Mapping[str, str]

    def for_profile(self, name: str) -> "Prompts":
        """The texts for a book of that kind; these for a kind that has no text of its own."""
        return replace(self, profile=self.profiles.get(name, self.profile))

    @property
    def version(self) -> str:
        """Eight hex digits that change with any of the texts in use; what is told of other kinds of books is not."""
        texts = (self.system, self.chapter, self.again, self.image, self.softened, self.profile)
        return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:8]


def load_prompts(folder: Path | None, *, profile: str) -> Prompts:
    """The texts of the user's folder (`system.md`, `profiles/NAME.md` …), and the bundled ones where it has none.

    Raises:
        SettingsError: The folder or the profile is not there, or a text cannot be read or filled.
    """
    if folder is not None and not folder.is_dir():
        raise SettingsError(f"openai.prompts: there is no folder {folder}")
    texts = {name: _load(folder, f"{name}.md") for name in TEXTS}
    missing = [f"{name}.md" for name, text in texts.items() if text is None]
    own = (path.stem for path in sorted(folder.glob("profiles/*.md"))) if folder is not None else ()
    profiles = {name: (_load(folder, f"profiles/{name}.md") or "").strip() for name in (*PROFILES, *own)}
    if profile not in profiles:
        raise SettingsError(
            f"guide.profile: there is no profile {profile}; the bundled ones are {', '.join(PROFILES)}; "
            "your own goes into profiles/ in the folder that openai.prompts names"
        )
    if missing:
        raise FileNotFoundError(f"the installation lacks {', '.join(missing)}")
    return Prompts(**{name: text or "" for name, text in texts.items()}, profile=profiles[profile], profiles=profiles)


def _load(folder: Path | None, name: str) -> str | None:
    own = folder / name if folder is not None else None
    if own is None or not own.is_file():
        bundled = resources.files("imaginized.providers.openai") / "prompts" / name
        return bundled.read_text(encoding="utf-8") if bundled.is_file() else None
    try:
        with own.open("rb") as reading:
            text = reading.read(LONGEST_PROMPT_FILE_BYTES + 1).decode()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{own}: cannot be read as text: {error}") from error
    if len(text) > LONGEST_PROMPT_FILE_BYTES or not Template(text).is_valid():
        raise SettingsError(f"{own}: too long, or a $ in it starts no name; write $$ for a dollar sign")
    return text
