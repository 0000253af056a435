"""Bodies of e-mails and notes are shown as their words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontologie.web.plain_text import plain_text


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("just words", "just words"),
        ("2 < 3 & 4 > 1", "2 < 3 & 4 > 1"),
        ("<p>One</p><p>Two&nbsp;&amp; more</p>", "One\n\nTwo & more"),
        ("a<br>b", "a\nb"),
        ("<ul><li>x</li><li>y</li></ul>", "- x\n\n- y"),
        ("<style>p { color: red }</style><p>seen</p><script>alert(1)</script>", "seen"),
        ('<img src=x onerror="alert(1)">', ""),
        ("<p>never closed", "never closed"),
        ("</script></style><p>still here</p>", "still here"),
        ("&lt;script&gt;", "&lt;script&gt;"),
        ("<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>", "<script>alert(1)</script>"),
    ],
)
def test_a_body_is_its_words(body: str, words: str) -> None:
    assert plain_text(body) == words


@given(st.text())
def test_any_body_can_be_read(body: str) -> None:
    plain_text("<p>" + body)
