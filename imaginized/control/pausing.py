"""What holds the work up, from how the endpoints stand: all of it, or only its texts or its pictures. Pure."""

from collections.abc import Mapping
from dataclasses import replace

from imaginized.limits.limiter import url_of
from imaginized.limits.rules import Standing
from imaginized.providers.keys import lane_of, use_of
from imaginized.settings.model import Settings, target_of, vendor_of
from imaginized.settings.vendors import USES, Use

WORK: Mapping[Use, str] = {"text": "reading chapters", "image": "drawing pictures"}


def are_all_stuck(settings: Settings, standings: Mapping[str, Standing]) -> bool:
    """Whether each use asks an endpoint, and none of them gives an answer now."""
    uses = [use for use in USES if vendor_of(settings, use)]
    asked = [use for use in uses if target_of(settings, use)]
    return bool(asked) and asked == uses and all(_is_stuck(use, settings, standings) for use in asked)


def refused_text(settings: Settings, standings: Mapping[str, Standing]) -> str:
    """Which endpoints wait for a person, and what continues without them; "" for none."""
    return "; ".join(
        _told(key, standing.paused, settings=settings) for key, standing in standings.items() if standing.paused
    )


def by_account(standings: Mapping[str, Standing]) -> dict[str, Standing]:
    """The standings with what is paused of one use at its account: an endpoint has one row."""
    found = {key: standing for key, standing in standings.items() if use_of(key) is None}
    for key, standing in standings.items():
        if (use := use_of(key)) is not None and standing.paused:
            account = key.removesuffix(lane_of("", use))
            whole = found.get(account, replace(standing, paused=""))
            found[account] = replace(whole, paused="; ".join(filter(None, (whole.paused, standing.paused))))
    return found


def _told(key: str, reason: str, *, settings: Settings) -> str:
    uses = [use for use in USES if vendor_of(settings, use)]
    paused = [use for use in uses if _concerns(key, use, settings)]
    others = [use for use in uses if use not in paused]
    if not paused or not others:
        return reason
    return f"{WORK[paused[0]]} is paused, {WORK[others[0]]} continues: {reason}"


def _is_stuck(use: Use, settings: Settings, standings: Mapping[str, Standing]) -> bool:
    return any(
        (standing.paused or standing.outage) and _concerns(key, use, settings) for key, standing in standings.items()
    )


def _concerns(key: str, use: Use, settings: Settings) -> bool:
    """Whether a key of the limiter is the account that is asked for a use, or that use of it."""
    target = target_of(settings, use)
    return target is not None and url_of(key) == target.base_url.rstrip("/") and use_of(key) in (None, use)
