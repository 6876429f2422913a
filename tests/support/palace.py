"""The catalogue as OPDS 2.0, read by The Palace Project's parser: python palace.py ADDRESS PASSWORD WORDS.

It runs by itself, with the folder of the parser on its path: nothing of it is imported by our tests.
"""

import json
import sys
from typing import Any
from urllib.parse import urljoin

import requests
import uritemplate  # type: ignore[import-not-found]
from webpub_manifest_parser.opds2 import OPDS2FeedParserFactory  # type: ignore[import-not-found]


def main(address: str, password: str, words: str) -> None:
    """Prints what all pages have, what was found, and each fault that the parser names."""
    parser = OPDS2FeedParserFactory().create()
    faults: list[str] = []

    def feed(where: str) -> Any:
        answer = requests.get(urljoin(address, where), auth=("reader", password), timeout=30)
        answer.raise_for_status()
        parsed = parser.parse_json(answer.json())
        faults.extend(str(each) for each in parsed.errors)
        return parsed.root

    def link(found: Any, rel: str) -> str:
        return next((each.href for each in found.links if rel in each.rels), "")

    pages, where = [], "/opds/v2"
    while where:
        pages.append(feed(where))
        where = link(pages[-1], "next")
    found = feed(uritemplate.expand(link(pages[0], "search"), query=words))

    def books(one: Any) -> list[dict[str, object]]:
        return [
            {
                "title": str(each.metadata.title),
                "authors": [str(author.name) for author in each.metadata.authors or ()],
                "epub": link(each, "http://opds-spec.org/acquisition/open-access"),
                "cover": each.images.links[0].href if each.images and each.images.links else "",
            }
            for each in one.publications or ()
        ]

    total = pages[0].metadata.number_of_items
    told = {"pages": [books(each) for each in pages], "total": total, "found": books(found), "faults": faults}
    print(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
