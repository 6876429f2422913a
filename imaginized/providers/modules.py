"""The module of each provider of the table in `settings.vendors`; `registry` makes them.

On its own, for the supervisor reads it before the fork server is started, for which everything else waits.
"""

from imaginized.settings.vendors import Vendor


def module_of(vendor: Vendor) -> str:
    """What is imported to make it; a fork server does so before it forks."""
    return f"imaginized.providers.{vendor.module}"
