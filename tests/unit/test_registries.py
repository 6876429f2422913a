"""The registries: what the settings may name is what there is."""

from dataclasses import replace
from importlib import import_module
from typing import get_args

import pytest

from imaginized.errors import Rejected
from imaginized.guide.writers import WRITERS
from imaginized.providers.modules import module_of
from imaginized.queue.manifest import ALL_CHAPTER_STAGES, STEPS, Stage
from imaginized.reading.formats import FORMATS, format_named, load_reader
from imaginized.settings.choices import GuideFormat
from imaginized.settings.vendors import VENDOR_SECTIONS, VENDORS, ImageProvider, TextProvider
from imaginized.stages.table import STAGES


def test_every_name_of_the_settings_has_its_row() -> None:
    """A name without a row would fail in a worker; a row without a name could never be chosen."""
    assert set(get_args(GuideFormat)) == set(WRITERS)
    assert set(get_args(TextProvider)) == set(VENDORS)
    assert set(get_args(ImageProvider)) == {*VENDORS, "none"}
    assert set(STAGES) == set(Stage)


def test_every_provider_can_be_made() -> None:
    """Its row names its module by a word: the settings stand below the providers and import none of them."""
    for vendor in VENDORS.values():
        assert callable(import_module(module_of(vendor)).make)


def test_every_provider_that_asks_has_its_section() -> None:
    """Under its own name, which its advice and the names of its keys are made of too."""
    sections = {section.partition(".")[0] for section in VENDOR_SECTIONS}

    assert sections == {vendor.name for vendor in VENDORS.values() if vendor.asks}


def test_every_stage_says_what_it_needs() -> None:
    """A misspelt need would be no need; a stage of a chapter has a folder of its own for what it leaves."""
    for stage in Stage:
        assert {need.value for need in stage.needs} >= set(stage.traits.needs or ())
    folders = [stage.folder for stage in ALL_CHAPTER_STAGES]

    assert len(folders) == len(set(folders))
    assert not {"chapters", "replies", "calls"} & set(folders)
    assert set(STEPS) | set(ALL_CHAPTER_STAGES) == set(Stage)


def test_no_two_formats_write_the_same_file() -> None:
    """Whichever came last would win."""
    files = [file for writer in WRITERS.values() for file in writer.paths("a-book")]

    assert len(files) == len(set(files))


def test_every_input_format_has_a_reader_that_loads() -> None:
    """A row names its reader, and no two rows promise the same ending."""
    suffixes = [suffix for row in FORMATS.values() for suffix in row.suffixes]

    assert all(callable(load_reader(row)) for row in FORMATS.values())
    assert len(suffixes) == len(set(suffixes))
    assert all(format_named(f"a{suffix.upper()}") is row for row in FORMATS.values() for suffix in row.suffixes)


def test_a_format_whose_package_is_missing_names_what_to_install() -> None:
    """The words are for whoever dropped the book: the format, the package, the command."""
    row = replace(FORMATS["epub"], extra="things", reader="no_such_package.reader:read")

    with pytest.raises(Rejected, match=r"no_such_package.*pip install 'imaginized\[things\]'"):
        load_reader(row)
