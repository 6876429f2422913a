"""imaginizectl: ask and tell a running daemon. Starts fast: no pydantic, no asyncio, rich only on a terminal."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from imaginized.cli import asking, casting, dividing, operating, scenes, series, shelving, telling
from imaginized.cli.choosing import book_to_change
from imaginized.cli.command import (
    BOOK,
    Program,
    answering,
    as_json_option,
    asked_options,
    help_command,
    say,
    socket_of,
    yes_option,
)
from imaginized.cli.exit_codes import code_of_book
from imaginized.cli.foretelling import foretell
from imaginized.cli.output import echo
from imaginized.cli.troubles import Row, attention, book_attention, hindrances, ranges, stoppages
from imaginized.cli.view import detail_lines, status_lines
from imaginized.cli.watching import Patient, display, follow, status_of, why_ended
from imaginized.control.answers import Status
from imaginized.control.client import Client, journal
from imaginized.control.paging import all_pages, first_page
from imaginized.control.protocol import (
    APPROVE,
    CANCEL,
    DRAIN,
    RETRY,
    STATUS,
    StatusOf,
    ToApprove,
    ToCancel,
    ToRetry,
)
from imaginized.errors import ControlError, ExitCode
from imaginized.money.amounts import dollars
from imaginized.queue.phases import AT_REST, ENDED, STATES
from imaginized.settings.places import client_socket
from imaginized.story.sidecar_keys import chapter_numbers
from imaginized.version import VERSION

OPENAI_URL = "https://api.openai.com/v1"


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--socket", type=click.Path(path_type=Path), help="Control socket (or $IMAGINIZED_SOCKET).")
@click.version_option(VERSION)
@click.pass_context
def main(context: click.Context, socket: Path | None) -> None:
    """Ask and tell a running imaginized."""
    context.obj = socket or client_socket(os.environ)


@main.command()
@click.argument("book", required=False, type=BOOK)
@click.option("--state", type=click.Choice(tuple(STATES)), help="Only books in this state or phase.")
@click.option("--page", type=click.IntRange(1), help="Page number, 50 books per page; unfinished books come first.")
@click.option("--all", "is_all", is_flag=True, help="Every book, of all pages.")
@click.option("--check", is_flag=True, help="Exit with 7 when something needs attention.")
@click.option("--quiet", is_flag=True, help="With --check: print only what needs attention; for cron.")
@as_json_option
@click.pass_obj
@answering
def status(
    socket: Path,
    book: str | None,
    state: str | None,
    page: int | None,
    is_all: bool,
    check: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Say what happens, and why; of one BOOK, every chapter.

    Unfinished books come first, then those that failed, are partial or held, then the others: 50 a page.
    """
    if (book or is_all) and (page or (book and (state or is_all))):
        raise click.UsageError("give a BOOK, or --all, or --page; --state works only with --all or --page")
    if quiet and not check:
        raise click.UsageError("--quiet works only with --check")
    with Client(socket) as client:
        whole = _books_asked(client, state=state, page=page, is_all=is_all)
        detail = status_of(client, book) if book else None
    lines, troubles = status_lines(whole, journal=journal(socket)), attention(whole)
    if detail:
        is_over = detail["phase"] in ENDED
        lines = detail_lines(detail, held_up_by=[] if is_over else hindrances(whole, journal=journal(socket)))
        troubles = [*book_attention(detail), *([] if is_over else stoppages(whole))]
    if not quiet or (as_json and troubles):
        say(detail or whole, lines, as_json=as_json)
    if check and troubles:
        for trouble in troubles:
            echo(f"imaginizectl: {trouble}", err=True)
        sys.exit(ExitCode.NEEDS_ATTENTION)


def _books_asked(client: Client, *, state: str | None, page: int | None, is_all: bool) -> Status:
    if is_all:
        return all_pages(client, state=state or "all")
    if state is None and page is None:
        return first_page(client)
    return client.ask(STATUS, StatusOf(state=state or "all", page=page or 1))


