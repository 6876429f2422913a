"""Imported by the fork server at its start where chapters are at hosts: what their workers need comes with the rest.

Each chapter at a host has a process; what each imported by itself, each would have in memory by itself.
"""

from imaginized.daemon import preload

preload.REST.append("imaginized.remote.at_home")
