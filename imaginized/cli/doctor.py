"""What `imaginizectl doctor` looks at: one finding a line, each ok, warn or fail with what mends it."""

import contextlib
import os
import shlex
import shutil
import signal
import socket as sockets
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, cast
from urllib.parse import urlsplit

from imaginized.cli.exit_codes import WORDS, reason_of_error
from imaginized.cli.reasons_text import pause_rows
from imaginized.cli.troubles import Row, findings, rows, settings_errors, settings_found
from imaginized.control.client import Client
from imaginized.control.protocol import DOCTOR, HOSTS, STATUS
from imaginized.errors import ControlError, ExitCode, SettingsError
from imaginized.printable import printable
from imaginized.reasons import Code
from imaginized.settings.places import ELSEWHERE
from imaginized.version import PROTOCOL, VERSION

RELEASED = 1_790_000_000.0  # a clock before September 2026 is wrong
LOW_BYTES = 1 << 30
FEW_WATCHES = 8192
FEW_INSTANCES = 16
CONNECT_SECONDS = 3.0
SYSTEMCTL_SECONDS = 5.0
UNIT_PROPERTIES = (
    "LoadState,ActiveState,NRestarts,UnitFileState,Result,ExecMainCode,ExecMainStatus,ExecMainExitTimestamp"
)
SIGNALLED = ("2", "3")  # of ExecMainCode, as in <sys/wait.h>: CLD_KILLED, CLD_DUMPED

