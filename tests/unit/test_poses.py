"""Postures: what they leave to be seen."""

import itertools
import math

import pytest

from imaginized.providers.builtin.plates.poses import POSES, Pose, bend


@pytest.mark.parametrize("unit", [0.075, 0.096], ids=["grown", "child"])
def test_no_arm_lies_over_a_face(unit: float) -> None:
    """The arm towards us passes beside the head, but for those whose deed brings the hand to the face."""
    at_face = {"whisper", "weep", "sit weep", "look out"}
    covered = {
        deed
        for deed, poses in POSES.items()
        for pose in poses
        if deed not in at_face and _gap(pose, unit) < 0.7 * unit  # a sleeve beside the nose
    }

    assert not covered


def _gap(pose: Pose, unit: float) -> float:
    """How far the near arm is from the middle of the face, where half a head is one unit."""
    lean = 0.0 if pose.turn else max(-0.05, min((pose.neck[0] - pose.hip[0]) * 0.35, 0.07))
    middle = (pose.neck[0] + lean + 0.012 + 0.05 * math.sin(pose.nod) + 0.3 * unit, pose.neck[1] + unit * 1.25)
    return min(
        math.dist(middle, (start[0] + (end[0] - start[0]) * t / 20, start[1] + (end[1] - start[1]) * t / 20))
        for start, end in itertools.pairwise(bend(pose).near_arm)
        for t in range(21)
    )
