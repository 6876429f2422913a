"""Making the JPEG that is stored from whatever picture came. A door to Pillow."""

import io
import warnings

from PIL import Image, UnidentifiedImageError

from imaginized.errors import ImaginizedError
from imaginized.providers.openai.images import kind_of

MOST_PIXELS = 40_000_000
JPEG_QUALITY = 90
REFERENCE_PIXELS = 1024  # of the longer side; what is larger costs more and shows a model no more
PAPER = (255, 255, 255)
FEWEST_PIXELS = 16  # of the shorter side
LONGEST_SHAPE = 5  # times the shorter side
EIGHT_BITS = 255  # some say 16 bits and use 8
SAMPLED = 16  # pixels a side
BLACK, WHITE = 6, 249  # of 255: JPEG never is quite the one or the other
USABLE = "JPEG, PNG, WebP, AVIF, GIF, BMP and TIFF"


class NoImage(ImaginizedError):
    """The bytes are no image that can be stored; the message says what they are."""


def to_jpeg(data: bytes) -> bytes:
    """A new JPEG in RGB of what the bytes show, on white where it is transparent; of an animation the first frame.

    Also a JPEG is written anew: what a stranger put behind or between its lines stays here.

    Raises:
        NoImage: Broken, too large, no picture of anything, or of another kind.
    """
    kind = kind_of(data)
    if kind == "svg":
        raise NoImage(f"the endpoint sent an SVG drawing; {USABLE} can be used. Choose another image model")
    if not kind:
        raise NoImage(f"what the endpoint sent is not a picture ({USABLE})")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            return _convert(data, kind=kind)
    except (OSError, SyntaxError, ValueError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise NoImage(f"the image that the endpoint sent is broken: {_described(error)}") from error


def size_of(jpeg: bytes) -> tuple[int, int]:
    """Width and height of a JPEG of ours."""
    with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as image:
        return image.size


def to_reference(data: bytes) -> bytes:
    """A JPEG small enough to be sent along with every scene.

    Raises:
        NoImage: It is no image.
    """
    jpeg = to_jpeg(data)
    with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as image:
        if max(image.size) <= REFERENCE_PIXELS:
            return jpeg
        image.thumbnail((REFERENCE_PIXELS, REFERENCE_PIXELS))
        target = io.BytesIO()
        image.convert("RGB").save(target, "JPEG", quality=JPEG_QUALITY)
    return target.getvalue()


def to_fit(data: bytes, longest: int, quality: int) -> bytes:
    """A JPEG whose longer side has no more than so many pixels.

    Args:
        data: A JPEG; itself if it is small enough and nothing is asked of its quality.
        longest: Pixels of the longer side.
        quality: Of JPEG, for one written anew in any case; 0 where its own is good enough.

    Raises:
        NoImage: It is broken.
    """
    try:
        with Image.open(io.BytesIO(data), formats=["JPEG"]) as image:
            if max(image.size) <= longest and not quality:
                return data
            image.draft("RGB", (longest, longest))  # decodes an eighth, a quarter or a half of it: much faster
            image.thumbnail((longest, longest))
            target = io.BytesIO()
            image.convert("RGB").save(target, "JPEG", quality=quality or JPEG_QUALITY)
    except (OSError, SyntaxError, ValueError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise NoImage(f"the picture is broken: {_described(error)}") from error
    return target.getvalue()


def _convert(data: bytes, *, kind: str) -> bytes:
    with Image.open(io.BytesIO(data), formats=[kind.upper()]) as image:
        if image.width * image.height > MOST_PIXELS:
            raise ValueError(f"{image.width} × {image.height} pixels are more than can be")
        if min(image.size) < FEWEST_PIXELS or max(image.size) > LONGEST_SHAPE * min(image.size):
            raise NoImage(
                f"the endpoint sent {image.width} × {image.height} pixels: too small or too narrow for a picture"
            )
        image.load()
        drawn = _in_colours(image)
    if _is_blank(drawn):
        raise NoImage("the endpoint sent a picture that is all black or all white, which shows nothing")
    target = io.BytesIO()
    drawn.save(target, "JPEG", quality=JPEG_QUALITY)
    return target.getvalue()


def _in_colours(image: Image.Image) -> Image.Image:
    """In RGB, on white where it is transparent; 16 bits a pixel as 8."""
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        most = image.getextrema()[1]
        image = image.point(lambda value: value / 256 if most > EIGHT_BITS else value).convert("L")  # type: ignore[operator]
    if image.mode in ("RGB", "L", "CMYK", "YCbCr"):
        return image if image.mode == "RGB" else image.convert("RGB")
    opaque = Image.new("RGB", image.size, PAPER)
    drawn = image.convert("RGBA")
    opaque.paste(drawn, mask=drawn.getchannel("A"))
    return opaque


def _is_blank(image: Image.Image) -> bool:
    """Whether it is all black or all white: what models draw that ran out of numbers or were stopped by a filter."""
    # Of almost every picture a few pixels tell that it is not; to look at all takes as long as to encode it.
    for some in (image.resize((SAMPLED, SAMPLED), Image.Resampling.NEAREST), image):
        darkest, lightest = some.convert("L").getextrema()
        if lightest > BLACK and darkest < WHITE:  # type: ignore[operator]
            return False
    return True


def _described(error: Exception) -> str:
    """Pillow's words, but for those that name an object by its place in memory: the same file says the same."""
    return "it cannot be identified" if isinstance(error, UnidentifiedImageError) else str(error)
