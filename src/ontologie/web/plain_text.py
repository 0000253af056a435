"""The text of an HTML body, as an e-mail or a note has it: tags gone, paragraphs kept, nothing of it markup."""

import re
from html.parser import HTMLParser

_BLOCKS = {"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "table"}
_SILENT = {"script", "style", "head", "title", "template"}
_BODY = re.compile(r"_body$|^content$|_html$|_text$")
_MARKUP = re.compile(r"<[a-zA-Z/!]")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag in _BLOCKS:
            self.parts.append("\n- " if tag == "li" else "\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(data)


def holds_html(column: str) -> bool:
    """HubSpot fills this column with HTML. In every other one a ``<`` means itself."""
    return bool(_BODY.search(column))


def plain_text(body: str) -> str:
    """The words of the body. What is no HTML comes back as it is; what only looks like it keeps its words."""
    if not _MARKUP.search(body):
        return body.strip()
    reader = _Reader()
    reader.feed(body)
    reader.close()
    lines = [" ".join(line.split()) for line in "".join(reader.parts).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
