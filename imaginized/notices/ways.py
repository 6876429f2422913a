"""The ways that a message can go: webhook, ntfy, Apprise, a program. Only door of apprise."""

import hashlib
import hmac
import json
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from urllib.parse import quote, urlsplit

from imaginized.errors import SettingsError
from imaginized.notices.notice import NEEDS_PERSON, Notice
from imaginized.notices.posting import NotTaken, post
from imaginized.providers.keys import read_key_file
from imaginized.settings.model import Notify

TAGS: Mapping[str, str] = {"done": "books", "partial": "warning", "failed": "x", "held": "raised_hand"}
# A program gets no more of our environment: that has keys in it.
ENVIRONMENT = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"}

Send = Callable[[Notice], None]


@dataclass(frozen=True, slots=True)
class Ways:
    """How messages go.

    Attributes:
        by_name: What sends one; it raises NotTaken where nobody took it.
        problems: By name, what is wrong with one that cannot be used.
    """

    by_name: Mapping[str, Send]
    problems: Mapping[str, str]


def ways_of(notify: Notify) -> Ways:
    """The ways that are set; one whose key cannot be read is none, and a problem."""
    found: dict[str, Send] = {}
    problems: dict[str, str] = {}
    for name, make in (("webhook", _webhook), ("ntfy", _ntfy), ("apprise", _apprise), ("command", _command)):
        try:
            send = make(notify)
        except SettingsError as error:
            problems[name] = f"{name} of [notify]: {error}"
            continue
        if send is not None:
            found[name] = send
    return Ways(found, problems)


def check_ways(notify: Notify) -> None:
    """See that every way that is set can be used.

    Raises:
        SettingsError: One cannot; says all of it.
    """
    if problems := ways_of(notify).problems:
        raise SettingsError(*problems.values())


def _webhook(notify: Notify) -> Send | None:
    if notify.webhook is None:
        return None
    key = read_key_file(notify.webhook_key_file) if notify.webhook_key_file else ""
    return partial(_post_signed, notify.webhook, key.encode(), notify.timeout_seconds)


def _post_signed(url: str, key: bytes, seconds: float, notice: Notice) -> None:
    body = notice.body()
    headers = {"Content-Type": "application/json", "X-Imaginized-Id": notice.id, "X-Imaginized-Event": notice.event}
    if key:
        # The moment is signed with it: who keeps a message cannot send it again a day later.
        moment = str(int(time.time()))
        signature = hmac.new(key, f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
        headers["X-Imaginized-Signature"] = f"t={moment},v1={signature}"
    post(url, body, headers=headers, seconds=seconds)


def _ntfy(notify: Notify) -> Send | None:
    if notify.ntfy is None:
        return None
    token = read_key_file(notify.ntfy_token_file) if notify.ntfy_token_file else ""
    parts = urlsplit(notify.ntfy)
    above, _, topic = parts.path.rstrip("/").rpartition("/")
    if not topic:
        raise SettingsError("the address has no topic; write it as https://ntfy.example/TOPIC")
    base = f"{parts.scheme}://{parts.netloc}{quote(above)}/"
    return partial(_publish, base, topic, token, notify.timeout_seconds)


def _publish(base: str, topic: str, token: str, seconds: float, notice: Notice) -> None:
    # As JSON, not by headers: those hold no title in another script.
    told: dict[str, object] = {"topic": topic, "title": notice.subject, "message": notice.words}
    if notice.event in TAGS:
        told["tags"] = [TAGS[notice.event]]
    if notice.event in NEEDS_PERSON:
        told["priority"] = 4
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    post(base, json.dumps(told).encode(), headers=headers, seconds=seconds)


def _apprise(notify: Notify) -> Send | None:
    if notify.apprise_file is None:
        return None
    lines = (line.strip() for line in read_key_file(notify.apprise_file).splitlines())
    urls = [line for line in lines if line and not line.startswith("#")]
    if find_spec("apprise") is None:
        raise SettingsError("Apprise is not installed; install imaginized[apprise]")
    return partial(_by_apprise, urls)


def _by_apprise(urls: list[str], notice: Notice) -> None:
    # A second to import, with all the services that it knows.
    import apprise

    kind = apprise.NotifyType.WARNING if notice.event in NEEDS_PERSON else apprise.NotifyType.INFO
    sender = apprise.Apprise()
    bad = sum(not sender.add(url) for url in urls)
    taken = len(sender) > 0 and sender.notify(title=notice.subject, body=notice.words, notify_type=kind)
    if bad:
        raise NotTaken(f"{bad} of the {len(urls)} addresses are none that Apprise knows")
    if not taken:
        raise NotTaken("Apprise could not deliver it to every address")


def _command(notify: Notify) -> Send | None:
    return partial(_run, notify.command, notify.timeout_seconds) if notify.command else None


def _run(command: tuple[str, ...], seconds: float, notice: Notice) -> None:
    environment = {
        **ENVIRONMENT,
        "IMAGINIZED_EVENT": notice.event,
        "IMAGINIZED_ID": notice.id,
        "IMAGINIZED_BOOK": notice.book,
        "IMAGINIZED_SUBJECT": notice.subject,
        "IMAGINIZED_TEXT": notice.words,
    }
    plain = {name: value.replace("\0", "") for name, value in environment.items()}
    try:
        ended = subprocess.run(
            command,
            input=notice.body(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=plain,
            cwd="/",
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise NotTaken(f"the program did not end within {seconds:g} s") from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "its arguments cannot be passed"
        raise NotTaken(f"the program cannot be started: {reason}") from error
    if ended.returncode:
        raise NotTaken(f"the program ended with {ended.returncode}")
