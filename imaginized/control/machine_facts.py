"""What the daemon tells of itself and its machine, for `imaginizectl doctor` to judge."""

from typing import TypedDict


class FolderFacts(TypedDict):
    """A folder, as the daemon sees it; null where a look could hang.

    Attributes:
        path: The folder.
        is_folder: Whether it is one.
        is_shared: Whether others may write there.
        is_writable: Whether the daemon may.
        file_system: Its kind.
        is_remote: Whether it is on a server.
        free_bytes: What is free there.
    """

    path: str
    is_folder: bool | None
    is_shared: bool | None
    is_writable: bool | None
    file_system: str | None
    is_remote: bool | None
    free_bytes: int | None


class Folders(TypedDict):
    """The daemon's folders, as it sees them.

    Attributes:
        inbox: Where books are dropped.
        library: Where they are kept.
    """

    inbox: FolderFacts
    library: FolderFacts


class InotifyFacts(TypedDict):
    """The kernel's limits of watching folders; null where it does not tell.

    Attributes:
        max_user_watches: How many folders a user may watch.
        max_user_instances: How many programs may.
    """

    max_user_watches: int | None
    max_user_instances: int | None


class EndpointFacts(TypedDict):
    """An endpoint that is asked.

    Attributes:
        use: text or image.
        section: Of the settings, with its URL and key file; the name of the provider that asks.
        base_url: Its URL.
        key: Where its key comes from; null for none. The key itself is nowhere.
        at_hosts: Whether hosts alone ask it, each on its own machine.
    """

    use: str
    section: str
    base_url: str
    key: str | None
    at_hosts: bool


class ProviderFacts(TypedDict):
    """Who makes texts and images.

    Attributes:
        text: Name of the provider that reads, such as builtin.
        image: Name of the one that draws; none for nobody.
    """

    text: str
    image: str


class EndpointsFacts(TypedDict):
    """What is asked, and with which key.

    Attributes:
        endpoints: Each endpoint that is asked.
        key_problem: Why no key can be had; "" where nothing is wrong.
        unused_key: Where a key was found that nothing uses; null for none.
    """

    endpoints: list[EndpointFacts]
    key_problem: str
    unused_key: str | None


class MachineFacts(EndpointsFacts):
    """What the daemon can tell of itself and its machine, for `imaginizectl doctor` to judge.

    Attributes:
        uid: The user it runs as.
        folders: Its folders.
        tells_writers: Whether the kernel says of other users' files, too, that somebody has them open for writing.
        inotify: The kernel's limits of watching folders.
        provider: Who makes texts and images.
    """

    uid: int
    folders: Folders
    tells_writers: bool
    inotify: InotifyFacts
    provider: ProviderFacts