State = Literal["ok", "warn", "fail"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at.

    Attributes:
        code: What was found, for programs: ok where nothing is wrong.
        fix: What to do about it; "" when it is ok.
    """

    name: str
    state: State
    code: Code
    finding: str
    fix: str = ""


def examine(socket: Path, *, config: Path | None, environment: Mapping[str, str]) -> list[Check]:
    """Look at everything there is to look at; where no daemon answers, at what one would find that is started now.

    Args:
        socket: The daemon's.
        config: Its settings file; None looks where the daemon would.
        environment: Variables.
    """
    system, user = _unit_state(system=True), _unit_state(system=False)
    found = [*_versions(), _clock(time.time()), *_unit(system, user)]
    try:
        with Client(socket) as client:
            status, facts, hosts = client.ask(STATUS), client.ask(DOCTOR), _hosts_of(client)
    except ControlError as error:
        return [_silent_daemon(socket, error), *found, *last_exits(system, user), *_alone(socket, config, environment)]
    answers = Check(
        name="socket", state="ok", code=Code.OK, finding=f"imaginized {status['version']} answers at {socket}"
    )
    uid = facts["uid"]
    about = (*judged(facts), *sandbox_check(status), *_state(status), *hosts_check(hosts))
    return [answers, *found, *about, *blocked(status, uid=uid)]


def _hosts_of(client: Client) -> Row:
    """What the daemon knows of hosts; one of an earlier version knows none."""
    try:
        return client.ask(HOSTS)
    except ControlError as error:
        if error.exit_code is not ExitCode.PROTOCOL_MISMATCH:
            raise
        return {"engine": "none"}


def _alone(socket: Path, config: Path | None, environment: Mapping[str, str]) -> Iterator[Check]:
    """What can be said without a daemon, by its settings."""
    # It reads settings, which takes longer to load than all else here; with a daemon there is no need.
    from imaginized.cli.unattended import facts_without

    try:
        file, meant, facts = facts_without(config, environment)
    except SettingsError as error:
        for line in error.mistakes:
            yield Check(
                name="settings",
                state="fail",
                code=Code.SETTINGS_WRONG,
                finding=line,
                fix="fix it; `imaginized check` shows the result",
            )
        return
    used = file or "no file, so every key has its default; `imaginized init` writes one"
    yield Check(name="settings", state="ok", code=Code.OK, finding=f"{used} (looked at as uid {facts['uid']})")
    yield from _socket_place(socket, meant=meant)
    folders = cast(Mapping[str, Row], facts["folders"])
    there = {name: folder for name, folder in folders.items() if folder["is_folder"] is not False}
    yield from (_missing(name, Path(str(folders[name]["path"]))) for name in folders if name not in there)
    yield from judged({**facts, "folders": there})


def _socket_place(asked: Path, *, meant: Path) -> Iterator[Check]:
    """Whether a daemon that is started now has its socket where we asked, and may make it."""
    if meant.absolute() != asked.absolute():
        finding = f"the settings name {meant}, but this command asked at {asked}"
        fix = (
            f"imaginizectl --socket {meant} doctor; "
            f"if the daemon at {asked} has a settings file of its own, name it: `doctor --config FILE`"
        )
        yield Check(name="socket", state="warn", code=Code.SOCKET_ELSEWHERE, finding=finding, fix=fix)
    folder = next(path for path in meant.absolute().parents if os.path.lexists(path))
    if not (folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)):
        finding = f"cannot create {meant}: {folder} is not writable"
        yield Check(name="socket", state="fail", code=Code.NO_ACCESS, finding=finding, fix=ELSEWHERE)


def _missing(name: str, path: Path) -> Check:
    """A folder that a daemon makes at its start, if it may."""
    above = next(parent for parent in path.absolute().parents if os.path.lexists(parent))
    finding = f"{path} does not exist yet; the daemon creates it when it starts"
    if above.is_dir() and os.access(above, os.W_OK | os.X_OK):
        return Check(name=name, state="ok", code=Code.OK, finding=finding)
    fix = f"mkdir -p {shlex.quote(str(path))}, for the daemon's user"
    finding = f"{path} does not exist and cannot be created in {above}"
    return Check(name=name, state="fail", code=Code.FOLDER_MISSING, finding=finding, fix=fix)


def judged(facts: Row) -> list[Check]:
    """What the daemon's facts mean."""
    folders = cast(Mapping[str, Row], facts["folders"])
    return [
        *(check for name, folder in folders.items() for check in _folder(name, folder, uid=cast(int, facts["uid"]))),
        *_writers(facts),
        *_inotify(cast(Mapping[str, int | None], facts["inotify"])),
        *_endpoints(facts),
    ]


def _writers(facts: Row) -> Iterator[Check]:
    inbox = cast(Mapping[str, Row], facts["folders"]).get("inbox", {})
    if inbox.get("is_shared") and not facts.get("tells_writers", True):
        finding = "of what other users drop, the kernel does not say (without CAP_LEASE) whether it is still open"
        yield Check(
            name="writers", state="ok", code=Code.OK, finding=f"{finding}; it is taken once it is whole and quiet"
        )


def check_line(check: Check) -> str:
    """One line for a person, and the fix below it."""
    line = printable(f"{check.state:<4}  {check.name}: {check.finding}")
    return line + (f"\n      → {printable(check.fix)}" if check.fix else "")


def as_answer(checks: list[Check]) -> dict[str, object]:
    """The checks as one JSON object."""
    worst = max(checks, key=lambda check: ("ok", "warn", "fail").index(check.state)).state
    return {"schema": "imaginized.doctor/1", "worst": worst, "checks": [asdict(check) for check in checks]}


def _silent_daemon(socket: Path, error: ControlError) -> Check:
    name = "versions" if error.exit_code == ExitCode.PROTOCOL_MISMATCH else "socket"
    code = reason_of_error(error) or Code.NO_ANSWER
    return Check(name=name, state="fail", code=code, finding=error.text, fix=error.advice or f"see what is at {socket}")


def _versions() -> Iterator[Check]:
    python = ".".join(str(number) for number in sys.version_info[:3])
    yield Check(
        name="versions",
        state="ok",
        code=Code.OK,
        finding=f"imaginizectl {VERSION}, protocol {PROTOCOL}, Python {python}",
    )


def _clock(now: float) -> Check:
    moment = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(now))
    if now < RELEASED:
        finding = f"the system clock says {moment} UTC"
        return Check(name="clock", state="fail", code=Code.CLOCK, finding=finding, fix="timedatectl set-ntp true")
    return Check(name="clock", state="ok", code=Code.OK, finding=f"{moment} UTC")


def _unit_state(*, system: bool) -> Mapping[str, str]:
    """What systemd says about the unit; nothing where there is no systemd."""
    program = shutil.which("systemctl")
    if program is None:
        return {}
    scope = "--system" if system else "--user"
    command = [program, scope, "show", "imaginized", f"--property={UNIT_PROPERTIES}"]
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        ended = subprocess.run(command, capture_output=True, text=True, timeout=SYSTEMCTL_SECONDS)
        return dict(line.split("=", 1) for line in ended.stdout.splitlines() if "=" in line)
    return {}


