"""All that a worker imports whose chapters are at hosts: the fork server does so before it forks.

Each chapter at a host has such a process; what each imports by itself, each has in memory by itself.
"""

from imaginized.remote import celery_engine, offer, redis_line, sealing

__all__ = ("celery_engine", "offer", "redis_line", "sealing")
