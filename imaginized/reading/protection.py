"""Whether a book is protected by DRM: encrypted beyond its fonts, or with a licence beside it."""

from imaginized.errors import Rejected
from imaginized.reading.limits import Archive, Unreadable
from imaginized.reading.markup import Malformed, attribute, descendants, parse_xml
from imaginized.reasons import Code

_FONT_OBFUSCATION = frozenset({"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"})
ONLY_ITS_SELLER = "Only its seller's programs can read it; drop a copy without DRM."
_LICENCES = {
    "META-INF/license.lcpl": "Readium LCP",
    "META-INF/sinf.xml": "Apple FairPlay",
    "META-INF/rights.xml": "Adobe ADEPT or a similar scheme",
}


def check_protection(archive: Archive) -> None:
    """Refuse a book whose text is encrypted.

    Raises:
        Rejected: Naming DRM and the scheme.
    """
    for name, scheme in _LICENCES.items():
        if archive.find(name) is not None:
            raise Rejected(f"it is protected by DRM ({scheme}: {name})", code=Code.PROTECTED, advice=ONLY_ITS_SELLER)
    if archive.find("META-INF/encryption.xml") is None:
        return
    try:
        root = parse_xml(archive.read_text("META-INF/encryption.xml"))
    except (Unreadable, Malformed):
        return  # an unreadable list protects nothing; encrypted text will fail to parse and be named then
    for data in descendants(root, "encrypteddata"):
        methods = [
            attribute(method, "algorithm") or attribute(method, "Algorithm")
            for method in descendants(data, "encryptionmethod")
        ]
        unknown = [method for method in methods if method and method not in _FONT_OBFUSCATION]
        if unknown:
            text = f"it is protected by DRM (encrypted with {unknown[0][:100]})"
            raise Rejected(text, code=Code.PROTECTED, advice=ONLY_ITS_SELLER)
