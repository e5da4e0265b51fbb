"""Settings: every one documented, secrets checked, mistakes named in one line."""

import re
from pathlib import Path

import pytest

from config.bureau import load_bureau
from config.settings import Settings, SettingsError, check_secrets, is_weak, load_settings

ROOT = Path(__file__).parent.parent.parent
GOOD = {
    "secret_key": "3f9c1b7e5a2d4860b1c3e5f7a9d2c4e6",
    "wechat_app_id": "wx1234567890abcdef",
    "wechat_app_secret": "0a9b8c7d6e5f4a3b2c1d",
    "wechat_token": "aB3dE6gH9jK2",
    "wechat_aes_key": "a" * 21 + "B" * 21 + "A",
}


def make(**changes: str) -> Settings:
    return load_settings(_env_file=None, **(GOOD | changes))


@pytest.mark.parametrize("page", ["docs/settings.md", ".env.example"])
def test_every_setting_is_explained(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    pattern = r"^\| `([A-Z_]+)` \|" if page.endswith(".md") else r"^([A-Z_]+)="
    assert set(re.findall(pattern, text, re.MULTILINE)) == {name.upper() for name in Settings.model_fields}


def test_documented_defaults_are_the_real_ones() -> None:
    text = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    for name, default in re.findall(r"^\| `([A-Z_]+)` \| `([^`]+)` \|", text, re.MULTILINE):
        assert str(Settings.model_fields[name.lower()].default) == default


def test_good_settings_pass() -> None:
    check_secrets(make())
    check_secrets(make(wechat_mode="plain", wechat_aes_key=""))
    assert make(wechat_aes_key=f"{'b' * 43},{'c' * 43}").aes_keys == ["b" * 43, "c" * 43]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("secret_key", ""),
        ("secret_key", "short"),
        ("secret_key", "a" * 40),
        ("secret_key", "change-me-change-me-change-me-change-me"),
        ("wechat_app_id", ""),
        ("wechat_app_secret", "secret"),
        ("wechat_token", "token"),
        ("wechat_token", "with space 12345"),
        ("wechat_aes_key", ""),
        ("wechat_aes_key", "a" * 42),
    ],
)
def test_weak_or_missing_secrets_are_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name.upper()):
        check_secrets(make(**{name: value}))


@pytest.mark.parametrize(
    ("name", "value"),
    [("port", "99999"), ("port", "eighty"), ("public_url", "credit.example"), ("wechat_mode", "aes")],
)
def test_malformed_settings_are_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name.upper()) as caught:
        make(**{name: value})
    assert "\n" not in str(caught.value)


def test_an_error_never_repeats_a_secret() -> None:
    with pytest.raises(SettingsError) as caught:
        check_secrets(make(wechat_token="hunter2"))
    assert "hunter2" not in str(caught.value)


def test_weakness_is_length_variety_and_words() -> None:
    assert is_weak("abc", 8)
    assert is_weak("abababababab", 8)
    assert is_weak("mypassword99", 8)
    assert not is_weak("q8Zr2Lx0Wm", 8)


def test_bureau_file_is_valid_and_mistakes_are_named(tmp_path: Path) -> None:
    assert load_bureau().name
    broken = tmp_path / "bureau.toml"
    broken.write_text("name = ", encoding="utf-8")
    with pytest.raises(SettingsError, match="格式有误"):
        load_bureau(broken)
    broken.write_text('name = "x"\nhotlin = "1"', encoding="utf-8")
    with pytest.raises(SettingsError, match="hotlin"):
        load_bureau(broken)
