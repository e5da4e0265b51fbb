"""Telling a natural person's name from an enterprise's: people are never looked up."""

import re

from services.enterprises.names import normalise

# The hundred commonest surnames of the 2020 name report of the Ministry of Public Security, and double ones.
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆"
    "范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常"
)
DOUBLE_SURNAMES = ("欧阳", "上官", "司马", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒")
CALLED = re.compile(r"(?:先生|女士|阿姨|师傅|老师|同志|小姐|大姐|大哥|这个人|那个人|个人)$")


def looks_like_person(text: str) -> bool:
    """Whether a text could be a Chinese person's full name, or speaks of a person by title."""
    name = normalise(text)
    bare = CALLED.sub("", name)
    if bare != name and 1 <= len(bare) <= 4:
        return True
    if name[:2] in DOUBLE_SURNAMES:
        return 3 <= len(name) <= 4
    return 2 <= len(name) <= 3 and name[:1] in SURNAMES
