"""Telling what is a person's, or a place's, from an enterprise's name: people are never looked up (pure)."""

import re

from services.enterprises.codes import is_resident_id
from services.enterprises.names import normalise
from services.enterprises.parts import split_name

# The hundred commonest surnames of the 2020 name report of the Ministry of Public Security, and double ones.
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆"
    "范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常"
)
DOUBLE_SURNAMES = ("欧阳", "上官", "司马", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒")
CALLED = re.compile(r"(?:先生|女士|阿姨|师傅|老师|同志|小姐|大姐|大哥|这个人|那个人|个人)$")

EIGHTEEN = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
PHONE = re.compile(r"(?:86)?1[3-9]\d{9}|0\d{9,11}|[48]00\d{7}|\d{5,12}")
ABOUT_PHONE = re.compile(
    r"电话|手机|号码|号|这个|是|谁|哪家|哪个|哪里|的|公司|企业|店|打来|打给我|查|一下|请问|帮我|吗|呢|骗子|诈骗|不"
)
# 麓谷大道658号, 3栋2单元501室: where, and no who.
STREET = re.compile(r"[路街道巷弄村组镇乡园]\d+号|\d+(?:号|栋|幢|单元|室|楼|层|弄)(?:楼|院|门|室|\d+)*$")


def holds_resident_id(text: str) -> bool:
    """Whether a text holds a natural person's identity number."""
    return any(map(is_resident_id, EIGHTEEN.findall(text)))


def looks_like_phone(text: str) -> bool:
    """Whether a text is a telephone number or another number alone, perhaps with a question about whose it is."""
    digits = re.sub(r"(?<=\d)[\s\-\u2010-\u2015]+(?=\d)", "", text)
    return PHONE.fullmatch(ABOUT_PHONE.sub("", normalise(digits))) is not None


def looks_like_address(text: str) -> bool:
    """Whether a text is a street address with a number and no firm's name after it."""
    name = normalise(text)
    return bool(STREET.search(name)) and not split_name(name).form


def looks_like_person(text: str) -> bool:
    """Whether a text could be a Chinese person's full name, or speaks of a person by title."""
    name = normalise(text)
    bare = CALLED.sub("", name)
    if bare != name and 1 <= len(bare) <= 4:
        return True
    if name[:2] in DOUBLE_SURNAMES:
        return 3 <= len(name) <= 4
    return 2 <= len(name) <= 3 and name[:1] in SURNAMES
