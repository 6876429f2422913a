"""Checking manifests against the JSON Schema that the package ships."""

import json
from importlib.resources import files

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

SCHEMA = json.loads((files("imaginized.book") / "manifest.schema.json").read_bytes())
VALIDATOR = Draft202012Validator(SCHEMA)


def problems_of(manifest: bytes) -> list[str]:
    """What is wrong with a manifest's JSON text by the schema; empty when nothing is."""
    return [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(json.loads(manifest))]
