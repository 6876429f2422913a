"""The page beside a real daemon: who is let in, what is refused, what it shows, what its buttons do."""

import base64
import json
import re
import signal
import socket
import tempfile
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from html import escape
from pathlib import Path

import pytest

from imaginized.errors import ControlError
from imaginized.web.serve import hosts_of
from imaginized.web.uploads import name_of
from tests.support.daemons import daemon_in
from tests.support.epubs import make_epub
from tests.support.waiting import eventually
from tests.support.webs import Web, a_page, begun, served

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    with a_page(tmp_path_factory.mktemp("web")) as web:
        web.log_in()
        yield web


@pytest.fixture
def book(page: Web) -> str:
    return str(page.daemon.books()[0]["book"])


def stranger(page: Web) -> Web:
    """Somebody at the same page without a login."""
    return Web(daemon=page.daemon, port=page.port, process=page.process)


# Who is let in


@pytest.mark.parametrize("path", ["/", "/settings", "/doctor", "/events", "/books/x", "/books/x/read"])
def test_a_stranger_is_sent_to_the_login(page: Web, path: str) -> None:
    found = stranger(page).get(path)

    assert (found.status, found.headers["location"]) == (303, "/login")


@pytest.mark.parametrize("path", ["/api/v1/status", "/metrics", "/opds", "/opds/v2", "/books/x/exports/y.epub"])
def test_a_strangers_program_is_told_how_to_get_in(page: Web, path: str) -> None:
    found = stranger(page).get(path, Accept="application/json")

    assert found.status == 401
    assert "web-login" in found.text


def test_health_is_told_to_everybody_and_names_nothing(page: Web) -> None:
    found = [stranger(page).get(path) for path in ("/healthz", "/readyz")]

    assert [(each.status, each.text) for each in found] == [(200, "ok\n"), (200, "ok\n")]


def test_a_ticket_is_good_once(page: Web) -> None:
    ticket = page.ticket().partition("#t=")[2]
    other = stranger(page)

    assert other.post("/login", {"ticket": ticket}).status == 303
    assert other.post("/login", {"ticket": ticket}).status == 403


@pytest.mark.parametrize("ticket", ["", "x", "a.b", "é.é", "." * 600, "WyJ0aWNrZXQiXQ.AAAA"])
def test_nonsense_is_no_ticket(page: Web, ticket: str) -> None:
    assert stranger(page).post("/login", {"ticket": ticket}).status == 403


def test_a_session_is_no_ticket_and_a_ticket_no_session(page: Web) -> None:
    other = stranger(page)
    name, _, session = page.cookie.partition("=")
    other.cookie = f"{name}={page.ticket().partition('#t=')[2]}"

    assert other.get("/").status == 303
    assert other.post("/login", {"ticket": session}).status == 403


def test_a_login_that_may_read_changes_nothing(page: Web, book: str) -> None:
    reader = stranger(page)
    reader.log_in("--read")

    assert reader.get("/").status == 200
    assert 'action="/daemon/pause"' not in reader.get("/").text
    assert reader.post("/daemon/pause").status == 403
    assert reader.post(f"/books/{book}/remove").status == 403
    assert reader.ask("POST", "/upload?name=a.epub", b"x", Origin=f"http://{page.host}").status == 403
    assert page.daemon.status()["state"] == "running"


def test_the_cookie_is_named_by_the_port_and_kept_from_scripts(page: Web) -> None:
    other = stranger(page)
    found = other.post("/login", {"ticket": page.ticket().partition("#t=")[2]}).headers["set-cookie"]

    assert found.startswith(f"imaginized-{page.port}=")
    assert "httponly" in found.lower()
    assert "samesite=strict" in found.lower()


def test_ending_all_logins_ends_all_after_a_restart_of_the_page(tmp_path: Path) -> None:
    with daemon_in(tmp_path) as daemon:
        with served(daemon) as web:
            web.log_in()
            cookie = web.cookie
            web.ticket("--end-all")
        with served(daemon) as again:
            again.cookie = cookie.replace(str(web.port), str(again.port))

            assert again.get("/").status == 303


def test_the_key_is_for_the_daemons_user_alone(page: Web) -> None:
    key = page.daemon.library / ".imaginized.web.json"

    assert key.stat().st_mode & 0o077 == 0


