"""The illustrated EPUB: the original with each picture behind its passage, and not a byte of it changed beside that.

What goes in stands between comments that name the original's digest, or in files of its own: without both, every member
has the bytes it had. Books of other formats: `reflow`.
"""

import posixpath
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from hashlib import sha256
from html import escape
from urllib.parse import unquote

from imaginized.guide.adorning import adorn
from imaginized.guide.container import Added, Container, Member, UnfitBook
from imaginized.guide.insertion import (
    Insertion,
    NotThere,
    encryption_methods,
    find_spots,
    letters_of,
    marked,
    package_name,
    read_package,
)
from imaginized.guide.making import Making
from imaginized.guide.material import COVER_TYPES, Export, Material, Plate, plates_of
from imaginized.guide.navigation import Entry, in_nav, in_ncx
from imaginized.guide.notes import count
from imaginized.guide.pages import cast_page, colophon_page, figure, plates_page
from imaginized.guide.pictures import fitted
from imaginized.guide.reflow import reflowed_epub
from imaginized.guide.wording import words_for

_CONTAINER = "META-INF/container.xml"
_LICENCES = ("META-INF/license.lcpl", "META-INF/sinf.xml", "META-INF/rights.xml")
_FONTS_ONLY = frozenset(("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"))
_KEY_DIGITS = 12
_COVER_PROPERTY = ' properties="cover-image"'
_FIXED = "The pages of this book are laid out once for all, so that nothing was put into them."
_NO_PLACE = "The place of these pictures in the text could not be found."


def illustrated_epub(material: Material) -> Export:
    """The book with its pictures; where none can be made of it, why."""
    try:
        return _edition(material) if material.is_epub else reflowed_epub(material)
    except UnfitBook as error:
        return Export(data=None, remarks=(str(error),))


def _edition(material: Material) -> Export:
    plates = tuple(plates_of(material))
    if not plates:
        raise UnfitBook("there are no pictures for it")
    original = _read_original(material)
    container = Container(original)
    _refuse_protected(container)
    opf = _package_member(container)
    try:
        package = read_package(container.read(opf))
    except NotThere as error:
        raise UnfitBook(f"its package {opf.name} {error}") from error
    taken = len(original) + len((material.cover() or ("", b""))[1])
    pictures = fitted(plates, material=material, taken=taken)
    key = sha256(original).hexdigest()[:_KEY_DIGITS]
    folder = _free_folder(container, posixpath.dirname(opf.name))
    making = Making(key, posixpath.dirname(opf.name), folder, container, package, pictures)
    _place(plates, making=making)
    ornaments = adorn(material, making=making)
    facts = _facts(plates, making=making, signed=container.find("META-INF/signatures.xml") is not None)
    _add_pages(material, plates=plates, facts=facts, making=making, opf=opf, ornaments=ornaments)
    data = container.rebuilt(changed=making.changed(), added=tuple(making.added))
    over = () if len(data) <= material.most_bytes else (f"It has {len(data):,} bytes, more than guide.epub_max_bytes.",)
    return Export(data=data, remarks=(*pictures.remarks, *over, *facts[2:]))


def _read_original(material: Material) -> bytes:
    size = material.source.stat().st_size
    if size >= material.most_bytes:
        most = f"guide.epub_max_bytes is {material.most_bytes:,}"
        raise UnfitBook(f"the original alone has {size:,} bytes, and {most}; raise that")
    return material.source.read_bytes()


def _refuse_protected(container: Container) -> None:
    """Nothing is made of a book under DRM; fonts alone may be encrypted, and stay so."""
    for name in _LICENCES:
        if container.find(name) is not None:
            raise UnfitBook(f"it is protected by DRM ({name})")
    encryption = container.find("META-INF/encryption.xml")
    if encryption is None:
        return
    if set(encryption_methods(container.read(encryption))) - _FONTS_ONLY:
        raise UnfitBook("it is protected by DRM (more than its fonts is encrypted)")


