"""What deploy/ has for containers: what the schemas ask for, and commands and settings that the programs take.

Nothing here runs it: no engine and no cluster is at hand.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click
import kubernetes_validate
import pytest
import yaml

from imaginized.cli import ctl, daemon
from imaginized.settings.file import load_settings

DEPLOY = Path(__file__).parents[2] / "deploy"
MANIFESTS = sorted((DEPLOY / "kubernetes").glob("*.yaml"))
COMPOSED = sorted(DEPLOY.glob("compose*.yaml"))
PROGRAMS = {"imaginized": daemon.main, "imaginizectl": ctl.main}
# What keda.sh/v1alpha1 takes of a ScaledObject, https://keda.sh/docs/latest/reference/scaledobject-spec/
SCALED_KEYS = {"scaleTargetRef", "pollingInterval", "cooldownPeriod", "minReplicaCount", "maxReplicaCount", "triggers"}
PROMETHEUS_KEYS = {"serverAddress", "query", "threshold"}

Document = Mapping[str, Any]


def documents(path: Path) -> list[Document]:
    return [each for each in yaml.safe_load_all(path.read_text()) if each]


def all_documents() -> list[Document]:
    return [each for path in MANIFESTS for each in documents(path)]


def is_scaled(document: Document) -> bool:
    return str(document["apiVersion"]).startswith("keda.sh/")


def check_command(words: list[str]) -> None:
    """Refuse what the program would refuse; runs nothing."""
    program = PROGRAMS[words[0]]
    context = click.Context(program, info_name=words[0])
    name, command, rest = program.resolve_command(context, words[1:])
    assert command is not None
    command.make_context(name, rest, parent=context)


def check_settings(variables: Mapping[str, str]) -> None:
    """Refuse variables that are no settings, or not of their kind."""
    load_settings(
        None, environment={name: value for name, value in variables.items() if name.startswith("IMAGINIZED_")}
    )


def pods() -> Iterator[Document]:
    for document in all_documents():
        if document["kind"] in ("Deployment", "StatefulSet"):
            yield document


def ours(pod: Document) -> list[Document]:
    """The containers of a pod that run our programs."""
    containers: list[Document] = pod["spec"]["template"]["spec"]["containers"]
    return [one for one in containers if "imaginized" in one["image"]]


@pytest.mark.parametrize("path", [*MANIFESTS, *COMPOSED], ids=lambda path: path.name)
def test_its_head_says_that_nobody_ran_it(path: Path) -> None:
    """Whoever takes it must know."""
    assert re.search(r"never run by (Docker|Kubernetes)", path.read_text().split("\n\n")[0])


def test_manifests_are_what_the_published_schemas_ask_for() -> None:
    """Strictly: a key that no schema knows is a mistake."""
    found = [document for document in all_documents() if not is_scaled(document)]

    for document in found:
        kubernetes_validate.validate(document, kubernetes_validate.latest_version(), strict=True)
    assert {str(document["kind"]) for document in found} == {"Service", "Deployment", "StatefulSet"}


def test_scaling_names_deployments_that_are_there() -> None:
    """KEDA's own kinds have no schema among those of Kubernetes: what its reference asks for is looked at here."""
    deployments = {document["metadata"]["name"] for document in pods() if document["kind"] == "Deployment"}

    scaled = [document for document in all_documents() if is_scaled(document)]

    for document in scaled:
        spec = document["spec"]
        assert (document["apiVersion"], document["kind"]) == ("keda.sh/v1alpha1", "ScaledObject")
        assert set(spec) <= SCALED_KEYS
        assert spec["scaleTargetRef"]["name"] in deployments
        for trigger in spec["triggers"]:
            assert trigger["type"] == "prometheus"
            assert set(trigger["metadata"]) == PROMETHEUS_KEYS
            assert all(isinstance(value, str) for value in trigger["metadata"].values())
    assert len(scaled) == 2


def test_pods_hang_together() -> None:
    """Selectors find their pods, mounts their volumes, and services the ports that they name."""
    for document in pods():
        spec, template = document["spec"], document["spec"]["template"]
        assert spec["selector"]["matchLabels"].items() <= template["metadata"]["labels"].items()
        inside = template["spec"]
        volumes = {volume["name"] for volume in inside.get("volumes", ())}
        volumes |= {claim["metadata"]["name"] for claim in spec.get("volumeClaimTemplates", ())}
        for container in [*inside["containers"], *inside.get("initContainers", ())]:
            assert {mount["name"] for mount in container.get("volumeMounts", ())} <= volumes
            assert container["securityContext"]["readOnlyRootFilesystem"] is True
    labels = [document["spec"]["template"]["metadata"]["labels"] for document in pods()]
    for document in all_documents():
        if document["kind"] == "Service":
            assert any(document["spec"]["selector"].items() <= own.items() for own in labels)


def test_programs_take_what_pods_tell_them() -> None:
    """Commands, probes and settings."""
    for pod in pods():
        for container in ours(pod):
            check_command(["imaginized", *container["args"]])
            probe = container.get("readinessProbe", {}).get("exec")
            if probe:
                check_command(list(probe["command"]))
            variables = {row["name"]: row["value"] for row in container["env"] if "value" in row}
            check_settings({name: value.replace("$(POD_NAME)", "home-0") for name, value in variables.items()})


@pytest.mark.parametrize("path", COMPOSED, ids=lambda path: path.name)
def test_what_is_composed_hangs_together(path: Path) -> None:
    """Programs take their commands and settings; every secret, volume and service that is named is there."""
    plain = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", path.read_text())
    (found,) = yaml.safe_load_all(plain)

    for service in found["services"].values():
        if "imaginized" in service["image"]:
            check_command(["imaginized", *service["command"]])
            check_settings(service.get("environment", {}))
        assert set(service.get("secrets", ())) <= set(found["secrets"])
        assert set(service.get("depends_on", ())) <= set(found["services"])
        named = {volume.partition(":")[0] for volume in service.get("volumes", ()) if not volume.startswith(".")}
        assert named <= set(found["volumes"])
