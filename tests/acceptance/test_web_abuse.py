"""The page against those who break rules: what one of them sends harms neither the page nor those who keep to them."""

import json
import os
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from imaginized.web.passes import load_door
from tests.acceptance.test_inbox_failures import mounted
from tests.support.browsing import NEEDS_BROWSER, Session, browse
from tests.support.clients import ctl
from tests.support.daemons import daemon_in
from tests.support.waiting import eventually
from tests.support.webs import Web, a_page, served

SVG = "<svg xmlns='http://www.w3.org/2000/svg' width='2' height='3'><script>alert(1)</script></svg>"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    with a_page(tmp_path_factory.mktemp("web")) as web:
        web.log_in()
        yield web


@pytest.fixture
def book(page: Web) -> str:
    return str(page.daemon.books()[0]["book"])


def guide(page: Web, book: str) -> str:
    return page.get(f"/books/{book}/read").headers["location"].rpartition("/")[0]


def answered(page: Web, data: bytes) -> bytes:
    """The first line of the answer to bytes that no client would send."""
    with socket.create_connection(("127.0.0.1", page.port), timeout=30) as raw:
        raw.sendall(data)
        return raw.recv(4000)


@pytest.mark.parametrize(
    "others",
    ['prefs={"a":1}; {}', 'x="; {}', "é=1; {}", "[x]=1; {}", "a b=c; {}", '{}; y={"q": "z, w"}', "{name}=bad; {}"],
)
def test_the_cookies_of_other_programs_log_nobody_out(page: Web, others: str) -> None:
    """Cookies do not know ports: those of every program on this machine come with ours."""
    name = page.cookie.partition("=")[0]
    for cookie in (others.replace("{name}", name).replace("{}", page.cookie), f"{page.cookie}; {name}=bad"):
        assert page.get("/api/v1/status", Cookie=cookie).status == 200


@pytest.mark.parametrize("origin", ["http://[", "http://evil@{}", "{}", "http://{}/", "http://{}.evil.example", "://"])
def test_an_odd_origin_is_another_site(page: Web, origin: str) -> None:
    assert page.post("/daemon/pause", Origin=origin.replace("{}", page.host)).status == 403


@pytest.mark.parametrize("path", ["/?page=", "/opds?page=", "/opds/v2?page="])
@pytest.mark.parametrize("number", ["9" * 5000, "0", "-1", "", "x"])
def test_an_odd_number_of_a_page_is_the_first(page: Web, path: str, number: str) -> None:
    assert page.get(f"{path}{number}").status == 200


@pytest.mark.parametrize("body", [b"[" * 90_000, b'{"a":' * 15_000, b"\xff", b'{"book":' + b"9" * 9000 + b"}"])
def test_a_body_that_cannot_be_read_is_refused_in_words(page: Web, body: bytes) -> None:
    own = {"Origin": f"http://{page.host}", "Content_Type": "application/json"}
    found = page.ask("POST", "/api/v1/rename", body, **own)

    assert found.status == 400
    assert "JSON" in str(found.json()["error"])


def test_a_form_of_too_many_fields_is_refused_in_words_and_one_of_many_is_not(page: Web, book: str) -> None:
    own = {"Origin": f"http://{page.host}", "Accept": "application/json"}
    many = page.ask("POST", f"/books/{book}/nothing", b"rows=1&" * 900, **own)
    found = [page.ask("POST", f"/books/{book}/divide", b"rows=1&" * number, **own) for number in (900, 6000)]

    assert many.status == 404
    assert [each.status for each in found] == [400, 400]
    assert "at most 500" in found[0].text  # it was read: so says the daemon
    assert "5000 fields" in found[1].text


def test_a_request_with_two_lengths_is_refused_and_what_follows_is_not_read(page: Web) -> None:
    head = f"POST /daemon/scan HTTP/1.1\r\nHost: {page.host}\r\nCookie: {page.cookie}\r\nOrigin: http://{page.host}\r\n"
    more = f"0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: {page.host}\r\n\r\n"
    lengths = "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"

    found = answered(page, f"{head}{lengths}{more}".encode())

    assert found.count(b"HTTP/1.1") == 1
    assert b" 400 " in found.split(b"\r\n")[0]


