"""What a reader does on the first evening: logs in, drops a book, watches it, reads its guide, fetches it by OPDS."""

import base64
import zipfile
from io import BytesIO
from pathlib import Path

from tests.support.browsing import Session, Step, browse

LOGGED_IN = ("until", "location.pathname === '/'")
BROKEN = "[...document.images].filter((each) => each.currentSrc && each.complete && !each.naturalWidth).length"
PATIENCE_MS = 60_000  # for a book to be done; the page itself answers sooner
# As a reading app: by the password alone, from the feed to the file.
FETCH = """(async () => {
  const ask = (where) => fetch(where, {credentials: "omit", headers: {authorization: "Basic " + btoa("app:%s")}});
  const feed = new DOMParser().parseFromString(await (await ask("/opds")).text(), "application/xml");
  const link = feed.querySelector("entry link[rel='http://opds-spec.org/acquisition/open-access']");
  const data = new Uint8Array(await (await ask(link.getAttribute("href"))).arrayBuffer());
  let text = "";
  for (let at = 0; at < data.length; at += 30000) text += String.fromCharCode(...data.subarray(at, at + 30000));
  return btoa(text);
})()"""


def an_evening(ticket: str, sent: Path, *, title: str, password: str, within: tuple[str, ...] = ()) -> list[str]:
    """Spend it in a real browser; returns the names in the EPUB that was fetched at its end.

    Args:
        ticket: The address that `web-login` printed.
        sent: The book to drop.
        title: Of that.
        password: Of a device.
        within: What the browser is started by, such as in another network.
    """
    shelf = ticket.partition("#")[0]
    steps: tuple[Step, ...] = (
        ("goto", ticket),
        LOGGED_IN,
        ("choose", "#file", [str(sent)]),
        ("click", "#drop button"),
        ("until", "document.getElementById('sending').innerText.includes('is in the inbox')", PATIENCE_MS),
        # Nobody reloads: the stream tells.
        ("until", "document.querySelectorAll('.card').length === 1", PATIENCE_MS),
        ("until", "document.querySelector('.card .words').innerText === 'Done'", PATIENCE_MS),
        ("until", "[...document.querySelectorAll('.card a')].some((each) => each.href.endsWith('/read'))"),
        ("click", ".card a[href$='/read']"),
        ("until", f"document.title.includes({title!r})"),
        ("eval", BROKEN),
        ("eval", "self.origin"),
        ("goto", shelf),  # from a guide, which has no origin: by the login page, that goes on by itself
        ("until", "location.pathname === '/' && document.querySelector('.card') !== null"),
        ("eval", FETCH % password),
    )
    (seen,) = browse(Session(steps=steps, origin=True), within=within)

    assert seen.faults == ()
    assert seen.found[-5:-3] == (0, "null")
    return zipfile.ZipFile(BytesIO(base64.b64decode(str(seen.found[-1])))).namelist()