@main.command()
@click.argument("book", required=False, type=BOOK)
@click.option("--json", "as_json", is_flag=True, help="Print JSON lines, one per change.")
@click.pass_obj
@answering
def watch(socket: Path, book: str | None, as_json: bool) -> None:
    """Follow the books until Ctrl-C, or one BOOK until it ends; over restarts of the daemon, too.

    With a BOOK the exit code is 0 when it is done, 7 partial, failed or held, 8 rejected, 9 cancelled.
    """
    with (
        Patient(socket, say=lambda line: echo(line, err=True)) as patient,
        display(sys.stdout, as_json=as_json) as show,
    ):
        wanted = patient.find(book) if book else None
        patient.wanted = [wanted] if wanted else []
        ended = follow(
            patient.ask,
            show=lambda books: show([row for row in books if wanted in (None, row["book"])]),
            is_over=lambda books: wanted is not None and _has_ended(wanted, books),
            wait=patient.wait,
        )
        last = next((row for row in ended if row["book"] == wanted), None)
        if last is None:
            raise patient.end_of_one_that_vanished(str(wanted))
    if (code := code_of_book(last)) is not ExitCode.OK:
        echo(f"imaginizectl: {why_ended(last)}", err=True)
        sys.exit(code)


def _has_ended(wanted: str, books: Sequence[Row]) -> bool:
    """Whether a book has ended, or is none any more."""
    return all(row["phase"] in AT_REST for row in books if row["book"] == wanted)


@main.command()
@click.argument("book", required=False, type=BOOK)
@click.argument("chapters", required=False)
@click.option("--scene", help='Draw one scene again, given by its chapter and number, such as "7.2".')
@click.option(
    "--text", is_flag=True, help="Analyze CHAPTERS again, too; by default only their pictures are drawn again."
)
@click.option("--all-failed", is_flag=True, help="Everything that failed, in every book, except what was cancelled.")
@yes_option
@as_json_option
@click.pass_obj
@answering
def retry(
    socket: Path,
    book: str | None,
    chapters: str | None,
    scene: str | None,
    text: bool,
    all_failed: bool,
    is_sure: bool,
    as_json: bool,
) -> None:
    """Try again what failed of BOOK, or redo CHAPTERS ("1-5,8"). Of a finished BOOK, make again what is missing.

    CHAPTERS that are done are asked for anew: their pictures where an endpoint draws them, else their scenes. If you
    changed a sheet, the style or the cast since, only pictures that this changes are drawn anew. Old pictures are kept.

    A BOOK that is no exact id, but a part of one or of a title, is asked about first.
    """
    if all_failed == (book is not None):
        raise click.UsageError("name a BOOK, or give --all-failed")
    meant = chapters_asked(chapters)
    wanted = ToRetry(all_failed=True) if book is None else ToRetry(chapters=meant)
    if scene is not None:
        wanted["scene"] = scene
    if text:
        wanted["text"] = True
    with Client(socket) as client:
        if book is not None:
            said = [*([chapters] if chapters else []), *(["--scene", scene] if scene else [])]
            words = ["retry", book, *said, *(["--text"] if text else [])]
            wanted["book"] = book_to_change(client, book, command=words, is_sure=is_sure)
            foretell(client, wanted, order="retry", is_sure=is_sure)
        answer = client.ask(RETRY, wanted)
    lines = [f"{row['book']}: queued again: {numbers_text(row['chapters'])}" for row in answer["books"]]
    say(answer, lines, as_json=as_json)