# What is refused


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example:80", "?"])
@pytest.mark.parametrize("path", ["/", "/healthz", "/login", "/page.css", "/reading/x/y/index.html"])
def test_another_name_for_us_is_refused_on_every_address(page: Web, host: str, path: str) -> None:
    """A site whose name was pointed at this machine is same-origin to a browser; only its Host header tells."""
    found = page.get(path, Host=host)

    assert found.status == 400
    assert "allowed_hosts" in found.text


def test_two_host_headers_are_none(page: Web) -> None:
    with socket.create_connection(("127.0.0.1", page.port), timeout=10) as raw:
        raw.sendall(f"GET / HTTP/1.1\r\nHost: {page.host}\r\nHost: evil.example\r\n\r\n".encode())

        assert b" 400 " in raw.recv(200).split(b"\r\n")[0]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ],
    ids=str,
)
def test_a_change_from_another_sites_page_is_refused(page: Web, headers: dict[str, str]) -> None:
    found = page.ask("POST", "/daemon/pause", b"", **headers)

    assert found.status == 403
    assert page.daemon.status()["state"] == "running"


@pytest.mark.parametrize("path", ["/daemon/pause", "/books/x/retry", "/upload", "/logout", "/api/v1/pause"])
def test_nothing_changes_by_looking(page: Web, path: str) -> None:
    assert page.get(path).status in (404, 405)
    assert page.daemon.status()["state"] == "running"


def test_a_form_that_is_too_long_is_refused(page: Web) -> None:
    assert page.post("/login", {"ticket": "x" * 200_000}).status == 413


def test_every_answer_forbids_what_is_not_its_own(page: Web) -> None:
    for path in ("/", "/login", "/nowhere", "/healthz", "/api/v1/status"):
        headers = page.get(path).headers

        assert "default-src 'none'" in headers["content-security-policy"]
        assert "script-src 'self';" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "name",
    [
        "data/book.json.bak",
        ".imaginize.manifest.json",
        "images/source.epub",
        "../.imaginized.web.json",
        "..%2f.imaginized.web.json",
        "images/../../.imaginized.web.json",
        "images/cover.svg",
        "images",
        "%00.html",
    ],
)
def test_only_what_a_guide_is_made_of_is_served(page: Web, book: str, name: str) -> None:
    stamp = page.get(f"/books/{book}/read").headers["location"].split("/")[2]
    (page.daemon.library / book / "images" / "cover.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")

    assert page.get(f"/reading/{stamp}/{book}/{name}").status == 404


def test_a_drawn_cover_is_shown_where_it_is_drawn_and_never_opened(page: Web, book: str) -> None:
    folder = page.daemon.library / book
    record, drawing = folder / "data" / "book.json", folder / "images" / "cover.svg"
    whole = record.read_bytes()
    drawing.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    record.write_text(json.dumps({**json.loads(whole), "cover": "images/cover.svg"}))
    try:
        drawn = page.get(f"/books/{book}/cover", Sec_Fetch_Dest="image")
        opened = page.get(f"/books/{book}/cover", Sec_Fetch_Dest="document")
    finally:
        record.write_bytes(whole)
        drawing.unlink()

    assert drawn.headers["content-type"] == "image/svg+xml"
    assert drawn.headers["content-security-policy"].startswith("sandbox;")
    assert opened.headers.get("content-type") != "image/svg+xml"


def test_the_original_that_a_guide_links_to_is_saved_not_shown(page: Web, book: str) -> None:
    stamp = page.get(f"/books/{book}/read").headers["location"].split("/")[2]
    found = page.get(f"/reading/{stamp}/{book}/source.epub")

    assert (found.status, found.headers["content-type"]) == (200, "application/epub+zip")
    assert found.headers["content-disposition"].startswith("attachment")


def test_no_link_is_followed_out_of_a_book(page: Web, book: str) -> None:
    stamp = page.get(f"/books/{book}/read").headers["location"].split("/")[2]
    link = page.daemon.library / book / "images" / "outside.jpg"
    link.symlink_to("/etc/passwd")
    try:
        assert page.get(f"/reading/{stamp}/{book}/images/outside.jpg").status == 404
    finally:
        link.unlink()


def test_a_guide_needs_its_stamp_and_has_no_origin(page: Web, book: str) -> None:
    where = page.get(f"/books/{book}/read").headers["location"]
    found = stranger(page).get(where)

    assert found.status == 200
    assert "sandbox allow-scripts" in found.headers["content-security-policy"]
    assert "allow-same-origin" not in found.headers["content-security-policy"]
    assert stranger(page).get(where.replace(where.split("/")[2], "x" * 24)).status == 404