def test_who_says_nothing_or_half_a_request_takes_nobodys_place(tmp_path: Path) -> None:
    with daemon_in(tmp_path) as daemon, served(daemon) as web:
        opened = [socket.create_connection(("127.0.0.1", web.port), timeout=60) for _ in range(200)]
        try:
            for raw in opened[::2]:
                raw.sendall(b"GET / HTTP/1.1\r\nHost")
            assert web.get("/healthz").status == 503  # all places are taken
            assert [raw.recv(1) for raw in opened] == [b""] * 200  # each was hung up on
            assert web.get("/healthz").status == 200
        finally:
            for raw in opened:
                raw.close()


def test_a_drawing_is_given_to_be_drawn_in_a_page_and_never_to_be_opened(page: Web, book: str) -> None:
    where = guide(page, book)
    (page.daemon.library / book / "images" / "drawing.svg").write_text(SVG)
    drawn = page.get(f"{where}/images/drawing.svg", Sec_Fetch_Dest="image")

    assert drawn.status == 200
    assert drawn.headers["content-type"] == "image/svg+xml"
    assert drawn.headers["content-security-policy"].startswith("sandbox;")
    for kind in ("document", "iframe", "object", "embed", "script", "empty", ""):
        assert page.get(f"{where}/images/drawing.svg", Sec_Fetch_Dest=kind).status == 404


def test_a_guides_links_to_its_exports_are_good(page: Web, book: str) -> None:
    where = guide(page, book)
    links = re.findall(r'href="(exports/[^"]+)"', page.get(f"{where}/index.html").text)

    assert links
    for link in links:
        found = page.get(f"{where}/{link}")
        assert found.status == 200
        assert found.headers["content-disposition"].startswith("attachment;")
    assert page.get(f"{where}/exports/../source.epub").status == 404


def test_a_name_that_is_no_text_hides_no_other_export(page: Web, book: str) -> None:
    odd = page.daemon.library / book / "exports" / "a\udcff.epub"
    odd.write_bytes(b"x")
    try:
        found = [page.get(path) for path in (f"/books/{book}", "/opds", "/opds/v2")]
    finally:
        odd.unlink()

    assert [each.status for each in found] == [200] * 3
    assert all(f"/books/{book}/exports/" in each.text for each in found)


@pytest.mark.parametrize("kind", ["pipe", "link", "folder"])
def test_what_is_no_file_among_a_books_files_holds_up_nobody(page: Web, book: str, kind: str) -> None:
    where, images = guide(page, book), page.daemon.library / book / "images"
    odd = images / f"odd-{kind}.jpg"
    if kind == "pipe":
        os.mkfifo(odd)
    elif kind == "link":
        odd.symlink_to("/etc/passwd")
    else:
        odd.mkdir()

    assert page.get(f"{where}/images/{odd.name}").status == 404


def test_the_stamp_of_one_book_opens_no_other(page: Web, book: str) -> None:
    where = guide(page, book)

    for other in (f"{book}x", "x", ".trash", "%2e%2e"):
        assert page.get(f"{where.rpartition('/')[0]}/{other}/index.html").status == 404


def test_ending_all_logins_ends_them_at_once_and_the_streams_with_them(tmp_path: Path) -> None:
    with daemon_in(tmp_path) as daemon, served(daemon) as web:
        web.log_in()
        cookie, where = web.cookie, web.get("/books/x/read").headers["location"]
        with socket.create_connection(("127.0.0.1", web.port), timeout=60) as raw:
            raw.sendall(f"GET /events HTTP/1.1\r\nHost: {web.host}\r\nCookie: {web.cookie}\r\n\r\n".encode())
            assert b" 200 " in raw.recv(100)
            ticket = web.ticket("--end-all").partition("#t=")[2]

            assert web.get("/", Cookie=cookie).status == 303
            assert web.post("/login", {"ticket": ticket}, Cookie=cookie).status == 303
            web.log_in()
            assert web.get("/").status == 200
            assert web.get("/books/x/read").headers["location"] != where
            text = b""
            while b"\r\n0\r\n\r\n" not in text:  # the end of the stream, at its next word
                more = raw.recv(4000)
                assert more
                text += more


