"""What staff read of sends: channels, topics, states, and what WeChat's codes mean."""

from models.send_words import OrderKind, SendChannel, SendState, Topic, WishKind

TOPICS = {Topic.TIPS: "消费提示", Topic.ACTIVITIES: "诚信活动", Topic.POLICY: "政策法规"}
CHANNELS = {
    SendChannel.MASS: "群发",
    SendChannel.PUBLISH: "发布（不通知）",
    SendChannel.SERVICE: "客服消息",
    SendChannel.SUBSCRIPTION: "订阅通知",
    SendChannel.ANSWER: "自动回复“最新活动”",
}
CHANNEL_NOTES = {
    SendChannel.MASS: "所有关注的人都收到，每人每月最多四次",
    SendChannel.PUBLISH: "放在公众号主页，不打扰任何人，不占群发次数",
    SendChannel.SERVICE: "只发给最近 48 小时内给我们留过言的人",
    SendChannel.SUBSCRIPTION: "只发给同意过接收这种通知的人",
    SendChannel.ANSWER: "有人点菜单“最新活动”时看到，不占群发次数",
}
TEMPLATE_NOTE = "模板消息不能用来做宣传（微信规定），所以这里没有这一项。"
STATES = {
    SendState.DRAFT: "拟定中",
    SendState.SCHEDULED: "已批准，等时间到",
    SendState.SENDING: "正在发送",
    SendState.CONFIRMING: "等管理员在手机上确认",
    SendState.ACCEPTED: "微信已受理，等结果",
    SendState.DONE: "已发出",
    SendState.NOT_SENT: "没有发出",
    SendState.UNKNOWN: "结果不明",
    SendState.RECALLED: "已撤回",
    SendState.CANCELLED: "已取消",
}
WISHES = {WishKind.LEGAL: "依法须发布", WishKind.BUREAU: "本局", WishKind.ASSOCIATION: "商协会"}
ORDERS = {OrderKind.PREVIEW: "预览", OrderKind.RECALL: "撤回", OrderKind.ASK: "查询结果"}

# The statuses of MASSSENDJOBFINISH beside "send success".
MASS_FAILURES = {
    "send fail": "微信没有发送：管理员没有在规定时间内确认，或者微信内部审核没有通过",
    "err(10001)": "微信判定涉嫌广告",
    "err(20001)": "微信判定涉嫌政治",
    "err(20002)": "微信判定涉嫌色情",
    "err(20004)": "微信判定涉嫌社会",
    "err(20006)": "微信判定涉嫌违法犯罪",
    "err(20008)": "微信判定涉嫌欺诈",
    "err(20013)": "微信判定涉嫌版权问题",
    "err(21000)": "微信判定涉嫌其他问题",
    "err(22000)": "微信判定涉嫌互推",
    "err(30001)": "原创校验时微信系统错误，没有群发",
    "err(30002)": "原创校验判定不能群发",
    "err(30003)": "原创校验判定为转载，没有群发",
}
NOT_CONFIRMED = "管理员没有在 {minutes} 分钟内确认，微信没有群发"
# What publish_status means beside 0 (published) and 1 (not yet).
PUBLISH_FAILURES = {
    2: "原创审核没有通过",
    3: "发布失败",
    4: "平台审核没有通过",
    5: "发布后被用户删除",
    6: "发布后被系统封禁",
}
# Codes that staff can do something about.
CODES = {
    40003: "没有这个微信号，或者没有关注公众号",
    40007: "草稿已不存在，请重新安排",
    40130: "收件人太少：群发至少要有两位关注的人",
    43004: "对方没有关注公众号",
    43101: "对方没有同意接收这种通知",
    45002: "正文太长",
    45003: "标题太长",
    45004: "摘要太长",
    45008: "一次最多八篇文章",
    45009: "今天调用微信的次数已用完",
    45028: "本月群发次数已用完",
    45159: "标签已不存在",
    48001: "公众号没有这项权限",
    48003: "公众号后台没有开启群发",
    48008: "公众号没有这类消息的权限",
    53500: "发布功能被封禁",
    53501: "频繁请求发布",
    53502: "内容不符合平台要求，不能发布",
    53503: "微信要求先在后台处理这份草稿",
    53504: "微信要求先在后台发布",
    53505: "请先在公众号后台手动保存一次草稿",
}


def explain_code(code: int) -> str:
    """An error code in words."""
    return f"{CODES.get(code, '微信没有接受')}（代码 {code}）"


def explain_mass(status: str, *, was_confirming: bool, confirm_minutes: int) -> str:
    """Why a mass send did not go out, by WeChat's status of it."""
    if was_confirming and status == "send fail":
        return NOT_CONFIRMED.format(minutes=confirm_minutes)
    return MASS_FAILURES.get(status, f"微信说：{status}")