def test_a_hostile_title_stays_text(tmp_path: Path) -> None:
    title = "<img src=x onerror=alert(1)>\u202e"
    with daemon_in(tmp_path) as daemon:
        daemon.drop(make_epub(tmp_path / "h.epub", title=escape(title)))
        daemon.wait_for_phases("done")
        with served(daemon) as web:
            web.log_in()
            text = web.get("/").text + web.get(f"/books/{daemon.books()[0]['book']}").text

    assert "<img src=x" not in text
    assert "&lt;img src=x" in text
    assert "\u202e" not in text


def test_no_words_are_put_into_our_mouth_by_a_link(page: Web) -> None:
    assert "you were hacked" not in page.get("/?said=good%3A%20you%20were%20hacked&stamp=x").text


def test_a_page_for_other_machines_needs_a_name() -> None:
    with pytest.raises(ControlError, match="allowed_hosts"):
        hosts_of("0.0.0.0:8765", ())

    assert "books.example" in hosts_of("0.0.0.0:8765", ("books.example",))


# What it shows, and what its buttons do


def test_the_shelf_shows_what_status_says(page: Web, book: str) -> None:
    text = page.get("/").text

    assert "A Small Book" in text
    assert re.findall(r'<p class="words">(.*?)</p>', text) == ["Done"]
    assert f"/books/{book}/read" in text


@pytest.mark.parametrize("path", ["", "/cast", "/chapters", "/log"])
def test_a_books_pages(page: Web, book: str, path: str) -> None:
    found = page.get(f"/books/{book}{path}")

    assert found.status == 200
    assert "A Small Book" in found.text


def test_a_part_of_an_id_is_no_address(page: Web, book: str) -> None:
    assert page.get(f"/books/{book[:6]}").status == 404
    assert page.get("/books/nothing-00000000").status == 404


def test_settings_and_doctor_are_shown(page: Web) -> None:
    assert "paths.library" in page.get("/settings").text
    assert "Doctor" in page.get("/doctor").text


def test_pause_and_resume(page: Web) -> None:
    assert page.post("/daemon/pause").status == 303
    assert page.daemon.status()["state"] == "paused"
    assert "/daemon/resume" in page.get("/").text
    assert page.post("/daemon/resume").status == 303
    assert page.daemon.status()["state"] == "running"


def test_a_title_is_changed_and_an_order_that_fails_says_why(page: Web, book: str) -> None:
    assert page.post(f"/books/{book}/rename", {"title": "Another Name"}).status == 303
    eventually(lambda: "Another Name" in page.get("/").text)
    assert page.post(f"/books/{book}/rename", {"title": "A Small Book"}).status == 303

    refused = page.post(f"/books/{book}/approve")
    assert refused.status == 409
    assert "That did not work" in refused.text


def test_upload_remove_and_undo(tmp_path: Path) -> None:
    with daemon_in(tmp_path) as daemon, served(daemon) as web:
        web.log_in()
        data = make_epub(tmp_path / "b.epub", title="Sent Over").read_bytes()
        own = {"Origin": f"http://{web.host}", "Accept": "application/json"}
        sent = web.ask("POST", "/upload?name=..%2F..%2Fsent%20over.epub", data, **own)
        assert (sent.status, sent.json()["is_good"]) == (200, True), sent
        daemon.wait_for_phases("done")
        assert not list(daemon.library.glob(".imaginized.uploads/*"))

        again = web.ask("POST", "/upload?name=copy.epub", data, **own)
        assert again.status == 409
        assert "already has this book" in again.text
        foreign = web.ask("POST", "/upload?name=notes.xyz", b"hello", **own)
        assert foreign.status == 415

        book = str(daemon.books()[0]["book"])
        gone = web.post(f"/books/{book}/remove")
        assert gone.status == 303
        assert daemon.books() == []
        shown = web.get(gone.headers["location"]).text
        assert f"/books/{book}/undo" in shown
        assert web.post(f"/books/{book}/undo").status == 303
        assert [row["book"] for row in daemon.books()] == [book]


