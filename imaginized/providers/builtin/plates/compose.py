"""Draws a plate: what is to be seen, the kind of view, the backdrop, the camera, who stands there, what lies before it.

The plate is the picture: no passage stands in it, only a small line that says what made it.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from imaginized.providers.api import ImageReply, ImageRequest
from imaginized.providers.builtin.abstaining import abstain
from imaginized.providers.builtin.known import recast
from imaginized.providers.builtin.plates import scenic
from imaginized.providers.builtin.plates.canvas import Canvas, Colour, Sheet, mix
from imaginized.providers.builtin.plates.closeup import choose_setting, draw_closeup
from imaginized.providers.builtin.plates.drawn import Drawn
from imaginized.providers.builtin.plates.footing import under_roof
from imaginized.providers.builtin.plates.glance import company_seen, ground_seen
from imaginized.providers.builtin.plates.objects import outlines, things
from imaginized.providers.builtin.plates.parts import Player
from imaginized.providers.builtin.plates.plain import choose_grounding
from imaginized.providers.builtin.plates.players import ALIKE, choose_players
from imaginized.providers.builtin.plates.portrait import (
    AT_WALLS,
    FACED,
    are_at_sea,
    arrangement,
    choose_sitting,
    cut_of_company,
    draw_group,
    draw_portrait,
    is_half,
)
from imaginized.providers.builtin.plates.poses import HALF_SHOWN
from imaginized.providers.builtin.plates.reading import Reading
from imaginized.providers.builtin.plates.told import tell_scene
from imaginized.providers.builtin.plates.typeset import write_signature
from imaginized.providers.builtin.plates.typographic import choose_words, draw_type, is_dark, layout_of, ornament_of
from imaginized.providers.builtin.resting import say_where
from imaginized.providers.builtin.staging import stage_quote
from imaginized.providers.builtin.telling import MOST_TOLD, number_of, tell
from imaginized.story.elements import Element
from imaginized.story.stage_lists import Deed, Setting
from imaginized.story.stage_things import Thing
from imaginized.story.staging import Being, Figure, Season, Staging, Time, View, Weather

METHOD = "storyboard plate"
PAPER: Colour = (243, 236, 222)
SHEET = (1536, 1024)
PICTURE = (1484, 944)
MOUNT = (26, 24)
FEW = 3
SIGNATURE = 1003  # the baseline of the small line
# What a style guide may ask of all plates of a book in its line "Palette: …", and how strongly it is heard.
TONES: dict[str, tuple[Colour, float]] = {
    "sepia": ((156, 118, 76), 0.9),
    "monochrome": ((128, 128, 128), 1.0),
    "muted": ((130, 126, 120), 0.4),
    "warm": ((196, 124, 66), 0.3),
    "cool": ((84, 122, 170), 0.35),
}


def draw_plate(request: ImageRequest) -> ImageReply:
    """Draw the scene; the same request gives the same bytes in any process."""
    data, drawn = compose_plate(request)
    return ImageReply(data=data, alt=drawn.alt, method=METHOD, by_model=False)


def compose_plate(request: ImageRequest) -> tuple[bytes, Drawn]:
    """Draw the scene and say what was drawn."""
    scene = request.scene
    staging = scene.staging or stage_quote(
        scene.quote.text, request.elements
    )  # of old data and of models there is none
    staging = abstain(staging, recast(staging, request.elements, chapter=scene.chapter), request.elements)
    reading = tell_scene(request, staging)
    canvas = Canvas(*PICTURE, seed=reading.seed)
    drawn = _draw(canvas, request, reading, staging)
    for word in _tones_of(request.style):
        canvas.tint(*TONES[word])
    sheet = Sheet(*SHEET, paper=PAPER)
    # Who acts stands on the left of whom it is done to: without this he would in every plate of a book.
    mirrored = drawn.frame.startswith(("scene", "people")) and reading.dice("mirror").random() < 0.5
    sheet.mount(canvas.finish(mirrored=mirrored), MOUNT)
    edge = mix(reading.palette.ink, PAPER, 0.15)
    sheet.frame((MOUNT[0] - 5, MOUNT[1] - 5, MOUNT[0] + PICTURE[0] + 4, MOUNT[1] + PICTURE[1] + 4), edge)
    write_signature(
        sheet, book_title=request.book_title, baseline=SIGNATURE, left=MOUNT[0], right=MOUNT[0] + PICTURE[0]
    )
    return sheet.jpeg(width=request.width, height=request.height), drawn


def _draw(canvas: Canvas, request: ImageRequest, reading: Reading, staging: Staging) -> Drawn:
    """The view the staging asks for, or the nearest below it that can be drawn."""
    players = choose_players(request, staging)
    if reading.indoors or reading.roofed:
        players = under_roof(players)
    view = choose_view(staging, players)
    turn = reading.turn
    if view is View.SCENE:
        scene = scenic.draw_scene(canvas, reading, staging, players)
        who = _doings(staging, scene.players, request.elements)
        return _say(staging, scene.players, scene.composition, scene.where, who=who)
    if view is View.OBJECT:
        hero = next(things()[thing.value] for thing in staging.things if thing.value in things())
        setting = choose_setting(hero, turn)
        draw_closeup(canvas, reading, hero, setting=setting)
        alt = f"Storyboard plate: {_a(staging_noun(staging))}, the only thing in the picture."
        frame = f"object/{setting}"
        return Drawn(alt=alt, composition=frame, people=0, frame=frame, company=staging_noun(staging))
    if view is View.PORTRAIT:
        sitting = choose_sitting(reading, players[0])
        ground = choose_grounding(reading, near=sitting != "whole", swims=are_at_sea(players[:1]))
        draw_portrait(canvas, reading, players[0], ground=ground)
        cut = cut_of_company(reading, players[:1]) if sitting == "whole" else sitting
        seen = sitting == "whole" or (sitting == "bust" and players[0].told in FACED)
        who = _doings(staging, players[:1], request.elements) if seen else ""
        drawn = _say(staging, players[:1], f"portrait/{ground}/{sitting}/{arrangement(turn)}", "", who=who)
        return replace(drawn, frame=f"people/{ground_seen(ground)}/{cut}")
    if view is View.GROUP:
        ground = choose_grounding(reading, near=False, floor=not is_half(reading, players), swims=are_at_sea(players))
        draw_group(canvas, reading, players, ground=ground, crowd=staging.crowd)
        cut = cut_of_company(reading, players, crowd=staging.crowd)
        composition = f"group/{ground}/{len(players)}/{arrangement(turn)}"
        drawn = _say(staging, players, composition, "", who=_doings(staging, players, request.elements))
        return replace(drawn, frame=f"people/{ground_seen(ground)}/{cut}")
    return _set_words(canvas, request, reading)


def _set_words(canvas: Canvas, request: ImageRequest, reading: Reading) -> Drawn:
    """Set a short passage, or the title of its chapter, in type."""
    ornament = ornament_of(reading.turn)
    title = request.chapter_title or request.book_title
    words = choose_words(request.scene.quote.text, title)
    draw_type(canvas, reading, words=words, ornament=ornament)
    alt = f"Storyboard plate with the title of the chapter: {title.rstrip('.')}."
    if words is not title:
        alt = f"Storyboard plate with the words of the passage: {words}"
    paper = "dark" if is_dark(reading.turn) else "pale"
    frame = f"typographic/{paper}/{layout_of(reading.turn)}"
    composition = f"typographic/{ornament}/{paper}/{layout_of(reading.turn)}"
    return Drawn(alt=alt, composition=composition, people=0, frame=frame, company="words")


def choose_view(staging: Staging, players: tuple[Player, ...]) -> View:
    """The view asked for; where nobody or nothing of it can be drawn, the next that is still honest."""
    hero = any(thing.value in things() for thing in staging.things)
    view = staging.view
    at_window = any(player.deed == "at window" for player in players)  # a room's own wall may be shelves
    if view is View.SCENE and (not staging.is_placed or (at_window and len(players) < FEW)):
        view = View.GROUP
    if view is View.OBJECT and not hero:
        view = View.PORTRAIT
    if view in {View.PORTRAIT, View.GROUP} and not players:
        view = View.TYPOGRAPHIC  # a thing for somebody who cannot be drawn is not what the passage is about
    if view in {View.PORTRAIT, View.GROUP} and len(players) == 1:
        return View.GROUP if _is_small_scene(staging, players[0]) else View.PORTRAIT
    return view


def _is_small_scene(staging: Staging, player: Player) -> bool:
    """Whether one alone is more than a portrait: with a horse, or doing something."""
    is_doing = staging.indoors is not None or staging.view is View.GROUP
    acts = is_doing and player.actor.kind == "person" and player.deed not in HALF_SHOWN | {"hold"}
    acts = acts or player.deed == "at window" or player.upon in AT_WALLS or bool(staging.fallen)
    return bool(player.vehicle or player.mount or player.burden or acts)


def staging_noun(staging: Staging) -> str:
    """What the hero of an object's plate is called: the first thing that has a drawing."""
    return next(thing.value for thing in staging.things if thing.value in things())


