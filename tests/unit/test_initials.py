"""Names by the initials of their syllables, whichever reading a citizen has in mind."""

import pytest

from services.enterprises.initialled import find_initialled
from services.enterprises.names import normalise
from services.enterprises.shard import build_shard

NAMES = [
    "上海启格光电科技有限公司",
    "上海琪歌光电科技有限公司",
    "长沙乐器行",
    "重庆重工厦门分公司",
    "7天酒店A座有限公司",
    "北京盛世单县商行",
]


@pytest.mark.parametrize(
    ("letters", "found"),
    [
        ("shqggdkjyxgs", [0, 1]),
        ("SHQGGDKJYXGS", [0, 1]),
        ("shqggdkjyxg", []),
        ("csyqh", [2]),
        ("zslqx", [2]),  # zhang, le, xing: other readings of the same characters
        ("bslqx", []),
        ("cqzgxmfgs", [3]),
        ("zqcgsmfgs", [3]),
        ("7tjdazyxgs", [4]),
        ("bjssdxsh", [5]),
        ("", []),
        ("!?", []),
        ("汉字", []),
    ],
)
def test_the_names_with_these_initials(letters: str, found: list[int]) -> None:
    shard = build_shard((number, normalise(name)) for number, name in enumerate(NAMES))
    assert sorted(find_initialled(shard, letters).tolist()) == found


def test_no_names_no_answer() -> None:
    assert find_initialled(build_shard(()), "abc").tolist() == []
