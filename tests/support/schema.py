"""Checking manifests against the JSON Schema that the package ships."""

import json
from importlib.resources import files
from pathlib import Path

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from imaginized.errors import ManifestCorrupt
from imaginized.queue.codec import decode
from imaginized.store.files import MANIFEST

SCHEMA = json.loads((files("imaginized.queue") / "manifest.schema.json").read_bytes())
VALIDATOR = Draft202012Validator(SCHEMA)


def problems_of(manifest: bytes) -> list[str]:
    """What is wrong with a manifest's JSON text by the schema; empty when nothing is."""
    return [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(json.loads(manifest))]


def check_manifests(folder: Path) -> None:
    """Whatever manifests lie below a folder fit the schema; those that a test broke on purpose have no say."""
    for path in folder.rglob(MANIFEST):
        data = path.read_bytes()
        try:
            decode(data)
        except ManifestCorrupt:
            continue
        assert problems_of(data) == [], path
