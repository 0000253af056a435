"""Every setting that cannot be is named, before anything is started."""

import os
from pathlib import Path

import pytest

from ontologie.cli import logs
from ontologie.cli.command import load_settings
from ontologie.cli.start import _listener
from ontologie.errors import OperatorError
from ontologie.settings import Settings
from ontologie.wiring import _engine_settings, _housekeeping, _terms

NUMBERS = [name for name, field in Settings.model_fields.items() if field.annotation is float]
WORDS = {
    "port": "many",
    "log_level": "loud",
    "smtp_security": "some",
    "public_url": "live.example.com",
    "hubspot_api_hosts": "https://api.hubapi.com",
    "traces_url": "127.0.0.1:4318",
}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in os.environ:
        if name.startswith("ONTOLOGIE_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("ONTOLOGIE_HOME", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("value", ["-1", "nan", "inf", "1e300"])
@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_that_is_no_share_and_no_duration(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"ONTOLOGIE_{name}".upper(), value)
    with pytest.raises(OperatorError) as refused:
        load_settings()
    assert (refused.value.code, refused.value.params["setting"]) == ("SETTING_WRONG", f"ONTOLOGIE_{name}".upper())


def test_the_longest_durations_are_ones_to_reckon_with(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NUMBERS:
        for limit in Settings.model_fields[name].metadata:
            if hasattr(limit, "le"):
                monkeypatch.setenv(f"ONTOLOGIE_{name}".upper(), str(limit.le))
    settings = load_settings()
    assert _engine_settings(settings).upkeep.definitions == _terms(settings).overlap
    assert _housekeeping(settings).keep_runs == _housekeeping(settings).keep_logs


@pytest.mark.parametrize(("name", "value"), WORDS.items())
def test_a_word_that_means_nothing(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"ONTOLOGIE_{name}".upper(), value)
    with pytest.raises(OperatorError) as refused:
        load_settings()
    assert (refused.value.code, refused.value.params["setting"]) == ("SETTING_WRONG", f"ONTOLOGIE_{name}".upper())


@pytest.mark.parametrize("content", [b"port = = 3", b"\xff\xfe"])
def test_a_file_of_settings_that_cannot_be_read(content: bytes, home: Path) -> None:
    (home / "ontologie.toml").write_bytes(content)
    with pytest.raises(OperatorError) as refused:
        load_settings()
    assert (refused.value.code, refused.value.params["setting"]) == ("SETTING_WRONG", "ontologie.toml")


@pytest.mark.parametrize("host", ["192.0.2.1", "x" * 300])
def test_a_host_that_is_not_this_machines(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONTOLOGIE_HOST", host)
    with pytest.raises(OperatorError) as refused, _listener(load_settings(), 0):
        pass
    assert (refused.value.code, refused.value.params["setting"]) == ("SETTING_WRONG", "ONTOLOGIE_HOST")


def test_pages_listen_on_the_other_internet_protocol_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONTOLOGIE_HOST", "::1")
    settings = load_settings()
    with _listener(settings, 0) as listener:
        assert listener.getsockname()[0] == "::1"
    assert settings.address() == "http://[::1]:8650"


def test_a_log_that_cannot_be_written(home: Path) -> None:
    (home / "logs").touch()
    with pytest.raises(OperatorError) as refused:
        logs.set_up(home, stderr_level="warning")
    assert (refused.value.code, refused.value.params["path"]) == ("HOME_NOT_WRITABLE", str(home / "logs"))