@main.command()
@click.argument("book", type=BOOK)
@click.argument("chapters", required=False)
@yes_option
@as_json_option
@click.pass_obj
@answering
def cancel(socket: Path, book: str, chapters: str | None, is_sure: bool, as_json: bool) -> None:
    """Stop work on what is unfinished of BOOK, or of its CHAPTERS ("1-5,8"); what is done stays.

    A finished book that was being redone is as finished as before.
    A BOOK that is no exact id, but a part of one or of a title, is asked about first.
    """
    meant = chapters_asked(chapters)
    with Client(socket) as client:
        words = ["cancel", book, *([chapters] if chapters else [])]
        exact = book_to_change(client, book, command=words, is_sure=is_sure)
        answer = client.ask(CANCEL, ToCancel(book=exact, chapters=meant))
    say(answer, [f"{answer['book']}: cancelled: {numbers_text(answer['chapters'])}"], as_json=as_json)


@main.command()
@click.argument("what", metavar="FILE|BOOK")
@click.option("--config", type=click.Path(path_type=Path), help="Settings file of the daemon it is for.")
@click.option("--text-model", default="", help="Estimate for this model, whatever the settings say.")
@click.option("--image-model", default="", help="Likewise, for the images.")
@click.option("--image-size", default="1536x1024", show_default=True, help="Of --image-model.")
@click.option("--image-quality", default="", help="Quality for --image-model; default: the most expensive one.")
@click.option("--endpoint", default=OPENAI_URL, show_default=True, help="Base URL of these models.")
@as_json_option
@click.pass_obj
@answering
def estimate(
    socket: Path,
    what: str,
    config: Path | None,
    text_model: str,
    image_model: str,
    image_size: str,
    image_quality: str,
    endpoint: str,
    as_json: bool,
) -> None:
    """Say what FILE or BOOK will take and cost. Needs no daemon and no key; sends nothing anywhere."""
    # reads settings and books, with all that this loads; the other commands start without
    from imaginized.cli.estimating import Wishes, estimate_of, lines_of, report_of, settings_in_force
    from imaginized.cli.loading import settings_words

    wishes = Wishes(
        endpoint=endpoint,
        text_model=text_model,
        image_model=image_model,
        image_size=image_size,
        image_quality=image_quality,
    )
    where = socket_of(socket, config)
    file = settings_in_force(where, config=config, environment=os.environ)
    found = estimate_of(what, socket=where, config=file, environment=os.environ, wishes=wishes)
    if not as_json:  # they decide what is paid
        echo(f"settings: {settings_words(file)}; --config names others", err=True)
    say(report_of(found), lines_of(found), as_json=as_json)


@main.command()
@click.option("--config", type=click.Path(path_type=Path), help="Settings file; its price_file is the table.")
@click.option("--refresh", metavar="URL", help="Download prices from this URL into price_file of [budget].")
@as_json_option
@answering
def prices(config: Path | None, refresh: str | None, as_json: bool) -> None:
    """List what models cost by the price table, each with its day and source. Needs no daemon and no key."""
    # reads settings, with all that this loads; the other commands start without
    from imaginized.cli import pricing

    price_file = pricing.price_file_of(config, os.environ)
    answer, lines = pricing.refresh(refresh, price_file=price_file) if refresh else pricing.table_of(price_file)
    say(answer, lines, as_json=as_json)


@main.command()
@click.argument("book", type=BOOK)
@click.option("--format", "formats", multiple=True, help="Such as epub; may come again. Without it those of [guide].")
@click.option("--config", type=click.Path(path_type=Path), help="Settings file of the daemon that the book is with.")
@as_json_option
@click.pass_obj
@answering
def export(socket: Path, book: str, formats: tuple[str, ...], config: Path | None, as_json: bool) -> None:
    """Write BOOK anew from what there is: as an EPUB with its pictures, cbz, pdf, single, guide-epub, markdown or html.

    BOOK may be the folder of a book, too. Needs no daemon and no key; sends nothing anywhere. Exit code 7 when a
    file could not be made.
    """
    # reads settings and books, with all that this loads; the other commands start without
    from imaginized.cli.exporting import export_book, lines_of, report_of

    ended = export_book(book, formats=formats, socket=socket_of(socket, config), config=config, environment=os.environ)
    if as_json or ended.files:
        say(report_of(ended), lines_of(ended), as_json=as_json)
    for each in ended.missing:
        echo(f"imaginizectl: no {each.format} file: {' '.join(each.remarks)}", err=True)
    for problem in ended.problems:
        echo(f"imaginizectl: {problem}", err=True)
    if ended.missing or ended.problems:
        sys.exit(ExitCode.NEEDS_ATTENTION)


