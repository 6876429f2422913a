"""What the fork server imports first, so that the rest is imported without a look at what could be thrown away.

Nothing of it can. The children, in `entry`, set it apart for good and collect what they make themselves.
"""

import gc
import os

PROCESS = os.getpid()  # the fork server's, also in what it forks

gc.disable()
