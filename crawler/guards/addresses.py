"""Which addresses of the network a crawl may open. Pure."""

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_EMBEDDING = ip_network("64:ff9b::/96")  # NAT64, RFC 6052: the last 32 bits are an IPv4 address
_METADATA = ip_address("168.63.129.16")  # a cloud's host, public by its number only


def is_public(address: str) -> bool:
    """Whether an address is one of the public internet: not private, loopback, link-local, metadata…

    Anything that is not an address is not public.
    """
    try:
        found = _embedded(ip_address(address.partition("%")[0]))
    except ValueError:
        return False
    return found.is_global and not found.is_multicast and not found.is_reserved and found != _METADATA


def written_address(host: str) -> str:
    """The address a host is written as, also as "127.1", "2130706433" or "0x7f.1"; empty for a name."""
    bare = host.strip("[]").rstrip(".")
    try:
        return str(ip_address(socket.inet_aton(bare)))
    except (OSError, ValueError):
        return bare if ":" in bare else ""


def _embedded(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address inside an IPv6 one, if it has one."""
    if isinstance(address, IPv4Address):
        return address
    if address in _EMBEDDING:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo or (address,))[-1]
