"""The only door to Pillow: a picture to lay colour on, stencils with smooth edges, and lettering.

Coordinates are pixels of the picture as floats, y downwards. Everything that looks random comes from the seed.
"""

import io
import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib import resources
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont, ImageOps

Colour = tuple[int, int, int]
Point = tuple[float, float]
Field = Callable[[float, float], float]
ColourField = Callable[[float, float], Colour]

FINE = (
    2  # stencils are cut at twice the size and reduced: smooth edges at a quarter of the cost of drawing everything so
)
_LARGE = 160_000  # pixels of ink from which an edge of its own fineness is not seen
JPEG_QUALITY = 88


def smooth(points: Sequence[Point], *, closed: bool = True, steps: int = 6) -> list[Point]:
    """A Catmull-Rom curve through the points."""
    count = len(points)
    if count < 3:
        return list(points)
    curve: list[Point] = []
    for index in range(count if closed else count - 1):
        before, here, after, beyond = (_neighbour(points, index + shift, closed=closed) for shift in (-1, 0, 1, 2))
        for step in range(steps):
            curve.append(_spline(before, here, after, beyond, step / steps))
    if not closed:
        curve.append(points[-1])
    return curve


def _neighbour(points: Sequence[Point], index: int, *, closed: bool) -> Point:
    return points[index % len(points)] if closed else points[min(max(index, 0), len(points) - 1)]


def _spline(p0: Point, p1: Point, p2: Point, p3: Point, t: float) -> Point:
    def axis(a: float, b: float, c: float, d: float) -> float:
        return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t**3)

    return axis(p0[0], p1[0], p2[0], p3[0]), axis(p0[1], p1[1], p2[1], p3[1])