def _unit(system: Mapping[str, str], user: Mapping[str, str]) -> Iterator[Check]:
    loaded = [(scope, unit) for scope, unit in (("", system), ("--user ", user)) if unit.get("LoadState") == "loaded"]
    for scope, unit in loaded:
        state = unit.get("ActiveState", "unknown")
        finding = f"systemd's {scope or 'system '}unit is {state}, {unit.get('NRestarts', '0')} restarts"
        if state in ("active", "activating", "reloading"):
            yield Check(name="unit", state="ok", code=Code.OK, finding=finding)
        else:
            fix = f"systemctl {scope}start imaginized; systemctl {scope}status imaginized says why it ended"
            level: State = "fail" if state == "failed" else "warn"
            yield Check(name="unit", state=level, code=Code.UNIT_STOPPED, finding=finding, fix=fix)
    if not loaded:
        yield Check(
            name="unit",
            state="ok",
            code=Code.OK,
            finding="systemd has no unit of imaginized loaded; `imaginized init` writes one and says how to load it",
        )


def last_exits(system: Mapping[str, str], user: Mapping[str, str]) -> Iterator[Check]:
    """How the daemon ended last, as systemd remembers."""
    units = [unit for unit in (system, user) if unit.get("LoadState") == "loaded"]
    if not units:
        yield Check(
            name="last exit",
            state="ok",
            code=Code.OK,
            finding="unknown: only systemd records it; the daemon's log may tell",
        )
    for unit in units:
        moment = unit.get("ExecMainExitTimestamp", "")
        if not moment:
            yield Check(name="last exit", state="ok", code=Code.OK, finding="none since systemd started")
            continue
        text, is_well = _ending(unit)
        fix = "" if is_well else "its log says more: `journalctl -u imaginized`, with --user for a unit of your own"
        yield _warned("last exit", Code.OK if is_well else Code.LAST_EXIT, finding=f"{text}, {moment}", fix=fix)


def _ending(unit: Mapping[str, str]) -> tuple[str, bool]:
    """How the main process ended, and whether that was well."""
    status = int(unit.get("ExecMainStatus") or 0)
    if unit.get("ExecMainCode") in SIGNALLED:
        names = {number.value: number.name for number in signal.Signals}
        return f"killed by {names.get(status, f'signal {status}')} ({unit.get('Result')})", False
    if status in list(ExitCode):
        return f"exit {status} ({WORDS[ExitCode(status)]})", status == ExitCode.OK
    return f"exit {status}, {unit.get('Result')}", False


def _folder(name: str, folder: Row, *, uid: int) -> Iterator[Check]:
    path, kind = folder["path"], str(folder["file_system"])
    if folder["is_remote"]:
        fix = "a local folder is faster and notices each file at once" if name == "inbox" else "use a local folder"
        finding = f"{path} is on {kind}: " + ("it is polled" if name == "inbox" else "file locks may not work there")
        yield Check(name="file system", state="warn", code=Code.FOLDER_REMOTE, finding=finding, fix=fix)
    if folder["is_folder"] is None:
        return  # the daemon does not look at what may hang; its intake does, and says in status what is wrong
    if not folder["is_folder"]:
        fix, finding = f"mkdir -p {path}", f"{path} is not a folder"
        yield Check(name=name, state="fail", code=Code.FOLDER_MISSING, finding=finding, fix=fix)
        return
    if not folder["is_writable"]:
        fix = f"chown {uid} {path} && chmod u+rwx {path}; under systemd also ReadWritePaths={path}"
        finding = f"the daemon (uid {uid}) may not write {path}"
        yield Check(name=name, state="fail", code=Code.NO_ACCESS, finding=finding, fix=fix)
    else:
        yield Check(name=name, state="ok", code=Code.OK, finding=f"{path} is writable, on {kind}")
    free = cast(int, folder["free_bytes"])
    finding = f"{free / (1 << 30):.1f} GiB free for {path}"
    fix = "" if free >= LOW_BYTES else "make room, or move the folder and change [paths]"
    yield _warned("disk", Code.DISK if fix else Code.OK, finding=finding, fix=fix)


