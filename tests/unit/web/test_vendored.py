"""What we vendor is what was published, and says where it is from."""

import hashlib
from importlib.resources import files

import pytest

_VENDOR = files("ontologie.web").joinpath("static", "vendor")
_SHA256 = {
    "tabulator.min.css": "405ae24218357d80df2a5f3addf138666d035f970dac4ebdb0265d0b5373efcb",
    "tabulator.min.js": "ffac518cb793c672a2f0522b7fc80bf862234d96bb1e581c8aaf7f48f130eafa",
    "alpine-csp.min.js": "0d18d7f8d7910e2e0212f0f056b12f50bebc3abb7d88d2f7c7cb4c336fe4519a",
    "htmx.min.js": "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717",
    "inter-latin.woff2": "122c605ade9cad92e5ddf0695ef3387ed9c51a6bf5fdabfeb5ec1e3ebaa1efd4",
}


@pytest.mark.parametrize("name", sorted(_SHA256))
def test_a_vendored_file_is_unchanged(name: str) -> None:
    assert hashlib.sha256(_VENDOR.joinpath(name).read_bytes()).hexdigest() == _SHA256[name]


def test_every_vendored_file_is_named_with_its_licence() -> None:
    said = _VENDOR.joinpath("README.md").read_text()
    for file in _VENDOR.iterdir():
        assert file.name == "README.md" or f"`{file.name}`" in said
        assert file.name in _SHA256 or file.name.endswith((".txt", ".md"))
