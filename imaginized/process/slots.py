"""The names of the places in the pool: the intake's, and one for each worker."""

INTAKE = "intake"


def slot_names(max_concurrency: int) -> list[str]:
    """The slots of a daemon with so many workers."""
    return [INTAKE, *(f"worker-{number}" for number in range(1, max_concurrency + 1))]
