"""Branches by their names: a branch bears its parent's name (企业名称登记管理规定 art. 13); pure."""

import re

BRANCH = re.compile(
    r"^(?P<parent>.+(?:公司|合作社|事务所|集团|厂|行))"
    r"(?P<place>[^公司]{0,20}?)(?:分公司|分厂|分店|分社|分行|支行|分所|分部|营业部|办事处|门店|经营部)$"
)


def parent_name(name: str) -> str:
    """The parent's full name of a branch; empty for a firm that is none."""
    found = BRANCH.match(name)
    return found["parent"] if found else ""
