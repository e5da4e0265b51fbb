"""The names inside a citizen's story: 我昨天在长沙那个大润发超市买了东西, 步步高和大润发哪个好 (pure)."""

import re

from services.enterprises.asking import COMPARED, is_region, region_asked, simplify, strip_sentence
from services.enterprises.names import normalise
from services.enterprises.parts import LEGAL_FORM_SET, region_codes, split_name

LONGEST_NAME = 30
LONGEST_SHOP = 12  # characters of a shop's name as people say it
MOST_NAMES = 5
CITY_LEVEL = 4  # digits of the code of a city; a province has two
LEAST_UNCUED = 4  # characters of a stretch that nothing marks as a firm
LONG = 9  # characters; a longer stretch is cut at single words too
# Words that tell a story; they stand between names.
TOLD = (
    "我们 你们 他们 她们 它们 咱们 大家 人家 自己 妈妈 爸爸 奶奶 爷爷 老公 老婆 儿子 女儿 朋友 同事 "
    "邻居 我妈 我爸 昨天 今天 前天 明天 昨晚 刚才 刚刚 上周 上个月 上个星期 上星期 上月 去年 前年 "
    "今年 前几天 前两天 最近 之前 以前 后来 现在 已经 一直 上次 这次 那次 当时 然后 结果 但是 可是 "
    "因为 所以 如果 还是 还有 而且 竟然 居然 突然 那个 这个 那家 这家 那间 这间 有个 有家 一家 一个 "
    "叫做 名叫 叫作 买了 买的 买到 买过 消费了 充了 充值了 办理了 办了 办的 交了 付了 付款 花了 吃了 "
    "吃出 吃饭 住了 订了 定了 不给退 不退款 不让退 不退 退款 退货 退钱 退卡 退费 换货 不给 不肯 不让 "
    "不管 不理 拒绝 怀疑 投诉 举报 维权 拖欠 骗了 骗我 骗人 坑人 坑我 关门了 关门 关了 倒闭了 倒闭 "
    "欠我 欠了 欠着 欠薪 欠款 欠钱 "
    "跑路了 跑路 搬走 联系不上 打电话 没人接 告诉 知道 觉得 想要 可以 应该 必须 没有 怎么办 咋办 怎么 "
    "为什么 为啥 怎样 什么 多少 哪里 能不能 可不可以 是不是 有没有 哪个好 哪家好 谁更好 的卡 的钱 块钱 "
    "缺斤少两 短斤少两 缺斤短两 说是 说要 送来 送的 卖给 卖的"
).split()
# Things that stories are about, which may stand in names too.
THINGS = (
    "老人 孩子 上午 下午 晚上 早上 中午 周末 门口 附近 楼下 对面 里面 旁边 购买 购物 消费 充值 办理 "
    "办卡 预订 预定 要求 发现 东西 商品 衣服 会员卡 预付卡 储值卡 余额 会员 质量 假货 过期 发票 小票 "
    "押金 定金 订金 工资 售后 客服 老板 店员 营业员 服务员 态度 问题 上班 工作 推销 电话"
).split()
TELLING = re.compile(f"{'|'.join(TOLD)}|[我他她]")
STOPS = "|".join(sorted([*TOLD, *THINGS], key=len, reverse=True))
CUT = re.compile(
    rf"\d+(?:\.\d+)?(?:多)?(?:万|千|百)?(?:元|块|年|月|日|号|天|次|张|件|个)|{STOPS}|[\s，,。！!？?；;：:~～…、“”\"'《》【】（）()]+"
)
FINE_CUT = re.compile("[在到去从给把被让跟和对向说买卖办交付花吃住退的了我你您他她它咱是有]")
BEFORE = re.compile("^(?:就?在|到|去|从|给|把|被|让|叫|跟|和|对|向|往|找|是|的|了|我|你|他|她|它|[这那][个家]?)+")
AFTER = re.compile("(?:的|了|吗|呢|吧|啊|呀|里|上|那|这|我|他|她|都|就|也|又|给|在|是|要|来|去|买|卖)+$")
# What a stretch that is a firm begins after, or ends with.
INTRODUCED = re.compile("(?:在|到|去|叫|名叫|叫做|叫作|那个|那家|这家|这个|有个|有家|一家|给)$")
SHOP = re.compile(
    "(?:超市|商场|百货|购物中心|广场|商城|酒店|宾馆|饭店|餐厅|餐馆|酒楼|便利店|专卖店|旗舰店|连锁店|分店|门店|总店|店|药房|健身房|健身|"
    "会所|影楼|驾校|家具城)$"
)
FIRM = re.compile(
    "(?:公司|集团|合作社|厂|馆|城|院|中心|商行|银行|学校|幼儿园|美容|物业|家政|旅行社|培训|教育|家居|家具|汽车|物流|食品)$"
)
GRIEVANCE = re.compile(
    "不给退|不退|退款|退货|退钱|退卡|投诉|举报|维权|骗了|骗我|骗钱|坑|跑了|跑路了|关门了|倒闭了|假货|质量|过期|拖欠|欠|"
    "不发货|不开门|联系不上|没人接|缺斤|纠纷|赔"
)
QUESTION = re.compile(
    "怎么|怎样|什么|为啥|多少|哪里|哪儿|几点|是谁|吗$|呢$|如何|能不能|可不可以|补贴怎|你们|谢谢|找谁|推荐|(?:能|好|对|行|管)[\u4e00-\u9fff]{0,4}不$|谁$"
)
# Two names in one message stand apart by one of these.
BETWEEN_NAMES = re.compile(
    r"[、，,;；/\n]|以及|还有|或者|或是|还是|或|和|与|跟|对比|比较|(?<=[^a-z])vs\.?(?=[^a-z])|(?<=\S)比", re.IGNORECASE
)
COMPARISON = re.compile(rf"(?:{COMPARED})(?:吗|呢|啊|呀)?$")
NAME_END = re.compile(r".{3,}(?:公司|合作社|企业|厂|商行|商店|便利店|超市|中心)")