def test_an_upload_that_breaks_off_leaves_nothing(page: Web) -> None:
    raw = socket.create_connection(("127.0.0.1", page.port), timeout=10)
    head = f"POST /upload?name=x.epub HTTP/1.1\r\nHost: {page.host}\r\nOrigin: http://{page.host}\r\n"
    raw.sendall(f"{head}Cookie: {page.cookie}\r\nContent-Length: 100000\r\n\r\n".encode() + b"PK" * 1000)
    folder = page.daemon.library / ".imaginized.uploads"
    eventually(lambda: any(folder.iterdir()))
    raw.close()

    eventually(lambda: not any(folder.iterdir()))
    assert not any(path.name.startswith("x") for path in page.daemon.inbox.iterdir())


def test_an_upload_that_is_too_long_is_refused_before_and_while_it_comes(tmp_path: Path) -> None:
    with daemon_in(tmp_path) as daemon, served(daemon, **{"web.max_upload_bytes": 1_000_000}) as web:
        web.log_in()
        own = {"Origin": f"http://{web.host}"}
        assert web.ask("POST", "/upload?name=x.epub", b"x" * 1_000_001, **own).status == 413
        head = f"POST /upload?name=x.epub HTTP/1.1\r\nHost: {web.host}\r\nOrigin: http://{web.host}\r\n"
        with socket.create_connection(("127.0.0.1", web.port), timeout=10) as raw:
            raw.sendall(f"{head}Cookie: {web.cookie}\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
            with pytest.raises(OSError):
                for _ in range(1000):
                    raw.sendall(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
        eventually(lambda: not any((daemon.library / ".imaginized.uploads").iterdir()))


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("a.epub", "a.epub"),
        ("C:\\books\\a.epub", "a.epub"),
        ("../../etc/a.epub", "a.epub"),
        (".hidden.epub", "hidden.epub"),
        ("a\x00\nb.epub", "ab.epub"),
        ("é" * 300 + ".epub", "é" * 97 + ".epub"),
    ],
)
def test_a_name_is_made_safe(given: str, name: str) -> None:
    assert name_of(given) == name


@pytest.mark.parametrize("given", ["", "noending", "...", "/", ".epub"])
def test_a_name_that_says_nothing_is_refused(given: str) -> None:
    with pytest.raises(ControlError, match="ending"):
        name_of(given)


# Programs


def test_the_api_is_the_control_protocol(page: Web, book: str) -> None:
    status = page.get("/api/v1/status").json()
    one = page.get(f"/api/v1/status?book={book}").json()

    assert status["schema"] == "imaginized.status/1"
    assert one["schema"] == "imaginized.book/1"
    assert page.get("/api/v1/status?page=1&state=all").json()["page"]["number"] == 1  # type: ignore[index]
    own = {"Origin": f"http://{page.host}", "Content_Type": "application/json"}
    assert page.ask("POST", "/api/v1/scan", b"{}", **own).json()["schema"] == "imaginized.scan/1"
    wrong = page.ask("POST", "/api/v1/rename", json.dumps({"book": book, "title": ""}).encode(), **own)
    assert (wrong.status, "title" in str(wrong.json()["error"])) == (400, True)
    assert page.ask("POST", "/api/v1/rename", b"[", **own).status == 400
    assert page.get("/api/v1/rename").status == 405
    assert page.get("/api/v1/drain").status == 404


def test_a_device_reads_by_its_password_and_changes_nothing(page: Web) -> None:
    other = stranger(page)
    words = page.ticket("--device").split()
    basic = "Basic " + base64.b64encode(f"imaginized:{words[-1]}".encode()).decode()

    assert other.get("/opds", Authorization=basic).status == 200
    assert other.get("/metrics", Authorization=f"Bearer {words[-1]}").status == 200
    assert other.ask("POST", "/api/v1/pause", b"{}", Authorization=basic).status == 403
    assert other.get("/opds").headers["www-authenticate"].startswith("Basic")


def test_the_catalogue_leads_to_the_book(page: Web, book: str) -> None:
    feed = ElementTree.fromstring(page.get("/opds").text)
    entries = feed.findall(f"{ATOM}entry")
    links = {link.get("rel"): link.get("href") for link in entries[0].findall(f"{ATOM}link")}

    assert [entry.findtext(f"{ATOM}title") for entry in entries] == ["A Small Book"]
    epub = page.get(str(links["http://opds-spec.org/acquisition/open-access"]))
    assert (epub.status, epub.headers["content-type"]) == (200, "application/epub+zip")
    assert page.get(str(links["http://opds-spec.org/image"])).headers["content-type"] == "image/jpeg"
    assert ElementTree.fromstring(page.get("/opds?q=nothing+like+it").text).findall(f"{ATOM}entry") == []

    second = page.get("/opds/v2")
    assert second.headers["content-type"] == "application/opds+json"
    assert [one["metadata"]["title"] for one in json.loads(second.text)["publications"]] == ["A Small Book"]