class Stencil:
    """A shape cut out of paper: draw into it, then lay it on a canvas with a colour.

    Shapes are kept until the mask is asked for, so that only what has ink is ever rasterised and pasted.
    """

    def __init__(self, box: tuple[float, float, float, float], *, fine: int = FINE) -> None:
        """Cut within `box` (left, top, right, bottom); what falls outside is lost."""
        left, top, right, bottom = (math.floor(box[0]), math.floor(box[1]), math.ceil(box[2]), math.ceil(box[3]))
        self.box_left, self.box_top = left, top
        self.box_width, self.box_height = max(right - left, 1), max(bottom - top, 1)
        self._fine = fine
        self._shapes: list[_Shape] = []
        self._reach: tuple[float, float, float, float] | None = None
        self._mask: Image.Image | None = None
        self._ink = (left, top)

    @property
    def left(self) -> int:
        """The left edge of the ink, in pixels."""
        self.mask()
        return self._ink[0]

    @property
    def top(self) -> int:
        """The upper edge of the ink, in pixels."""
        self.mask()
        return self._ink[1]

    def _add(self, shape: "_Shape", reach: tuple[float, float, float, float]) -> "Stencil":
        self._shapes.append(shape)
        self._mask = None
        if self._reach is None:
            self._reach = reach
        else:
            old = self._reach
            self._reach = (
                min(old[0], reach[0]),
                min(old[1], reach[1]),
                max(old[2], reach[2]),
                max(old[3], reach[3]),
            )
        return self

    def polygon(self, points: Sequence[Point], *, tone: int = 255) -> "Stencil":
        """Add a filled polygon; `tone` below 255 is translucent, 0 cuts a hole."""
        return self._add(("polygon", points, tone, 0.0), _reach(points, 1.0))

    def blob(self, points: Sequence[Point], *, tone: int = 255) -> "Stencil":
        """Add a filled smooth closed curve through the points."""
        return self.polygon(smooth(points), tone=tone)

    def ellipse(self, centre: Point, rx: float, ry: float | None = None, *, tone: int = 255) -> "Stencil":
        """Add a filled ellipse."""
        ry = rx if ry is None else ry
        points = ((centre[0] - rx, centre[1] - ry), (centre[0] + rx, centre[1] + ry))
        return self._add(("ellipse", points, tone, 0.0), _reach(points, 1.0))

    def box(self, left: float, top: float, right: float, bottom: float, *, tone: int = 255) -> "Stencil":
        """Add a filled rectangle."""
        return self.polygon([(left, top), (right, top), (right, bottom), (left, bottom)], tone=tone)

    def limb(self, start: Point, end: Point, start_radius: float, end_radius: float, *, tone: int = 255) -> "Stencil":
        """Add a tapered stroke with round ends."""
        dx, dy = end[0] - start[0], end[1] - start[1]
        length = math.hypot(dx, dy) or 1.0
        nx, ny = -dy / length, dx / length
        self.polygon(
            [
                (start[0] + nx * start_radius, start[1] + ny * start_radius),
                (end[0] + nx * end_radius, end[1] + ny * end_radius),
                (end[0] - nx * end_radius, end[1] - ny * end_radius),
                (start[0] - nx * start_radius, start[1] - ny * start_radius),
            ],
            tone=tone,
        )
        self.ellipse(start, start_radius, tone=tone)
        return self.ellipse(end, end_radius, tone=tone)

    def stroke(self, points: Sequence[Point], width: float, *, tone: int = 255) -> "Stencil":
        """Add a line through the points."""
        return self._add(("stroke", points, tone, width), _reach(points, width + 1))

    def span(self) -> tuple[float, float, float, float]:
        """Where the ink lies in the box, as shares of it (left, top, right, bottom): fields run over the whole box."""
        mask = self.mask()
        left, top = (self._ink[0] - self.box_left) / self.box_width, (self._ink[1] - self.box_top) / self.box_height
        return left, top, left + mask.width / self.box_width, top + mask.height / self.box_height

    def mask(self) -> Image.Image:
        """The finished stencil at picture size, as large as its ink; it starts at (`left`, `top`)."""
        if self._mask is None:
            self._mask = self._cut()
        return self._mask

    def _cut(self) -> Image.Image:
        reach = self._reach or (0.0, 0.0, 0.0, 0.0)
        left, top = max(math.floor(reach[0]), self.box_left), max(math.floor(reach[1]), self.box_top)
        right = min(math.ceil(reach[2]), self.box_left + self.box_width)
        bottom = min(math.ceil(reach[3]), self.box_top + self.box_height)
        if self._reach is None or left >= right or top >= bottom:
            self._ink = (self.box_left, self.box_top)
            return Image.new("L", (1, 1), 0)
        self._ink, fine = (left, top), self._fine
        if fine > FINE and (right - left) * (bottom - top) > _LARGE:
            fine = FINE
        image = Image.new("L", ((right - left) * fine, (bottom - top) * fine), 0)
        draw = ImageDraw.Draw(image)
        for kind, points, tone, width in self._shapes:
            placed = [((x - left) * fine, (y - top) * fine) for x, y in points]
            if kind == "polygon":
                draw.polygon(placed, fill=tone)
            elif kind == "ellipse":
                draw.ellipse((*placed[0], *placed[1]), fill=tone)
            else:
                draw.line(placed, fill=tone, width=max(round(width * fine), 1), joint="curve")
        return image.reduce(fine) if fine > 1 else image


_Shape = tuple[str, Sequence[Point], int, float]  # kind, points, tone, width of a stroke


def _reach(points: Sequence[Point], margin: float) -> tuple[float, float, float, float]:
    """The box around points, with a margin for what a rasteriser adds to their edges."""
    across, down = [point[0] for point in points], [point[1] for point in points]
    return min(across) - margin, min(down) - margin, max(across) + margin, max(down) + margin