def is_story(text: str) -> bool:
    """Whether a text tells or asks something beside a name."""
    return len(normalise(text)) >= 6 and TELLING.search(simplify(text)) is not None


def is_grievance(text: str) -> bool:
    """Whether a text complains of something."""
    return GRIEVANCE.search(text) is not None


def is_question(text: str) -> bool:
    """Whether a text asks something that no firm's name answers."""
    return QUESTION.search(simplify(text).strip(" ？?。！!")) is not None


def story_names(text: str) -> list[str]:
    """The stretches of a story that could be a firm, the likeliest first; a region is put before what follows it."""
    found: list[tuple[int, str]] = []
    region, place, plain = "", 0, simplify(text)
    for cut in [*CUT.finditer(plain), None]:
        stretch = plain[place : cut.start() if cut else None]
        before, place = plain[:place], cut.end() if cut else 0
        for part in FINE_CUT.split(stretch) if len(stretch) > LONG else [stretch]:
            word = AFTER.sub("", BEFORE.sub("", strip_sentence(part)))
            if is_region(word):
                region = word
            elif 2 <= len(normalise(word)) <= LONGEST_NAME:
                is_introduced = bool(INTRODUCED.search(before)) or BEFORE.match(stretch) is not None
                cues = 2 * bool(SHOP.search(word) or FIRM.search(word)) + is_introduced + bool(region)
                if cues or len(word) >= LEAST_UNCUED:
                    # 云朵岸的洗衣店: what it is called, before what it is.
                    found += [(cues, region + name) for name in dict.fromkeys([word.split("的")[0], word])]
                region = ""
    ranked = sorted(found, key=lambda one: -one[0])
    return list(dict.fromkeys(normalise(word) for _, word in ranked))[:3]


def is_kind_only(asked: str) -> bool:
    """Whether a normalised reading names only a kind of firm, perhaps of a region: 超市, 这家公司, 长沙的超市."""
    rest = region_asked(asked)[1]
    return rest in LEGAL_FORM_SET or SHOP.fullmatch(rest) is not None


def is_city_only(asked: str) -> bool:
    """Whether a normalised reading names only a city or a province; many counties are trade names too."""
    last = split_name(asked).core  # of 长春吉隆 the county, which is rather a trade name here
    return is_region(asked) and (
        any(len(code) <= CITY_LEVEL for code in region_codes(last)) or (last != asked and last[-1] in "市区县")
    )


def drop_shop(asked: str) -> str:
    """A normalised name without the kind of shop at its end; empty where there is none, or nothing would be left."""
    shorter = SHOP.sub("", asked) if len(asked) <= LONGEST_SHOP else asked
    return shorter if shorter != asked and len(region_asked(shorter)[1]) >= 2 and not is_region(shorter) else ""


def split_names(text: str) -> list[str]:
    """The stretches between the words that part two names, at most five; empty where nothing parts them."""
    parts = [strip_sentence(part) for part in BETWEEN_NAMES.split(strip_sentence(text))]
    names = list(dict.fromkeys(part for part in parts if len(normalise(part)) >= 2))
    is_all = all(not part or part in names for part in parts)
    return names if is_all and 2 <= len(names) <= MOST_NAMES else []


def leaves_out(name: str, text: str) -> bool:
    """Whether a normalised name lacks most of one of the names that stand apart in a text."""
    parts = (region_asked(normalise(part))[1] for part in split_names(text))
    return any(2 * sum(character in name for character in part) < len(part) for part in parts)


def compares(text: str) -> bool:
    """Whether a text asks which of several is better, or whether they are one: 哪个好, 是一家吗."""
    return COMPARISON.search(simplify(text).strip(" ？?。！!")) is not None


def is_named(text: str) -> bool:
    """Whether a text ends as a firm's name does."""
    return NAME_END.fullmatch(text) is not None
