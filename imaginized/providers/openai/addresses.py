"""Which addresses of the network are public, and what a name means. Only `look_up` asks anybody."""

import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address
LookUp = Callable[[str, int], Sequence[Address]]  # host and port; raises OSError

_NAT64 = IPv6Network("64:ff9b::/96")


def look_up(host: str, port: int) -> list[Address]:
    """Every address of a host, in the order in which to try them.

    Raises:
        OSError: It has none, or nobody can be asked.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:  # a label of more than 63 characters
        raise OSError(f"{host[:80]} is not a host name") from error
    return list(dict.fromkeys(ip_address(str(where[0])) for *_, where in found))


def is_public(address: Address) -> bool:
    """Whether an address is one of the open network: not of this machine, a private or shared network, or of many.

    An IPv6 address that stands for an IPv4 address is what that one is.
    """
    inner = plain(address)
    if inner.is_multicast or inner.is_unspecified or inner.is_reserved:
        return False  # `is_global` alone lets multicast pass
    if isinstance(inner, IPv6Address) and (inner.is_site_local or inner.teredo is not None):
        return False
    return inner.is_global  # which the shared space of carriers, 100.64.0.0/10, is not


def plain(address: Address) -> Address:
    """The IPv4 address that an IPv6 address stands for (mapped, 6to4, NAT64); any other as it is."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def is_of_a_link(address: Address) -> bool:
    """Whether it is an address that no server is named by: link-local (where clouds keep credentials), many, none."""
    inner = plain(address)
    return inner.is_link_local or inner.is_multicast or inner.is_unspecified
