"""Invented trade names, industries and legal forms; three-syllable names that no brand is known by."""

from dataclasses import dataclass
from random import Random

from services.demo.places import Place

FIRST = "稻橘榴棉竹柚枫荷禾麦桐槿棠岚汐沐栖芦莓杏桑萤鹭鸢砚陶墨茶月霜雪露晴暮朝青白蓝绯"
SECOND = "花穗枝叶影语音笙笛帆灯窗棂帘石砂泉池萝藤菱苇雁雀鹿蝉纸伞舟梭线绣珠铃烟云朵"
THIRD = "屿里湾渡汀岸坞巷坊墩谷川溪桥亭畔台园洲浦矶塬坪堤"

# One sound or one stroke apart: what ears and eyes confuse.
CONFUSABLE = dict(zip("橘柚桐棠青蓝晴岚禾荷影帆铃岸坞巷溪亭舟", "菊釉童堂清兰情澜和合映凡玲案屋港西庭州", strict=True))


@dataclass(frozen=True)
class Trade:
    """An industry: its word in names, the scope it registers, and the words of its sector."""

    word: str
    scope: str


TRADES = [
    Trade("食品", "食品生产；食品销售；农副产品销售"),
    Trade("商贸", "日用百货销售；针纺织品销售；五金产品批发"),
    Trade("餐饮管理", "餐饮服务；餐饮管理"),
    Trade("百货", "日用百货销售；食品销售；单用途商业预付卡服务"),
    Trade("家政服务", "家政服务；专业保洁、清洗、消毒服务"),
    Trade("电子商务", "互联网销售；信息技术咨询服务"),
    Trade("汽车销售", "汽车销售；二手车经纪；汽车零配件零售"),
    Trade("再生资源", "再生资源回收；废旧金属回收"),
    Trade("物流", "道路货物运输；仓储服务"),
    Trade("酒店管理", "住宿服务；酒店管理；会议服务"),
    Trade("洗衣服务", "洗染服务；日用品销售；单用途商业预付卡服务"),
    Trade("会展服务", "会议及展览服务；广告设计"),
    Trade("石油销售", "成品油零售；润滑油销售"),
    Trade("拍卖", "拍卖业务；艺术品销售"),
    Trade("进出口贸易", "货物进出口；技术进出口"),
    Trade("电子科技", "电子产品销售；软件开发；技术服务"),
    Trade("服装", "服装服饰批发；服装服饰零售"),
    Trade("家居", "家具销售；建筑装饰材料销售"),
    Trade("农业发展", "谷物种植；农产品销售；农业技术服务"),
    Trade("文化传播", "组织文化艺术交流活动；广告发布"),
]

SHOPS = [
    Trade("便利店", "食品销售；日用百货销售"),
    Trade("水果店", "新鲜水果零售"),
    Trade("小吃店", "餐饮服务"),
    Trade("理发店", "理发服务"),
    Trade("五金店", "五金产品零售"),
    Trade("洗衣店", "洗染服务"),
    Trade("花店", "礼品花卉销售"),
    Trade("文具店", "文具用品零售"),
]

COMPANY_FORMS = ["有限公司"] * 14 + ["有限责任公司"] * 4 + ["股份有限公司"]
KINDS = {
    "有限公司": "有限责任公司（自然人投资或控股）",
    "有限责任公司": "有限责任公司（法人独资）",
    "股份有限公司": "其他股份有限公司（非上市）",
}


def trade_name(dice: Random) -> str:
    """Three syllables, such as 稻帆屿."""
    return dice.choice(FIRST) + dice.choice(SECOND) + dice.choice(THIRD)


def confuse(name: str) -> str:
    """The trade name with its first confusable character changed; unchanged when it has none."""
    for at, character in enumerate(name):
        if character in CONFUSABLE:
            return name[:at] + CONFUSABLE[character] + name[at + 1 :]
    return name


def region_words(dice: Random, place: Place) -> str:
    """How a name begins: the city mostly, sometimes with 市, sometimes the province, sometimes nothing."""
    return dice.choices([place.in_names, f"{place.in_names}市", place.province, ""], weights=[60, 20, 17, 3])[0]
