"""An illustrated EPUB that grows: what goes into its members, and what is added beside them."""

import posixpath
from collections import defaultdict
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from imaginized.guide.container import Added, Container, Member
from imaginized.guide.insertion import Insertion, Package, inserted
from imaginized.guide.material import Plate
from imaginized.guide.pictures import Pictures


@dataclass(slots=True)
class Making:
    """An edition that grows.

    Attributes:
        key: By which its insertions are told from those of others.
        base: The folder of the package, which its references start from.
        folder: Of what is added, inside the book; with "/" at its end, "" for the package's own.
        insertions: What goes into members, by their names.
        added: New members.
        unplaced: Pictures without a place in the text.
    """

    key: str
    base: str
    folder: str
    container: Container
    package: Package
    pictures: Pictures
    insertions: defaultdict[str, list[Insertion]] = field(default_factory=lambda: defaultdict(list))
    added: list[Added] = field(default_factory=list)
    unplaced: list[Plate] = field(default_factory=list)

    def href(self, plate: Plate, *, seen_from: str) -> str:
        """The reference to a picture from a member."""
        return self.link(self.pictures.names[plate.label], seen_from=seen_from)

    def link(self, name: str, *, seen_from: str) -> str:
        """The reference to a file of ours from a member."""
        return quote(posixpath.relpath(self.folder + name, posixpath.dirname(seen_from) or "."))

    def is_laid_out(self, member: Member) -> bool:
        """Whether the pages of a document are fixed once for all, so that nothing can go into them."""
        fixed, flowing = (
            {self._member_of(href) for href in each} for each in (self.package.fixed, self.package.flowing)
        )
        return member.name in fixed or (self.package.is_fixed and member.name not in flowing)

    def _member_of(self, href: str) -> str:
        return posixpath.normpath(posixpath.join(self.base, unquote(href)))

    def identifier(self, name: str) -> str:
        """Of an item of ours in the package."""
        return f"imaginized-{self.key}-{name}"

    def changed(self) -> dict[str, bytes]:
        """The new bytes of the members that something goes into."""
        members = {name: self.container.find(name) for name in self.insertions}
        return {
            name: inserted(self.container.read(member), self.insertions[name])
            for name, member in members.items()
            if member is not None
        }
