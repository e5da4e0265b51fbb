"""Provinces and some of their cities, written as registers write them, with GB/T 2260 city codes."""

from dataclasses import dataclass

MUNICIPALITIES = ("北京", "天津", "上海", "重庆")

CITIES = {
    "北京": "海淀1101 朝阳1101 西城1101 丰台1101 东城1101 通州1101",
    "天津": "南开1201 西青1201 河西1201 东丽1201 北辰1201",
    "河北": "石家庄1301 唐山1302 保定1306 廊坊1310 沧州1309",
    "山西": "太原1401 大同1402 长治1404 晋中1407 运城1408 临汾1410",
    "内蒙古": "呼和浩特1501 包头1502 赤峰1504 鄂尔多斯1506",
    "辽宁": "沈阳2101 大连2102 鞍山2103 丹东2106 营口2108",
    "吉林": "长春2201 吉林2202 四平2203 通化2205 松原2207",
    "黑龙江": "哈尔滨2301 齐齐哈尔2302 大庆2306 佳木斯2308 牡丹江2310",
    "上海": "嘉定3101 青浦3101 奉贤3101 松江3101 宝山3101",
    "江苏": "南京3201 无锡3202 常州3204 苏州3205 南通3206 淮安3208 盐城3209",
    "浙江": "杭州3301 宁波3302 温州3303 嘉兴3304 金华3307 台州3310",
    "安徽": "合肥3401 芜湖3402 安庆3408 滁州3411 阜阳3412",
    "福建": "福州3501 厦门3502 三明3504 泉州3505 漳州3506",
    "江西": "南昌3601 九江3604 赣州3607 吉安3608 宜春3609",
    "山东": "济南3701 青岛3702 烟台3706 潍坊3707 临沂3713",
    "河南": "郑州4101 洛阳4103 安阳4105 新乡4107 南阳4113 信阳4115",
    "湖北": "武汉4201 十堰4203 宜昌4205 襄阳4206 荆州4210",
    "湖南": "长沙4301 株洲4302 湘潭4303 衡阳4304 岳阳4306 常德4307 郴州4310",
    "广东": "广州4401 深圳4403 汕头4405 佛山4406 惠州4413 东莞4419",
    "广西": "南宁4501 柳州4502 桂林4503 北海4505 玉林4509",
    "海南": "海口4601 三亚4602 儋州4604",
    "重庆": "渝中5001 渝北5001 江北5001 南岸5001 万州5001",
    "四川": "成都5101 德阳5106 绵阳5107 乐山5111 南充5113 宜宾5115",
    "贵州": "贵阳5201 六盘水5202 遵义5203 毕节5205",
    "云南": "昆明5301 曲靖5303 玉溪5304 丽江5307",
    "西藏": "拉萨5401 日喀则5402 昌都5403 林芝5404",
    "陕西": "西安6101 宝鸡6103 咸阳6104 渭南6105 延安6106 汉中6107",
    "甘肃": "兰州6201 白银6204 天水6205 张掖6207 酒泉6209",
    "青海": "西宁6301 海东6302",
    "宁夏": "银川6401 石嘴山6402 吴忠6403 中卫6405",
    "新疆": "乌鲁木齐6501 克拉玛依6502 吐鲁番6504 哈密6505",
}


@dataclass(frozen=True)
class Place:
    """A city, or a district of a municipality."""

    province: str
    city: str
    code: str  # six digits

    @property
    def is_district(self) -> bool:
        """In a municipality the cities are districts."""
        return self.province in MUNICIPALITIES

    @property
    def full_city(self) -> str:
        """With 市 or 区 behind it."""
        return f"{self.province}市{self.city}区" if self.is_district else f"{self.city}市"

    @property
    def in_names(self) -> str:
        """The city as enterprise names begin: districts give the municipality's name."""
        return self.province if self.is_district else self.city


PLACES = [Place(province, entry[:-4], f"{entry[-4:]}00") for province, line in CITIES.items() for entry in line.split()]


def place(city: str) -> Place:
    """The place with this city; KeyError where there is none."""
    return {found.city: found for found in PLACES}[city]


@dataclass(frozen=True)
class Office:
    """The authorities of one city and the numbers of their documents."""

    place: Place

    @property
    def commerce(self) -> str:
        """商务局."""
        return f"{self.place.full_city}商务局（演示）"

    @property
    def market(self) -> str:
        """市场监管局."""
        return f"{self.place.full_city}市场监督管理局（演示）"

    @property
    def court(self) -> str:
        """A court of first instance."""
        return f"{self.place.full_city}示范人民法院（演示）"

    def number(self, word: str, year: int, serial: int) -> str:
        """A document number, such as （演示）长商罚〔2026〕12号."""
        return f"（演示）{self.place.city[0]}{word}〔{year}〕{serial}号"