@main.command()
@click.argument("book", type=BOOK)
@yes_option
@as_json_option
@click.pass_obj
@answering
def approve(socket: Path, book: str, is_sure: bool, as_json: bool) -> None:
    """Let a held BOOK continue, at the cost that `status BOOK` names.

    A BOOK that is no exact id, but a part of one or of a title, is asked about first.
    """
    with Client(socket) as client:
        exact = book_to_change(client, book, command=["approve", book], is_sure=is_sure)
        answer = client.ask(APPROVE, ToApprove(book=exact))
    text = f"{answer['book']} continues"
    if answer["may_cost_usd"]:  # nothing where it waited for something else than money
        text += f"; it may cost up to {dollars(answer['may_cost_usd'])} USD in total"
    if answer["any_price"]:
        text += ", in which calls whose price is unknown count as if they had the highest known price"
    say(answer, [text], as_json=as_json)


@main.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@asked_options
@click.option("--force", is_flag=True, help="Process the book again even if the library already has it.")
@click.option("--wait", is_flag=True, help="Wait until the added books are finished.")
@as_json_option
@click.pass_obj
@answering
def add(
    socket: Path,
    /,
    files: tuple[Path, ...],
    wait: bool,
    as_json: bool,
    **options: str | int | float | bool | None,
) -> None:
    """Copy FILES into the inbox, if they will be taken; the originals stay where they are.

    The exit code is that of the worst file: 8 a format that is not taken, 9 a book that the library has already; with
    --wait, also 7 partial, failed or held, 8 rejected, 9 cancelled.
    """
    # It looks into files; the other commands start without what that loads.
    from imaginized.cli.adding import add_and_tell
    from imaginized.cli.wishes import check_asked

    asked = check_asked(options)
    sys.exit(add_and_tell(files, socket=socket, asked=asked, is_waiting=wait, as_json=as_json))


@main.command()
@as_json_option
@click.pass_obj
@answering
def drain(socket: Path, as_json: bool) -> None:
    """Let every worker finish its step, then stop the daemon. Nothing is lost."""
    with Client(socket) as client:
        status = client.ask(STATUS)
        busy = sum(row["state"] == "working" for row in status["workers"])
        answer = client.ask(DRAIN)
    text = "all workers are idle; the daemon stops"
    if busy and status["state"] == "draining":
        text = f"second drain: {busy} steps are stopped at once and repeated after the next start"
    elif busy:
        text = (
            f"{busy} {'worker finishes its step' if busy == 1 else 'workers finish their steps'}, then the daemon stops"
        )
    say(answer, [f"draining: {text}"], as_json=as_json)


for command in (
    *asking.COMMANDS,
    *casting.COMMANDS,
    *dividing.COMMANDS,
    *operating.COMMANDS,
    *scenes.COMMANDS,
    *series.COMMANDS,
    *shelving.COMMANDS,
    *telling.COMMANDS,
    help_command,
):
    main.add_command(command)


def numbers_text(chapters: Sequence[int]) -> str:
    """The chapters an answer is about."""
    return ranges(chapters) if chapters else "its steps, no chapter"


def chapters_asked(text: str | None) -> list[int] | None:
    """The chapters that "1-5,8" names; None where none are named, which means all.

    Raises:
        ControlError: It is not of that form. An empty text is not, either: it is a script's variable that is not set.
    """
    try:
        return None if text is None else list(chapter_numbers(text))
    except ValueError as error:
        raise ControlError(str(error), exit_code=ExitCode.USAGE) from error
