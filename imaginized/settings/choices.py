"""The names that settings may choose by. Each is a row of a registry too, and a test holds the two together."""

from typing import Literal

TextProvider = Literal["builtin", "openai"]  # providers.registry
ImageProvider = Literal["builtin", "openai", "none"]  # providers.registry, or nobody
GuideFormat = Literal["markdown", "html"]  # guide.writers
