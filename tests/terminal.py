"""What a command has said on the terminal, held against the catalogue of diagnoses."""

from collections.abc import Mapping

from ontologie.model.diagnosis import explain


def tells(said: str, code: str, params: Mapping[str, str | int]) -> bool:
    """The terminal's words are the diagnosis's, every parameter filled in."""
    told = explain(code, params, "en")
    assert "…" not in told.problem
    return "".join(told.problem.split()) in "".join(said.split())