def _doings(staging: Staging, players: Sequence[Player], elements: Sequence[Element]) -> str:
    """Who does what, where all whom the scene tells of are drawn; empty where somebody is left out."""
    drawn = sum(player.stands_for for player in players)
    told = sum(figure.count for figure in staging.figures)
    mounts = sum(player.mount is not None for player in players)  # a horse under a rider need not be told of
    beasts = sum(figure.count for figure in staging.figures if figure.being is Being.CREATURE)
    if not players or len(staging.figures) > MOST_TOLD or not told <= drawn <= told + max(mounts - beasts, 0):
        return ""
    staging = replace(staging, figures=tuple(map(as_drawn, staging.figures)))
    # Without the place and its weather: the backdrop says what of these is drawn.
    people = replace(staging, view=View.GROUP, setting=Setting.UNKNOWN, things=(), crowd=False)
    people = replace(people, time=Time.UNKNOWN, weather=Weather.UNKNOWN, season=Season.UNKNOWN)
    return tell(people, elements).rstrip(".")


def as_drawn(figure: Figure) -> Figure:
    """What a beast's outline shows: one that has a single shape neither sleeps nor sits in it."""
    if figure.being is not Being.CREATURE:
        return figure
    rigid = ALIKE.get(figure.species, figure.species.value) in outlines()
    shown = figure.deed not in _NO_BEAST_DOES and not (rigid and figure.deed in _LYING)
    return figure if shown else replace(figure, deed=Deed.STAND, upon=Thing.NONE)