def _warned(name: str, code: Code, *, finding: str, fix: str) -> Check:
    """A check that warns at most."""
    return Check(name=name, state="ok" if code is Code.OK else "warn", code=code, finding=finding, fix=fix)


def _inotify(limits: Mapping[str, int | None]) -> Iterator[Check]:
    for name, least in (("max_user_watches", FEW_WATCHES), ("max_user_instances", FEW_INSTANCES)):
        limit = limits.get(name)
        is_low = limit is not None and limit < least
        fix = f"sysctl fs.inotify.{name}={least * 8}" if is_low else ""
        finding = f"{name} is {'unknown' if limit is None else limit}"
        yield _warned("inotify", Code.WATCHES_FEW if is_low else Code.OK, finding=finding, fix=fix)


def _endpoints(facts: Row) -> Iterator[Check]:
    endpoints, problem = rows(facts, "endpoints"), str(facts["key_problem"])
    here = [endpoint for endpoint in endpoints if not endpoint.get("at_hosts")]  # earlier daemons do not say
    if problem:
        fix = "a key file belongs to the daemon's user, has mode 600 and holds the key alone; then imaginizectl reload"
        yield Check(name="key", state="fail", code=Code.KEY_UNUSABLE, finding=problem, fix=fix)
    elif not endpoints:
        unused = f"; {facts['unused_key']} is not used" if facts["unused_key"] else ""
        finding = f"no key is needed: the builtin provider reads and draws{unused}"
        yield Check(name="key", state="ok", code=Code.OK, finding=finding)
    else:
        yield from (_key(endpoint) for endpoint in here)
    sections = {str(endpoint["base_url"]): str(endpoint["section"]) for endpoint in here}
    yield from (_reached(url, section=section) for url, section in sections.items())
    for url in dict.fromkeys(str(endpoint["base_url"]) for endpoint in endpoints if endpoint not in here):
        finding = f"{url} is each host's own; hosts ask it, and this machine does not"
        yield Check(name="endpoint", state="ok", code=Code.OK, finding=finding)


def _key(endpoint: Row) -> Check:
    finding = f"the key for {endpoint['use']} of {endpoint['base_url']} is from {endpoint['key']}"
    if endpoint["key"]:
        return Check(name="key", state="ok", code=Code.OK, finding=finding)
    finding = f"no key for {endpoint['use']} of {endpoint['base_url']}"
    if not str(endpoint["base_url"]).startswith("https:"):
        return Check(name="key", state="ok", code=Code.OK, finding=f"{finding}; it is used without a key")
    section = endpoint["section"]
    fix = f"if it asks for one: api_key_file in [{section}], or the credential {section}_api_key; "
    fix += "then imaginizectl reload"
    return Check(name="key", state="warn", code=Code.KEY_MISSING, finding=finding, fix=fix)


def _reached(url: str, *, section: str) -> Check:
    place = urlsplit(url)
    port = place.port or (443 if place.scheme == "https" else 80)
    try:
        sockets.create_connection((place.hostname or "", port), timeout=CONNECT_SECONDS).close()
    except OSError as error:
        fix = f"start it, or check [{section}] base_url, the network and the proxy"
        finding = f"{url} cannot be reached: {error}"
        return Check(name="endpoint", state="fail", code=Code.UNREACHABLE, finding=finding, fix=fix)
    return Check(name="endpoint", state="ok", code=Code.OK, finding=f"{url} takes connections")


def blocked(status: Row, *, uid: int) -> Iterator[Check]:
    """What waits in the inbox for a person."""
    inbox = Path(str(cast(Row, status["paths"])["inbox"]))
    for row in cast(list[Row], cast(Row, status["inbox"]).get("blocked", [])):
        name, code = str(row["name"]), Code.read(row.get("code"))
        fix = "fix this; then it is taken"
        if code is Code.NO_ACCESS:
            fix = f"chown {uid} {shlex.quote(str(inbox / name))}"
        yield Check(name="arrival", state="warn", code=code, finding=f"{name}: {row['reason']}", fix=fix)


def settings_checks(status: Row) -> Iterator[Check]:
    """Which settings are in force, and whether their file is another by now."""
    found = settings_found(status)
    if found is not None:
        errors = [error.strip() for error in settings_errors(status)]
        yield _warned("settings", found.code, finding="; ".join([found.text, *errors]), fix=found.advice)


