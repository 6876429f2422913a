"""Whether an endpoint is one's own: on this machine or in one's own network. One rule, for keys, prices and privacy."""

import ipaddress
from urllib.parse import urlsplit

# Names that no public name server answers: of this machine, of a home network, of Docker and Kubernetes.
_OWN_NAMES = (".localhost", ".local", ".lan", ".home", ".home.arpa", ".internal", ".intranet", ".localdomain")
# Python's own `is_private` has documentation and benchmark networks, and 0.0.0.0/8, too; 100.64/10 is a tailnet's.
_NETWORKS = tuple(
    ipaddress.ip_network(text)
    for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")
)


def is_private(url: str) -> bool:
    """Whether a base URL is of this machine or of a private network, by its address or by a name of that kind.

    Names are not resolved: a name with a public ending is a stranger's, whatever it means here. One without a dot is a
    neighbour in the network, or another container.
    """
    host = _host_of(url)
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return bool(host) and ("." not in host or host.endswith(_OWN_NAMES))
    mapped = getattr(address, "ipv4_mapped", None)
    address = mapped or address
    return address.is_loopback or address.is_link_local or any(address in network for network in _NETWORKS)


def is_loopback(url: str) -> bool:
    """Whether a base URL is of the machine that asks: each machine reaches another endpoint by it."""
    host = _host_of(url)
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _host_of(url: str) -> str:
    """Its name or address; "" where it has none."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""