_NO_BEAST_DOES = frozenset({Deed.SIT, Deed.KNEEL, Deed.LEAN})
_LYING = frozenset({Deed.LIE, Deed.SLEEP, Deed.LIE_DEAD, Deed.CROUCH, Deed.FALL})


def _say(staging: Staging, players: tuple[Player, ...], composition: str, where: str, *, who: str = "") -> Drawn:
    """One sentence of what can be seen."""
    who = who or join_names([player.actor.name for player in players if player.actor.name] + unnamed(players))
    if staging.crowd and (where or len(players) > 1):
        who = f"{who} before a crowd" if who else "a crowd"
    place = say_where(who, where) if who else f"a view {where}, with nobody in it"
    people = sum(player.stands_for for player in players)
    company = company_seen(players, crowd=staging.crowd)
    alt = f"Storyboard plate: {place}."
    return Drawn(alt=alt, composition=composition, people=people, frame=composition, company=company)


def _tones_of(style: str) -> list[str]:
    """The tone words of the palette line of a style guide, in its order."""
    lines = [line for line in style.casefold().splitlines() if line.startswith("palette:")]
    return [word for line in lines for word in re.findall(r"\w+", line) if word in TONES]


def unnamed(players: tuple[Player, ...]) -> list[str]:
    """Those without a name, by what they are and how many."""
    counts = Counter(player.actor.noun for player in players if not player.actor.name)
    return [_a(noun) if count == 1 else number_of(noun, count) for noun, count in counts.items()]


_ONLY = frozenset({"moon", "sun"})
_MANY = frozenset(
    {"stars", "stairs", "spectacles", "scissors", "cards", "corn", "smoke", "lightning", "bread", "meat", "fruit"}
)


def _a(noun: str) -> str:
    if noun in _MANY or noun in _ONLY:
        return noun if noun in _MANY else f"the {noun}"
    return f"{'an' if noun[:1] in 'aeiou' else 'a'} {noun}"


def join_names(names: list[str]) -> str:
    """Names in a row: A, B and C."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""
