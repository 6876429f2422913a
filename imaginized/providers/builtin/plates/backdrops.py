"""Which backdrop a setting is drawn on."""

from collections.abc import Callable

from imaginized.providers.builtin.plates import outside, wild
from imaginized.providers.builtin.plates.canvas import Canvas
from imaginized.providers.builtin.plates.deck import set_long_deck
from imaginized.providers.builtin.plates.furnishing import ROOMS, set_room
from imaginized.providers.builtin.plates.inside import INSIDES
from imaginized.providers.builtin.plates.kinds import KINDS
from imaginized.providers.builtin.plates.reading import Reading
from imaginized.providers.builtin.plates.stage import Stage
from imaginized.providers.builtin.plates.street import set_row
from imaginized.story.stage_lists import Setting

OUTSIDES: dict[Setting, Callable[[Canvas, Reading], Stage]] = {
    Setting.HOUSE_FRONT: outside.set_house_front,
    Setting.TOWN: outside.set_square,
    Setting.VILLAGE: outside.set_village,
    Setting.MARKET: outside.set_market,
    Setting.MODERN_CITY: outside.set_modern_city,
    Setting.STATION: outside.set_station,
    Setting.DOCK: outside.set_dock,
    Setting.BRIDGE: outside.set_bridge,
    Setting.ROOFTOP: outside.set_rooftop,
    Setting.COURTYARD: outside.set_courtyard,
    Setting.GARDEN: wild.set_garden,
    Setting.WALLED_GARDEN: wild.set_walled_garden,
    Setting.PARK: wild.set_park,
    Setting.FARMYARD: wild.set_yard,
    Setting.MOOR: wild.set_moor,
    Setting.CLIFF: wild.set_cliff,
    Setting.JUNGLE: wild.set_jungle,
    Setting.SWAMP: wild.set_swamp,
    Setting.ROAD: wild.set_road,
    Setting.LAKE: wild.set_lake,
    Setting.UNDERWATER: wild.set_underwater,
    Setting.SKY: wild.set_sky,
    Setting.SNOW: wild.set_snow,
    Setting.CAMP: wild.set_camp,
    Setting.BATTLEFIELD: wild.set_battlefield,
    Setting.CHURCHYARD: outside.set_churchyard,
    Setting.RUINS: outside.set_ruins,
}


def draw_backdrop(canvas: Canvas, reading: Reading) -> tuple[str, Stage]:
    """Draw the setting of a scene; return the name of its composition and where figures may stand."""
    if reading.setting in ROOMS:
        return set_room(canvas, reading, ROOMS[reading.setting])
    if reading.setting is Setting.STREET and reading.turn // 8 % 2:
        return "street/row", set_row(canvas, reading)
    if reading.setting is Setting.SHIP_DECK and reading.turn // 8 % 2 and not reading.has("whale"):
        return "ship deck/along", set_long_deck(canvas, reading)
    if reading.setting in INSIDES:
        return reading.setting.value, INSIDES[reading.setting](canvas, reading)
    if reading.setting in OUTSIDES:
        return reading.setting.value, OUTSIDES[reading.setting](canvas, reading)
    return reading.setting.value, KINDS[reading.place](canvas, reading)