def _package_member(container: Container) -> Member:
    """The package document; a book without a pointer to it has only one."""
    pointer = container.find(_CONTAINER)
    try:
        name = package_name(container.read(pointer)) if pointer else ""
    except NotThere:
        name = ""
    found = container.find(name) if name else None
    if found is None:
        raise UnfitBook("it does not say where its package is")
    return found


def _free_folder(container: Container, base: str) -> str:
    """A folder that the book does not have, beside its package."""
    names = [member.name.casefold() for member in container.members]
    lead = f"{base}/" if base else ""
    number = 1
    while True:
        folder = f"{lead}imaginized{'' if number == 1 else f'-{number}'}/"
        if not any(name.startswith(folder.casefold()) for name in names):
            return folder
        number += 1


def _place(plates: Iterable[Plate], *, making: Making) -> None:
    """Put each picture behind its paragraph, as far as it has a place."""
    by_file: defaultdict[str, list[Plate]] = defaultdict(list)
    for plate in plates:
        if plate.paragraph is None:
            making.unplaced.append(plate)
        else:
            by_file[plate.paragraph.file].append(plate)
    for file, here in by_file.items():
        member = making.container.find(file)
        if member is None or making.is_laid_out(member):
            making.unplaced += here
        else:
            _place_in(member, here, making=making)
    making.unplaced.sort(key=lambda plate: (plate.illustration.scene.chapter, plate.illustration.scene.number))


def _place_in(member: Member, plates: Iterable[Plate], *, making: Making) -> None:
    data = making.container.read(member)
    wanted: defaultdict[int, set[str]] = defaultdict(set)
    for plate in plates:
        if plate.paragraph:
            wanted[plate.paragraph.position].add(letters_of(plate.paragraph.text))
    try:
        spots = find_spots(data, wanted)
    except NotThere:
        making.unplaced += plates
        return
    for plate in plates:
        where = (plate.paragraph.position, letters_of(plate.paragraph.text)) if plate.paragraph else (-1, "")
        offset = spots.offsets.get(where)
        if offset is None:
            making.unplaced.append(plate)
            continue
        href = making.href(plate, seen_from=member.name)
        markup = figure(plate, href=href, is_epub_3=making.package.is_epub_3, prefix=spots.prefix)
        making.insertions[member.name].append(Insertion(offset, marked(markup, key=making.key)))


def _facts(plates: tuple[Plate, ...], *, making: Making, signed: bool) -> tuple[str, ...]:
    """What the colophon says first; from the third on, also what the guide says of the edition."""
    placed = len(plates) - len(making.unplaced)
    facts = [
        "This is the book as it came, to the last byte, with pictures added by imaginized: neither its author nor its "
        "publisher has anything to do with them. Everything that was added can be taken out again.",
        f"{count(placed, 'picture')} {'stands' if placed == 1 else 'stand'} behind the passage that it shows."
        if placed == 1
        else f"{count(placed, 'picture')} stand behind the passages that they show.",
    ]
    if making.unplaced:
        verb = "is" if len(making.unplaced) == 1 else "are"
        facts.append(f"{count(len(making.unplaced), 'picture')} {verb} on a page at the end. {_why_unplaced(making)}")
    if signed:
        facts.append("The digital signatures of the original do not hold for this edition.")
    return tuple(facts)


def _why_unplaced(making: Making) -> str:
    return _FIXED if making.package.is_fixed or making.package.fixed else _NO_PLACE