class Canvas:
    """A picture under construction, from back to front."""

    def __init__(self, width: int, height: int, *, seed: int) -> None:
        """Start black; the seed decides the grain."""
        self.width, self.height = width, height
        self.image = Image.new("RGB", (width, height))
        # One grain for all, moved by the seed: making noise anew costs a tenth of a plate.
        self._grain = ImageChops.offset(_noise(width, height), seed % width, seed // width % height)

    def whole(self, *, top: float = 0.0, bottom: float | None = None) -> Stencil:
        """An empty stencil over the picture, or the part between two heights."""
        return Stencil((0, max(top, 0), self.width, min(self.height if bottom is None else bottom, self.height)))

    def wash(self, field: ColourField, *, cells: tuple[int, int] = (36, 24)) -> None:
        """Cover everything with a smooth field of colour over (u, v) in 0..1."""
        self.image.paste(_colour_field(field, cells, (self.width, self.height)))

    def paint(self, stencil: Stencil, colour: Colour, *, until: Colour | None = None, opacity: float = 1.0) -> None:
        """Lay a stencil in one colour, or running to `until` at the bottom of the stencil's box."""
        mask = stencil.mask() if opacity >= 1 else stencil.mask().point([round(v * opacity) for v in range(256)])
        if until is None:
            self._lay(stencil, colour, mask)
            return
        _, top, _, bottom = stencil.span()
        column = Image.new("RGB", (1, mask.height))
        share = (bottom - top) / mask.height
        column.putdata([mix(colour, until, top + (row + 0.5) * share) for row in range(mask.height)])
        self.image.paste(column.resize(mask.size, Image.Resampling.NEAREST), (stencil.left, stencil.top), mask)

    def shade(
        self, stencil: Stencil, colour: Colour, field: Field, *, cells: tuple[int, int] = (24, 12), crayon: bool = True
    ) -> None:
        """Lay a colour on a stencil, stippled like a lithographer's crayon or soft; `field` is its strength 0..1."""
        cut = stencil.mask()
        strength = _tone_field(field, cells, cut.size, span=stencil.span())
        if not crayon:
            self._lay(stencil, colour, ImageChops.multiply(strength, cut))
            return
        grain = self._grain_under(stencil)
        stipple = ImageChops.add(strength, grain, scale=1, offset=-128).point(_CRAYON)
        mask = ImageChops.multiply(ImageChops.lighter(stipple, strength.point(_HALF)), cut)
        mask = ImageChops.multiply(mask, strength.point(_GATE))
        self._lay(stencil, colour, mask)

    def _lay(self, stencil: Stencil, colour: Colour, mask: Image.Image) -> None:
        self.image.paste(
            colour, (stencil.left, stencil.top, stencil.left + mask.width, stencil.top + mask.height), mask
        )

    def shadow(
        self, stencil: Stencil, *, shift: Point, blur: float, opacity: float, colour: Colour = (0, 0, 0)
    ) -> None:
        """Drop the soft shadow of a stencil, before the stencil itself is painted."""
        margin = round(blur * 2)
        small = stencil.mask().reduce(4)
        soft = Image.new("L", (small.width + margin // 2, small.height + margin // 2))
        soft.paste(small, (margin // 4, margin // 4))
        soft = soft.filter(ImageFilter.GaussianBlur(blur / 4)).point([round(v * opacity) for v in range(256)])
        soft = soft.resize((soft.width * 4, soft.height * 4), Image.Resampling.BILINEAR)
        left, top = round(stencil.left + shift[0]) - margin, round(stencil.top + shift[1]) - margin
        self.image.paste(colour, (left, top, left + soft.width, top + soft.height), soft)

    def rim(self, stencil: Stencil, colour: Colour, *, shift: Point, opacity: float = 0.9) -> None:
        """Light the edge of a stencil that faces away from `shift`."""
        mask = stencil.mask()
        moved = Image.new("L", mask.size)
        moved.paste(mask, (round(shift[0]), round(shift[1])))
        lit = ImageChops.subtract(mask, moved)
        lit = lit.point([round(v * opacity) for v in range(256)])
        self._lay(stencil, colour, lit)

    def glow(
        self, centre: Point, radius: float, colour: Colour, *, strength: float = 1.0, falloff: float = 2.0
    ) -> None:
        """Add light around a point."""
        size = max(round(radius * 2), 2)
        left, top = round(centre[0] - radius), round(centre[1] - radius)
        box = (max(left, 0), max(top, 0), min(left + size, self.width), min(top + size, self.height))
        if box[0] >= box[2] or box[1] >= box[3]:
            return
        disc = _round_gradient()
        share = disc.width / size
        part = ((box[0] - left) * share, (box[1] - top) * share, (box[2] - left) * share, (box[3] - top) * share)
        levels = [strength * max(1 - v / 255, 0) ** falloff for v in range(256)]
        bands = [disc.point([round(channel * level) for level in levels]) for channel in colour]
        light = Image.merge("RGB", bands)
        light = light.resize((box[2] - box[0], box[3] - box[1]), Image.Resampling.BILINEAR, box=part)
        self.image.paste(ImageChops.screen(self.image.crop(box), light), box)

    def veil(self, colour: Colour, field: Field, *, cells: tuple[int, int] = (24, 16)) -> None:
        """Lay a translucent colour over everything, as strong as `field` says (0..1)."""
        self.image.paste(colour, (0, 0, self.width, self.height), _tone_field(field, cells, (self.width, self.height)))

    def tint(self, colour: Colour, share: float) -> None:
        """Draw all colours towards the shades of one, as far as `share` (0..1) says."""
        shades = ImageOps.colorize(self.image.convert("L"), (16, 14, 18), (250, 246, 238), mid=colour)
        self.image = Image.blend(self.image, shades, share)

    def frame(self, box: tuple[float, float, float, float]) -> None:
        """Show only this part of the picture (left, top, right, bottom), as large as the whole was."""
        self.image = self.image.resize((self.width, self.height), Image.Resampling.BICUBIC, box=box)

    def soften(self, radius: float) -> None:
        """Put everything painted so far out of focus; at a third of the size, for speed."""
        small = self.image.reduce(3).filter(ImageFilter.GaussianBlur(radius / 3))
        self.image = small.resize((self.width, self.height), Image.Resampling.BILINEAR)

    def finish(self, *, grain: float = 0.06, mirrored: bool = False) -> Image.Image:
        """The picture with the tooth of paper in it, left and right exchanged if `mirrored`."""
        if mirrored:
            self.image = ImageOps.mirror(self.image)
        tooth = self._grain.point([round(128 + (v - 128) * grain) for v in range(256)])
        return ImageChops.add(self.image, Image.merge("RGB", (tooth, tooth, tooth)), scale=1, offset=-128)

    def _grain_under(self, stencil: Stencil) -> Image.Image:
        wide, tall = stencil.mask().size
        left, top = stencil.left % self.width, stencil.top % self.height
        if left + wide > self.width or top + tall > self.height:
            left, top = max(self.width - wide, 0), max(self.height - tall, 0)
        return self._grain.crop((left, top, left + wide, top + tall))


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """The colour `share` (0..1) of the way from the first to the second."""
    share = min(max(share, 0.0), 1.0)
    return (
        round(first[0] + (second[0] - first[0]) * share),
        round(first[1] + (second[1] - first[1]) * share),
        round(first[2] + (second[2] - first[2]) * share),
    )


def _colour_field(field: ColourField, cells: tuple[int, int], size: tuple[int, int]) -> Image.Image:
    small = Image.new("RGB", cells)
    small.putdata([field(x / (cells[0] - 1), y / (cells[1] - 1)) for y in range(cells[1]) for x in range(cells[0])])
    # Smooth at a quarter of the size first: one bicubic step over everything costs four times as much.
    middle = (max(size[0] // 4, 1), max(size[1] // 4, 1))
    return small.resize(middle, Image.Resampling.BICUBIC).resize(size, Image.Resampling.BILINEAR)


@lru_cache(maxsize=2)
def _noise(width: int, height: int) -> Image.Image:
    wide, tall = round(width * 0.7), round(height * 0.7)
    speckles = Image.frombytes("L", (wide, tall), Random(1).randbytes(wide * tall))
    return speckles.resize((width, height), Image.Resampling.BICUBIC)


def _tone_field(
    field: Field,
    cells: tuple[int, int],
    size: tuple[int, int],
    *,
    span: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0),
) -> Image.Image:
    """The part `span` of a field over (u, v) in 0..1, enlarged to `size`."""
    small = Image.new("L", cells)
    tones = (field(x / (cells[0] - 1), y / (cells[1] - 1)) for y in range(cells[1]) for x in range(cells[0]))
    small.putdata([round(255 * min(max(tone, 0.0), 1.0)) for tone in tones])
    part = (span[0] * cells[0], span[1] * cells[1], min(span[2], 1.0) * cells[0], min(span[3], 1.0) * cells[1])
    return small.resize(size, Image.Resampling.BILINEAR, box=part)


_CRAYON = [min(max(round((v - 104) * 1.5), 0), 190) for v in range(256)]
_HALF = [v // 2 for v in range(256)]
_GATE = [min(v * 6, 255) for v in range(256)]


@lru_cache(maxsize=1)
def _round_gradient() -> Image.Image:
    """0 in the middle to 255 at the rim; Pillow's own radial gradient is an ellipse and shows its box."""
    return _tone_field(lambda u, v: 2 * math.hypot(u - 0.5, v - 0.5), (64, 64), (128, 128))


class Face:
    """One cut of EB Garamond at one size."""

    def __init__(self, size: int, *, weight: int = 400, italic: bool = False) -> None:
        """Load the face; size in pixels, weight 400..800."""
        self._font = _font(size, weight, italic)
        self.size = size

    def width(self, text: str) -> float:
        """How wide the text runs, in pixels."""
        return _length(self._font, text)

    def has(self, character: str) -> bool:
        """Whether the face has a drawing of its own for the character, not the box for missing ones."""
        return character.isspace() or _glyph(self._font, character) != _glyph(self._font, "\U0010fffe")

    def write(self, image: Image.Image, at: Point, text: str, colour: Colour) -> None:
        """Set one line; `at` is the left end of its baseline."""
        ImageDraw.Draw(image).text(at, text, font=self._font, fill=colour, anchor="ls")


@lru_cache(maxsize=32)
def _font(size: int, weight: int, italic: bool) -> ImageFont.FreeTypeFont:
    name = "EBGaramond-Italic[wght].ttf" if italic else "EBGaramond[wght].ttf"
    with resources.as_file(resources.files("fontpkg_eb_garamond") / "files" / name) as path:
        font = ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)
    font.set_variation_by_axes([weight])
    return font


@lru_cache(maxsize=8192)
def _length(font: ImageFont.FreeTypeFont, text: str) -> float:
    return font.getlength(text)


@lru_cache(maxsize=4096)
def _glyph(font: ImageFont.FreeTypeFont, character: str) -> bytes:
    return bytes(font.getmask(character))


class Sheet:
    """The paper the finished picture is mounted on, with its caption."""

    def __init__(self, width: int, height: int, *, paper: Colour) -> None:
        """Start with blank paper."""
        self._paper = paper
        self.image = Image.new("RGB", (width, height), paper)

    def mount(self, picture: Image.Image, at: tuple[int, int]) -> None:
        """Put the picture down."""
        self.image.paste(picture, at)

    def frame(self, box: tuple[int, int, int, int], colour: Colour, *, width: int = 2) -> None:
        """Draw a rectangle's outline."""
        ImageDraw.Draw(self.image).rectangle(box, outline=colour, width=width)

    def dot(self, centre: Point, radius: float, colour: Colour) -> None:
        """Draw a small filled disc."""
        stencil = Stencil(
            (centre[0] - radius - 1, centre[1] - radius - 1, centre[0] + radius + 1, centre[1] + radius + 1)
        )
        mask = stencil.ellipse(centre, radius).mask()
        self.image.paste(colour, (stencil.left, stencil.top), mask)

    def jpeg(self, *, width: int, height: int) -> bytes:
        """The sheet as a JPEG of exactly this size; another aspect ratio gets more paper, never a distorted picture."""
        image = self.image
        if image.size != (width, height):
            image = ImageOps.pad(image, (width, height), color=self._paper)
        target = io.BytesIO()
        image.save(target, "JPEG", quality=JPEG_QUALITY)
        return target.getvalue()


def tile(plates: Sequence[bytes], *, columns: int, width: int) -> bytes:
    """Image files side by side, each `width` pixels wide, as one PNG."""
    images = [Image.open(io.BytesIO(plate)).convert("RGB") for plate in plates]
    small = [image.resize((width, round(image.height * width / image.width))) for image in images]
    height = max(image.height for image in small)
    sheet = Image.new("RGB", (width * columns, height * -(-len(small) // columns)), "white")
    for index, image in enumerate(small):
        sheet.paste(image, (index % columns * width, index // columns * height))
    target = io.BytesIO()
    sheet.save(target, "PNG")
    return target.getvalue()
