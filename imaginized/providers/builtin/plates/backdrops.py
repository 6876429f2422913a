"""Which backdrop a setting is drawn on."""

from imaginized.providers.builtin.plates.canvas import Canvas
from imaginized.providers.builtin.plates.kinds import KINDS
from imaginized.providers.builtin.plates.reading import Reading
from imaginized.providers.builtin.plates.stage import Stage


def draw_backdrop(canvas: Canvas, reading: Reading) -> tuple[str, Stage]:
    """Draw the setting of a scene; return the name of its composition and where figures may stand."""
    return reading.setting.value, KINDS[reading.place](canvas, reading)