def _add_pages(
    material: Material,
    *,
    plates: tuple[Plate, ...],
    facts: tuple[str, ...],
    making: Making,
    opf: Member,
    ornaments: Mapping[str, bytes],
) -> None:
    """Add pictures and pages, and name them in the package and in the contents."""
    is_epub_3, lead = making.package.is_epub_3, making.folder
    words = words_for(material.guide.language)
    pages: dict[str, tuple[str, bytes]] = {}
    if making.unplaced:
        shown = [(plate, making.href(plate, seen_from=f"{lead}x")) for plate in making.unplaced]
        page = plates_page(shown, why=_why_unplaced(making), is_epub_3=is_epub_3, words=words)
        pages["plates.xhtml"] = (words("edition.pictures"), page)
    if material.guide.elements:
        pages["cast.xhtml"] = (words("edition.cast"), cast_page(material.guide, is_epub_3=is_epub_3))
    told = (*facts, *making.pictures.remarks)
    colophon = colophon_page(material.guide, facts=told, is_epub_3=is_epub_3)
    pages["colophon.xhtml"] = (words("edition.about"), colophon)
    pictures = {making.pictures.names[plate.label]: making.pictures.data[plate.label] for plate in plates}
    pictures |= ornaments
    making.added += [Added(lead + name, data) for name, (_, data) in pages.items()]
    making.added += [Added(lead + name, data, is_stored=True) for name, data in pictures.items()]
    covers = _declare_cover(making, opf=opf, cover=material.cover())
    types = {**dict.fromkeys(pages, "application/xhtml+xml"), **dict.fromkeys(pictures, "image/jpeg"), **covers}
    making.insertions[opf.name] += _named_in_package(types, spine=tuple(pages), making=making, opf=opf)
    _name_in_contents({name: title for name, (title, _) in pages.items()}, making=making, opf=opf)


def _declare_cover(making: Making, *, opf: Member, cover: tuple[str, bytes] | None) -> dict[str, str]:
    """Name the cover as EPUB 2 and as EPUB 3 do, where the original does only one; returns a copy's type by its name.

    An attribute of an item that is there cannot be put in between comments: what EPUB 3 needs is an item of our own.
    """
    package = making.package
    name, copies = package.cover_name or package.cover_item, dict[str, str]()
    suffix = cover[0] if cover else ""
    if package.is_epub_3 and not package.cover_item and cover and suffix in COVER_TYPES:
        copies[f"cover{suffix}"] = COVER_TYPES[suffix]
        making.added.append(Added(f"{making.folder}cover{suffix}", cover[1], is_stored=True))
        name = name or making.identifier("cover")
    if name and not package.cover_name and package.metadata_end >= 0:
        # Not as the elements around are spelled: an old package may have its metadata in another namespace.
        meta = f'<{package.prefix}meta name="cover" content="{escape(name)}"/>'
        making.insertions[opf.name].append(Insertion(package.metadata_end, marked(meta, key=making.key)))
    return copies


def _named_in_package(
    types: Mapping[str, str], *, spine: tuple[str, ...], making: Making, opf: Member
) -> tuple[Insertion, ...]:
    package = making.package
    items = "".join(
        f'<{package.prefix}item id="{making.identifier(name.partition(".")[0])}" '
        f'href="{making.link(name, seen_from=opf.name)}" media-type="{kind}"'
        f"{_COVER_PROPERTY if name.startswith('cover.') else ''}/>"
        for name, kind in types.items()
    )
    # In a book whose pages are laid out, one without a viewport has to say that it is not.
    flows = ' properties="rendition:layout-reflowable"' if package.is_fixed and package.is_epub_3 else ""
    order = "".join(
        f'<{package.prefix}itemref idref="{making.identifier(name.partition(".")[0])}"{flows}/>' for name in spine
    )
    return (
        Insertion(package.manifest_end, marked(items, key=making.key)),
        Insertion(package.spine_end, marked(order, key=making.key)),
    )


def _name_in_contents(titles: Mapping[str, str], *, making: Making, opf: Member) -> None:
    """Name our pages at the end of the contents, both of EPUB 3 and of EPUB 2, as far as the book has them."""
    base = posixpath.dirname(opf.name)
    for href, named in ((making.package.nav, in_nav), (making.package.ncx, in_ncx)):
        member = making.container.find(posixpath.normpath(posixpath.join(base, unquote(href)))) if href else None
        if member is None:
            continue
        entries = [Entry(title, making.link(name, seen_from=member.name)) for name, title in titles.items()]
        with suppress(NotThere):  # contents that cannot be read are left alone; the pages stand at the end in any case
            insertion = named(making.container.read(member), entries, key=making.key)
            making.insertions[member.name].append(insertion)
