"""What the scripts of a page are given, as JSON in the page: never seen, and read only for what may be shown. Pure."""

from imaginized.guide.dating import called, owner_by_name, undated
from imaginized.guide.escaping import fold
from imaginized.guide.model import Guide
from imaginized.guide.page_plan import INDEX, Links
from imaginized.guide.wording import Words

_SHOWN = 90
_PHRASES = (
    "chapter.n", "chapter.lower", "chapters.lower", "named.one", "named.other", "reading.said", "reading.said_last",
    "reading.shown", "reading.change", "reading.ask", "reading.ask_yes", "reading.ask_no", "find.none",
    "find.found_one", "find.found_other", "find.more", "meet.pair", "meet.nobody", "meet.where", "to_light", "to_dark",
    "scene.at",
)  # fmt: skip


def data_of(guide: Guide, *, words: Words, links: Links) -> dict[str, object]:
    """What every page needs: how many chapters there are, where they begin, and the words of the scripts."""
    return {
        "all": links.shows_all,
        "last": guide.chapters[-1].number if guide.chapters else 1,
        "front": links.to(INDEX),
        "pages": [chapter.page for chapter in guide.chapters],
        "numbers": [chapter.number for chapter in guide.chapters],
        "end": guide.pages,
        "digits": words.phrases["digits"],
        "words": {key: words.phrases[key] for key in _PHRASES},
    }


def page_data(guide: Guide, *, links: Links) -> dict[str, object]:
    """What the first page can search and draw."""
    known = guide.known or tuple(map(undated, guide.elements))
    names = owner_by_name(guide.elements)
    elements = [
        {
            "type": str(element.type),
            "to": links.card(index),
            "names": [[fold(name), since] for name, since in one.names.items()],
            "counts": list(map(list, one.counts.items())),
            "near": [[other, list(map(list, by.items()))] for other, by in one.near.items() if other > index],
        }
        for index, (element, one) in enumerate(zip(guide.elements, known, strict=True))
    ]
    scenes = []
    for chapter in guide.chapters:
        for plate in chapter.illustrations:
            scene = plate.scene
            present = [
                names[name]
                for name in scene.elements
                if name in names and called(known[names[name]], chapter=chapter.number)
            ]
            said = fold(scene.quote.text)[:_SHOWN]
            scenes.append([chapter.number, scene.number, said, sorted(set(present)), scene.pages[0]])
    return {"elements": elements, "scenes": scenes}
