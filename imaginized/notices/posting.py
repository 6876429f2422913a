"""One POST to an address of the settings: no redirect is followed, and of an answer only its status counts.

Its caller gives it a process of its own, which is killed when it takes too long: here time is bounded a step at a time.
"""

import http.client
import socket
import ssl
from collections.abc import Mapping
from urllib.parse import urlsplit


class NotTaken(Exception):
    """A message was not taken. The text is for a person and a log: it holds no address, no key and no answer."""


def post(url: str, body: bytes, *, headers: Mapping[str, str], seconds: float) -> None:
    """Send a body.

    Args:
        url: Where to; http or https.
        body: What.
        headers: Besides those of the length and the sender.
        seconds: The longest wait for a step.

    Raises:
        NotTaken: Nobody took it.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        connection = _connection(parts.scheme, host, parts.port, seconds=seconds)
        path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
        try:
            connection.request("POST", path, body=body, headers={"User-Agent": "imaginized", **headers})
            # Not its body: one that hangs after a 200 would have the message sent again and again.
            status = connection.getresponse().status
        finally:
            connection.close()
    except TimeoutError as error:
        raise NotTaken(f"{host} does not answer") from error
    except ssl.SSLCertVerificationError as error:
        why = error.verify_message.rstrip(".")
        raise NotTaken(f"{host}: its certificate is not accepted: {why}; SSL_CERT_FILE can name your own") from error
    except ssl.SSLError as error:
        raise NotTaken(f"{host}: no secure connection ({error.reason or type(error).__name__})") from error
    except socket.gaierror as error:
        raise NotTaken(f"{host}: this name cannot be looked up ({error.strerror})") from error
    except OSError as error:
        hung_up = "it closed the connection without an answer" if isinstance(error, ConnectionResetError) else ""
        raise NotTaken(f"{host}: {error.strerror or hung_up or type(error).__name__}") from error
    except (http.client.HTTPException, ValueError) as error:  # its words repeat what it was sent, and what came
        raise NotTaken(f"{host} does not speak HTTP as it should ({type(error).__name__})") from error
    if not 200 <= status < 300:
        hint = "; redirects are not followed" if 300 <= status < 400 else ""
        raise NotTaken(f"{host} answers HTTP {status}{hint}")


def _connection(scheme: str, host: str, port: int | None, *, seconds: float) -> http.client.HTTPConnection:
    if scheme == "https":
        return http.client.HTTPSConnection(host, port, timeout=seconds, context=ssl.create_default_context())
    return http.client.HTTPConnection(host, port, timeout=seconds)
