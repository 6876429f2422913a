"""What pictures of exports say of themselves, and how they are made small enough."""

import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from pathlib import Path

import pytest

from imaginized.guide.jpeg import segments_of, size_of
from imaginized.guide.material import Copies, plates_of
from imaginized.guide.pictures import digest_of, fitted
from imaginized.guide.xmp import BY_MODEL, BY_WORDS, with_xmp
from tests.support.editions import JPEG, material_of
from tests.support.epubs import BUNDLED

JFIF = bytes.fromhex("ffe000104a46494600010100000100010000")
EXIF = b"\xff\xe1\x00\x0eExif\0\0MM\0*\0\0"
SIGNED = b"\xff\xeb\x00\x12JP\0\1\0\0\0\1jumbc2pa"
ALT = "{http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/}AltTextAccessibility"
KIND = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}DigitalSourceType"
SYSTEM = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}AISystemUsed"
HEADER = b"http://ns.adobe.com/xap/1.0/\0"


def packet_of(jpeg: bytes) -> ElementTree.Element:
    start, end = next((at, end) for _, at, end in segments_of(jpeg) if jpeg.startswith(HEADER, at + 4))
    return ElementTree.fromstring(jpeg[start + 4 + len(HEADER) : end])


def said(jpeg: bytes, name: str) -> list[str]:
    return ["".join(each.itertext()) for each in packet_of(jpeg).iter(name)]


def foreign(packet: str) -> bytes:
    body = HEADER + packet.encode()
    return JPEG[:2] + b"\xff\xe1" + (len(body) + 2).to_bytes(2) + body + JPEG[2:]


@pytest.mark.parametrize(("by_model", "kind"), [(True, BY_MODEL), (False, BY_WORDS)])
def test_a_picture_says_how_it_was_made(by_model: bool, kind: str) -> None:
    """By a trained model with its name, or from words; and what is in it. Not a pixel is touched."""
    made = with_xmp(JPEG, alt='A <red> "house" & more', method="some/model-2", by_model=by_model)

    assert said(made, KIND) == [kind]
    assert said(made, ALT) == ['A <red> "house" & more']
    assert said(made, SYSTEM) == (["some/model-2"] if by_model else [])
    assert made.endswith(JPEG[2:]) and size_of(made) == size_of(JPEG)


def test_what_must_stand_first_stands_first() -> None:
    """JFIF and Exif come before anything else in a JPEG."""
    made = with_xmp(JPEG[:2] + JFIF + EXIF + JPEG[2:], alt="x", method="m", by_model=True)

    assert made.startswith(JPEG[:2] + JFIF + EXIF + b"\xff\xe1")


def test_words_of_another_drawing_are_replaced_and_never_doubled() -> None:
    """A picture that is described again says the new words only."""
    once = with_xmp(JPEG, alt="before", method="m", by_model=True)
    twice = with_xmp(once, alt="after", method="m", by_model=True)

    assert said(twice, ALT) == ["after"]
    assert twice.count(HEADER) == 1


def test_what_its_maker_says_stays() -> None:
    """Only what the packet of another program lacks is put into it."""
    packet = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">'
        "<Iptc4xmpExt:DigitalSourceType>theirs</Iptc4xmpExt:DigitalSourceType></rdf:Description></rdf:RDF></x:xmpmeta>"
    )
    made = with_xmp(foreign(packet), alt="words", method="m", by_model=True)

    assert said(made, KIND) == ["theirs"]
    assert said(made, ALT) == ["words"]


@pytest.mark.parametrize(
    "data", [JPEG[:2] + SIGNED + JPEG[2:], b"\x89PNG\r\n", b"", b"\xff\xd8\xff", foreign("no XML")]
)
def test_what_is_signed_or_no_jpeg_stays_as_it_is(data: bytes) -> None:
    """One more byte would break the signature of its maker; what cannot be read is not mended."""
    assert with_xmp(data, alt="x", method="m", by_model=True) == data


def test_hostile_words_stay_words() -> None:
    """Markup, controls and half characters of a title or a model's name make no other packet."""
    made = with_xmp(JPEG, alt="]]></rdf:RDF>\x00\ud800\ufffe" * 5000, method="<a b='c'>", by_model=True)

    assert said(made, SYSTEM) == ["<a b='c'>"]


def test_a_copy_that_was_made_with_the_picture_is_used(tmp_path: Path) -> None:
    """No picture is written anew then; without one, what is made is left for the next time."""
    asked: list[int] = []

    def fit(data: bytes, longest: int, quality: int) -> bytes:
        asked.append(quality)
        return data if not quality else data[: len(data) // 4]

    picture = JPEG + bytes(200_000)
    material = material_of(BUNDLED, tmp_path, most_bytes=2_500_000, fit=fit, picture=picture)
    plates = tuple(plates_of(material))
    first = fitted(plates, material=material, taken=0)
    made = dict(material.copies.made)
    asked.clear()
    again = fitted(plates, material=replace(material, copies=Copies(kept=made.get)), taken=0)

    assert set(made) == {digest_of(picture)}
    assert asked == []
    assert again == first
    assert "made smaller" in first.remarks[0]
