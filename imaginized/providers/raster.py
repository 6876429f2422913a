"""Making the JPEG that is stored from the JPEG, PNG, WebP or GIF that came. A door to Pillow."""

import io
import warnings

from PIL import Image, UnidentifiedImageError

from imaginized.errors import ImaginizedError
from imaginized.providers.openai.images import kind_of

MOST_PIXELS = 40_000_000
JPEG_QUALITY = 90
REFERENCE_PIXELS = 1024  # of the longer side; what is larger costs more and shows a model no more
PAPER = (255, 255, 255)


class NoImage(ImaginizedError):
    """The bytes are no image that can be stored; the message says what they are."""


def to_jpeg(data: bytes) -> bytes:
    """A whole JPEG: the bytes themselves if they are one, else what they show, on white where it is transparent.

    Raises:
        NoImage: Broken, too large, or of another kind.
    """
    kind = kind_of(data)
    if kind == "svg":
        raise NoImage(
            "the endpoint sent an SVG drawing; JPEG, PNG, WebP and GIF can be used. Choose another image model"
        )
    if not kind:
        raise NoImage("what the endpoint sent is no JPEG, PNG, WebP or GIF")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            return _convert(data, kind=kind)
    except (OSError, SyntaxError, ValueError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise NoImage(f"the image that the endpoint sent is broken: {_described(error)}") from error


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
        image.load()
        if kind == "jpeg":
            return data
        opaque = Image.new("RGB", image.size, PAPER)
        drawn = image.convert("RGBA")
        opaque.paste(drawn, mask=drawn.getchannel("A"))
    target = io.BytesIO()
    opaque.save(target, "JPEG", quality=JPEG_QUALITY)
    return target.getvalue()


def _described(error: Exception) -> str:
    """Pillow's words, but for those that name an object by its place in memory: the same file says the same."""
    return "it cannot be identified" if isinstance(error, UnidentifiedImageError) else str(error)
