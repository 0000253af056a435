"""The command names what is allowed, in one line and with exit code 2."""

import pytest

from hubspot_simulator.__main__ import main, parser


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--seed", "x"], "whole number"),
        (["--port", "99999"], "between 0 and 65535"),
        (["--contacts", "9999999"], "1,000,000"),
        (["--accounts", "0"], "between 1 and 100"),
        (["--portal-id", "-4"], "between 1"),
        (["--time-zone", "Mars/Base"], "Europe/Paris"),
        (["--time-zone", "../etc"], "Europe/Paris"),
        (["--data-until", "soon"], "2026-11-01T00:00:00Z"),
        (["--burst-per-10-s", "0"], "at least 1"),
        (["--daily-limit", "-1"], "not be negative"),
        (["--latency-ms", "-1"], "not be negative"),
        (["--no-such-switch"], "unrecognized"),
    ],
)
def test_a_bad_setting_says_what_is_allowed(
    arguments: list[str], named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        code = main(["--port", "0", *arguments])
    except SystemExit as ended:
        code = int(ended.code or 0)
    assert code == 2
    assert named in capsys.readouterr().err.splitlines()[-1]


def test_several_values_are_separated_by_commas() -> None:
    chosen = parser().parse_args(["--unpermitted-types", "contacts,deals", "--scopes", "a b"])
    assert (chosen.unpermitted_types, chosen.scopes) == (("contacts", "deals"), ("a", "b"))
