"""As `preload_hosts`, where large files go through a store."""

from imaginized.daemon import preload

preload.REST.append("imaginized.remote.object_store")