def sandbox_check(status: Row) -> Iterator[Check]:
    """What keeps books' readers from the rest of the machine; nothing while the daemon is about to find out."""
    sandbox = cast(Row | None, status.get("sandbox"))
    if sandbox is None:
        return
    finding, fix = f"the reader's sandbox is {sandbox['text']}", ""
    if not sandbox["is_whole"]:
        finding += "; no book is read" if sandbox["is_required"] else "; books are read anyway"
        fix = "a kernel with Landlock and seccomp, and a unit or container that allows both; or read without: "
        fix += 'sandbox = "none" under [reading], then imaginizectl reload'
    state: State = "ok" if sandbox["is_whole"] else "fail" if sandbox["is_required"] else "warn"
    code = Code.OK if sandbox["is_whole"] else Code.SANDBOX
    yield Check(name="sandbox", state=state, code=code, finding=finding, fix=fix)


def hosts_check(hosts: Row) -> Iterator[Check]:
    """The machines that do chapters; nothing where there are to be none."""
    if hosts["engine"] == "none":
        return
    found = rows(hosts, "hosts")
    able = [row for row in found if not row["differs"]]
    if hosts["problem"]:
        fix = "start the Redis server, or correct the file that hosts.broker_url_file names"
        yield Check(
            name="hosts", state="fail", code=Code.UNREACHABLE, finding=f"the broker: {hosts['problem']}", fix=fix
        )
    elif not able:
        fix = "start `imaginized host` on a machine that reaches the broker; chapters wait until then"
        yield _warned("hosts", Code.HOST_SILENT, finding="no host takes chapters", fix=fix)
    else:
        slots = sum(int(str(row["slots"])) for row in able)
        finding = f"{len(able)} {'host takes' if len(able) == 1 else 'hosts take'} chapters, {slots} at once"
        yield Check(name="hosts", state="ok", code=Code.OK, finding=finding)
    if hosts.get("store_problem"):  # a daemon of an earlier version has no store
        fix = "pictures go through the Redis server until then; see hosts.blobs and docs/many-hosts.md"
        yield _warned("hosts", Code.UNREACHABLE, finding=f"the store of hosts.blobs: {hosts['store_problem']}", fix=fix)
    for row in found:
        if row["differs"]:
            fix = "install the same version there and give it the same prompts"
            yield _warned("hosts", Code.VERSION, finding=f"{row['host']} gets no work: {row['differs']}", fix=fix)
    yield from _strangers(hosts, found)


def _strangers(hosts: Row, found: Sequence[Row]) -> Iterator[Check]:
    """Who speaks through the broker without our key; daemons of earlier versions do not say."""
    fix = "give every host the key file of home; if all have it, somebody else writes to the Redis server: "
    fix += "change its password"
    if count := int(str(hosts.get("strangers", 0))):
        finding = f"hosts with another key than ours: {count}; they get no work"
        yield _warned("hosts", Code.HOST_SILENT, finding=finding, fix=fix)
    for row in found:
        if count := int(str(row.get("refused", 0))):
            finding = f"{row['host']} dropped {count} messages that were not sealed with our key"
            yield _warned("hosts", Code.HOST_SILENT, finding=finding, fix=fix)


def _state(status: Row) -> Iterator[Check]:
    workers = [row for row in rows(status, "workers") if row["slot"] != "intake"]
    yield Check(name="daemon", state="ok", code=Code.OK, finding=f"{status['state']}, {len(workers)} workers")
    yield from settings_checks(status)
    inbox = {**cast(Row, status["inbox"]), "blocked": []}  # told with their own fixes, as is what keeps us from reading
    pauses = [row for row in pause_rows(status) if row["code"] not in (Code.READING, Code.UNREACHABLE)]
    for row in pause_rows(status):
        if row["code"] == Code.UNREACHABLE:
            fix = "start it, or check base_url in the settings, the network and the proxy; "
            fix += "work then resumes automatically"
            yield Check(name="endpoint", state="fail", code=Code.UNREACHABLE, finding=str(row["text"]), fix=fix)
    for one in findings({**status, "inbox": inbox, "pauses": pauses, "paused": {}, "settings": {}}):
        yield Check(name="daemon", state="warn", code=one.code, finding=one.text, fix="imaginizectl status says more")
