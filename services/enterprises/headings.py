"""Which column of a register's table is what, however its heading is written."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Field(StrEnum):
    """What a column of the register says."""

    NAME = "name"
    CREDIT_CODE = "credit_code"
    STATUS = "status"
    KIND = "kind"
    REGISTERED_ON = "registered_on"
    PROVINCE = "province"
    CITY = "city"
    ADDRESS = "address"
    CAPITAL = "capital"
    SCOPE = "scope"
    FORMER = "former"
    SHORT = "short"
    SIGN = "sign"
    CODE_CONFIRMED = "code_confirmed"


# Written as flatten_heading leaves them; the first column that fits a field is taken.
HEADINGS: dict[Field, str] = {
    Field.NAME: "name 企业名称 公司名称 单位名称 市场主体名称 主体名称 经营主体名称 商户名称 机构名称 名称",
    Field.CREDIT_CODE: "credit_code creditcode code uscc 统一社会信用代码 社会信用代码 统一信用代码 信用代码"
    " 统一代码 统一社会信用代码/注册号 统一社会信用代码注册号 注册号 工商注册号 工商登记码 企业代码 代码",
    Field.STATUS: "status 登记状态 经营状态 企业状态 主体状态 状态",
    Field.KIND: "kind type 企业类型 公司类型 市场主体类型 主体类型 企业机构类型 类型",
    Field.REGISTERED_ON: "registered_on registration_date established_on 注册日期 成立日期 登记日期"
    " 注册时间 成立时间 设立日期 核准设立日期",
    Field.PROVINCE: "province 所在省份 所属省份 省份 省 所在省 所属省",
    Field.CITY: "city 地区 所在地区 所属地区 城市 所在城市 所属城市 地市 市 所在市 所属市",
    Field.ADDRESS: "address 注册地址 地址 住所 企业地址 经营场所 住所经营场所 登记住所",
    Field.CAPITAL: "capital registered_capital 注册资金 注册资本 注册资本金 出资额",
    Field.SCOPE: "scope business_scope 经营范围 经营业务范围",
    Field.FORMER: "former_name former_names 曾用名 曾用名称 企业曾用名 原名称 变更前名称",
    Field.SHORT: "short_name short_names 简称 企业简称 名称简称 证券简称",
    Field.SIGN: "sign shop_sign 店招 招牌 门店招牌 店招名称 店铺名称",
    Field.CODE_CONFIRMED: "code_confirmed 代码已核实",
}
FIELDS: dict[str, Field] = {word: field for field, words in HEADINGS.items() for word in words.split()}
PERSONAL = re.compile(
    r"法定?代表人|法人代表|^法人$|负责人|经营者|投资人|股东|合伙人|联系人|联络员|姓名|身份证|证件号|电话|手机"
    r"|传真|邮箱|邮件|person|phone|mobile|e-?mail|contact|shareholder|id_?number"
)
BRACKETED = re.compile(r"[(\[【「].*?[)\]】」]")
UNIT = re.compile(r"[(\[【]\s*([^()\[\]【】]*元)\s*[)\]】]")


@dataclass(frozen=True)
class Columns:
    """Where each field stands in a row; personal columns are never read further."""

    headings: tuple[str, ...]
    places: dict[Field, int]
    personal: tuple[str, ...]  # headings of columns about natural persons
    ignored: tuple[str, ...]  # headings without a meaning here
    capital_unit: str = ""  # 万元 in 注册资本（万元）

    @property
    def kept_places(self) -> list[int]:
        """Columns that may be written to a file of refused rows."""
        return [place for place, heading in enumerate(self.headings) if not is_personal(heading)]


def flatten_heading(heading: str) -> str:
    """Half width, lower case, without spaces, quotes, stars and colons."""
    return re.sub(r"[\s*:'\"\ufeff]+", "", unicodedata.normalize("NFKC", heading)).lower()


def field_of(heading: str) -> Field | None:
    """The field a heading names, with or without what stands in brackets; None if it names none."""
    flat = flatten_heading(heading)
    for form in (flat, re.sub(r"[()\[\]【】]", "", flat), BRACKETED.sub("", flat)):
        if form in FIELDS:
            return FIELDS[form]
    return None


def is_personal(heading: str) -> bool:
    """A column about a natural person."""
    return field_of(heading) is None and PERSONAL.search(flatten_heading(heading)) is not None


def find_columns(cells: Sequence[str]) -> Columns | None:
    """The columns of a table whose heading row is `cells`; None if none of them is an enterprise's name."""
    places: dict[Field, int] = {}
    ignored = []
    for place, heading in enumerate(cells):
        field = field_of(heading)
        if field is not None and field not in places:
            places[field] = place
        elif heading.strip() and not is_personal(heading):
            ignored.append(heading.strip())
    if Field.NAME not in places:
        return None
    personal = tuple(heading.strip() for heading in cells if is_personal(heading))
    capital = cells[places[Field.CAPITAL]] if Field.CAPITAL in places else ""
    unit = UNIT.search(unicodedata.normalize("NFKC", capital))
    return Columns(tuple(cells), places, personal, tuple(ignored), unit[1] if unit else "")
