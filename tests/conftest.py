"""Set up hypothesis: bounded everywhere, and the same examples every time where CI is set.

A failing example is printed as it was found; `--hypothesis-profile=explore --timeout=0` looks further and shrinks it.
"""

import os

from hypothesis import Phase, settings

FOUND = (Phase.explicit, Phase.reuse, Phase.generate)  # shrinking takes longer than a test may

settings.register_profile("imaginized", deadline=None, max_examples=60, stateful_step_count=40, phases=FOUND)
settings.register_profile("imaginized-ci", settings.get_profile("imaginized"), derandomize=True, database=None)
settings.register_profile("explore", deadline=None, max_examples=3000, stateful_step_count=60)
settings.load_profile("imaginized-ci" if "CI" in os.environ else "imaginized")