def test_a_full_disk_keeps_nothing_of_an_upload_and_is_said(tmp_path: Path) -> None:
    with daemon_in(tmp_path) as daemon, served(daemon) as web:
        web.log_in()
        own = {"Origin": f"http://{web.host}", "Accept": "application/json"}
        form = b'--B\r\nContent-Disposition: form-data; name="book"; filename="a.epub"\r\n\r\n%b\r\n--B--\r\n'
        with mounted(daemon.library / ".imaginized.uploads", megabytes=1) as disk:
            sent = web.ask("POST", "/upload?name=x.epub", b"x" * 3_000_000, **own)
            filled = {**own, "Content_Type": "multipart/form-data; boundary=B"}
            formed = web.ask("POST", "/upload-form", form % (b"x" * 3_000_000), **filled)

            assert [each.status for each in (sent, formed)] == [507, 507]
            assert all("disk is full" in str(each.json()["error"]) for each in (sent, formed))
            assert list(disk.iterdir()) == []
        assert not list(daemon.inbox.glob("*.epub"))


def test_a_page_that_is_killed_while_it_receives_leaves_nothing_for_the_next(tmp_path: Path) -> None:
    with daemon_in(tmp_path) as daemon:
        folder = daemon.library / ".imaginized.uploads"
        with served(daemon) as web:
            web.log_in()
            head = f"POST /upload?name=x.epub HTTP/1.1\r\nHost: {web.host}\r\nOrigin: http://{web.host}\r\n"
            with socket.create_connection(("127.0.0.1", web.port), timeout=10) as raw:
                raw.sendall(f"{head}Cookie: {web.cookie}\r\nContent-Length: 100000\r\n\r\n".encode() + b"PK" * 999)
                eventually(lambda: any(folder.iterdir()))
                web.process.kill()
                web.process.wait()
        assert any(folder.iterdir())
        assert not list(daemon.inbox.glob("*.epub"))
        with served(daemon):
            assert not any(folder.iterdir())


def test_a_guest_can_log_out(page: Web) -> None:
    guest = Web(daemon=page.daemon, port=page.port, process=page.process)
    guest.log_in("--read")
    found = guest.post("/logout")

    assert (found.status, found.headers["location"]) == (303, "/login")
    assert "imaginized-" in found.headers["set-cookie"]


@pytest.mark.parametrize("damage", [b"", b"{}", b"[]", b"\xff", b'{"key":"","url":"x"}', b'{"key":"00","url":"x"}'])
def test_a_damaged_key_lets_nobody_in_and_is_said(page: Web, damage: bytes) -> None:
    """With an empty key anybody could sign a pass."""
    key = page.daemon.library / ".imaginized.web.json"
    whole = key.read_bytes()
    key.write_bytes(damage)
    try:
        said = ctl(page.daemon.socket, "web-login")

        assert said.exit_code == 3
        assert "is damaged" in said.stderr
        assert page.get("/").status == 200  # the page goes on with the one it has
        assert load_door(page.daemon.library) is None
    finally:
        key.write_bytes(whole)


@NEEDS_BROWSER
def test_a_guide_with_a_drawn_cover_shows_it_and_its_export_is_saved(page: Web, book: str) -> None:
    (page.daemon.library / book / "images" / "drawing.svg").write_text(SVG)
    where = f"http://{page.host}{guide(page, book)}"
    draw = f"const one = new Image(); one.src = {json.dumps('images/drawing.svg')}; document.body.append(one); 1"
    (seen,) = browse(
        Session(
            steps=(
                ("goto", f"{where}/index.html"),
                ("eval", draw),
                ("until", "[...document.images].at(-1).naturalWidth > 0"),
                ("eval", "document.querySelector('a[href^=exports]').click(), 1"),
                ("eval", "document.title"),
            ),
            origin=True,
        )
    )

    assert seen.faults == ()
    assert str(seen.found[-1]).startswith("A Small Book")
