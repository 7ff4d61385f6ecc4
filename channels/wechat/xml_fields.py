"""Reading XML that a stranger may have written: flat, once each, nothing that is defined or fetched."""
from __future__ import annotations

from xml.parsers import expat

ROOT = "xml"
MAX_DEPTH = 8  # the deepest of WeChat's events has 5


class Malformed(ValueError):
    """`code` is safe to log: not_utf8, not_xml, doctype, root, attributes, duplicate, too_deep."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_fields(xml: bytes | str) -> dict[str, str]:
    """Return the elements right under <xml> that hold text only, by name; what holds other elements (lists of pictures …) is left out.

    An element that stands there twice is refused: WeChat sends none, and whoever checks the first and uses the last (wechatpy makes a list of
    them) can be told two things by one message. So is a DOCTYPE, before anything of it takes effect. Raises Malformed.
    """
    try:
        text = xml.decode("utf-8") if isinstance(xml, bytes) else xml
        text.encode("utf-8")
    except UnicodeError as error:
        raise Malformed("not_utf8") from error
    reader = _Reader()
    # With the encoding given here the one that the XML declares is not used.
    parser = expat.ParserCreate(encoding="utf-8")
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.characters
    parser.StartDoctypeDeclHandler = reader.refuse_doctype
    try:
        parser.Parse(text.encode("utf-8"), True)
    except expat.ExpatError as error:
        raise Malformed("not_xml") from error
    return reader.fields


class _Reader:
    def __init__(self) -> None:
        self.fields: dict[str, str] = {}
        self._seen: set[str] = set()
        self._path: list[str] = []
        self._text: list[str] | None = None  # of the open element under the root; None outside of one, and when it holds elements

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._path.append(name)
        depth = len(self._path)
        if depth > MAX_DEPTH:
            raise Malformed("too_deep")
        if attributes and depth <= 2:
            raise Malformed("attributes")
        if depth == 1 and name != ROOT:
            raise Malformed("root")
        if depth == 2:
            if name in self._seen:
                raise Malformed("duplicate")
            self._seen.add(name)
            self._text = []
        if depth > 2:
            self._text = None

    def end(self, name: str) -> None:
        if self._text is not None:
            self.fields[name] = "".join(self._text)
        self._text = None
        self._path.pop()

    def characters(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def refuse_doctype(self, *declared: object) -> None:
        raise Malformed("doctype")