def test_metrics_name_no_book(page: Web, book: str) -> None:
    text = page.get("/metrics").text

    assert 'imaginized_books{phase="done"} 1' in text
    assert "imaginized_up 1" in text
    assert book not in text


# Living with the daemon


def test_a_page_without_a_daemon_says_so_and_is_ready_again_with_it(tmp_path: Path) -> None:
    with daemon_in(tmp_path) as daemon, served(daemon) as web:
        web.log_in()
        daemon.stop()
        assert web.get("/readyz").status == 503
        assert web.get("/healthz").status == 200
        refused = web.get("/")
        assert refused.status == 503
        assert "is not running" in refused.text
        daemon.start()
        assert web.get("/").status == 200


def test_news_come_in_numbers_without_a_gap_over_a_restart_of_the_daemon(tmp_path: Path) -> None:
    with daemon_in(tmp_path) as daemon, served(daemon) as web:
        web.log_in()
        with socket.create_connection(("127.0.0.1", web.port), timeout=30) as raw:
            since = web.get("/").text.partition('data-since="')[2].partition('"')[0]
            raw.sendall(
                f"GET /events?since={since} HTTP/1.1\r\nHost: {web.host}\r\nCookie: {web.cookie}\r\n\r\n".encode()
            )
            daemon.drop(make_epub(tmp_path / "one.epub", title="One"))
            daemon.wait_for_phases("done")
            daemon.stop()
            daemon.start()
            daemon.drop(make_epub(tmp_path / "two.epub", title="Two"))
            daemon.wait_for_phases("done", "done")
            text = ""
            while text.count('"event": "step completed"') < 6 and len(text) < 200_000:
                text += raw.recv(65536).decode()

    numbers = [int(line.rpartition("-")[2]) for line in text.splitlines() if line.startswith("id: ")]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    assert "event: away" in text
    assert "event: back" in text


def test_streams_are_bounded_and_those_who_never_read_hold_up_nobody(page: Web) -> None:
    opened = []
    try:
        for _ in range(40):
            raw = socket.create_connection(("127.0.0.1", page.port), timeout=10)
            raw.sendall(f"GET /events HTTP/1.1\r\nHost: {page.host}\r\nCookie: {page.cookie}\r\n\r\n".encode())
            opened.append(raw)
        answers = [raw.recv(20).split(b" ")[1] for raw in opened]

        assert answers.count(b"200") == 32
        assert answers.count(b"503") == 8
        assert page.get("/").status == 200
    finally:
        for raw in opened:
            raw.close()
    eventually(lambda: "imaginized_web_streams 0" in page.get("/metrics").text)


def test_it_stops_at_once_with_open_streams(tmp_path: Path) -> None:
    with daemon_in(tmp_path) as daemon, served(daemon) as web:
        web.log_in()
        with socket.create_connection(("127.0.0.1", web.port), timeout=10) as raw:
            raw.sendall(f"GET /events HTTP/1.1\r\nHost: {web.host}\r\nCookie: {web.cookie}\r\n\r\n".encode())
            assert b"200" in raw.recv(20)
            web.process.send_signal(signal.SIGTERM)
            assert web.process.wait(10) in (0, -signal.SIGTERM)


def test_a_unix_socket_for_a_proxy(tmp_path: Path) -> None:
    with daemon_in(tmp_path) as daemon, tempfile.TemporaryDirectory() as short:
        path = Path(short) / "web"
        with begun(daemon, **{"web.listen": str(path), "web.allowed_hosts": ["books.example"]}):
            with socket.socket(socket.AF_UNIX) as raw:
                raw.connect(str(path))
                raw.sendall(b"GET /healthz HTTP/1.1\r\nHost: books.example\r\nConnection: close\r\n\r\n")
                assert b"200" in raw.recv(100).split(b"\r\n")[0]
            assert path.stat().st_mode & 0o777 == 0o660
        with begun(daemon):  # in the place of the one before, whose socket is still there
            assert path.is_socket()
