"""Reading a multipart form, as the scripted server is sent one with pictures."""

from collections.abc import Mapping
from email.message import Message
from email.parser import BytesParser


def form_fields(content_type: str, data: bytes) -> Mapping[str, object]:
    """The fields of a form; of each file its first bytes, in hex, in a list."""
    message = BytesParser().parsebytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + data)
    fields: dict[str, object] = {}
    for part in message.get_payload():
        assert isinstance(part, Message)
        name = str(part.get_param("name", header="Content-Disposition")).removesuffix("[]")
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        if part.get_filename():
            held = fields.setdefault(name, [])
            assert isinstance(held, list)
            held.append(content[:4].hex())
        else:
            fields[name] = content.decode()
    return fields
