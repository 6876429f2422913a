"""Of what age and sex those without a name are by their company: a child's sister, a father beside his son."""

from dataclasses import replace

from imaginized.providers.builtin.plates.words import word_set
from imaginized.story.staging import Age, Figure, Sex, Staging

_CHILDREN = word_set("girl boy sister brother playmate")
_PARENTS, _OFFSPRING = word_set("father mother papa mamma parent"), word_set("son daughter")
# Of several of these some are women: men alone would be another company.
_MIXED = word_set(
    "child pupil scholar playmate people person couple pair guest visitor neighbour neighbor passenger friend parent "
    "villager dancer family cousin"
)
_PLAYMATES = word_set("girl boy")
_YOUNG = frozenset({Age.UNKNOWN, Age.YOUNG})


def as_families(staging: Staging, *, childish: bool) -> Staging:
    """The staging in which a girl of a children's book is small, and a father is older than his grown son.

    Args:
        staging: What is to be drawn.
        childish: Whether the book is of children, or one is in the picture.
    """
    small = [figure for figure in staging.figures if figure.age is Age.CHILD]
    childish = childish or any(figure.name or figure.noun in _PLAYMATES for figure in small)
    grown = any(figure.noun in _OFFSPRING and figure.age in _YOUNG for figure in staging.figures)
    return replace(
        staging, figures=tuple(_as_kin(figure, childish=childish, has_grown=grown) for figure in staging.figures)
    )


def _as_kin(figure: Figure, *, childish: bool, has_grown: bool) -> Figure:
    if childish and not figure.name and figure.noun in _CHILDREN and figure.age in _YOUNG:
        return replace(figure, age=Age.CHILD)
    if has_grown and figure.noun in _PARENTS and figure.age is Age.UNKNOWN:
        return replace(figure, age=Age.OLD)
    return figure


def of_both_sexes(figure: Figure, copy: int) -> Figure:
    """The first, second, third of several: of people and children every second one is a woman or a girl."""
    if figure.count < 2 or figure.sex or figure.noun not in _MIXED:
        return figure
    return replace(figure, sex=Sex.WOMAN if copy % 2 else Sex.MAN)
