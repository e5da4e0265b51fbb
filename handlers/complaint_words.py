"""The words by which a citizen steers a complaint; patterns for bot/router.py:Turn.words."""

import re

from handlers.bureau import HELP, HOURS, PEOPLE, PLACE
from models.case_words import CaseKind

KIND_WORDS = {
    CaseKind.COMPLAINT: re.compile(r"1|一|①|第一个|(?:我?要)?投诉|调解|消费纠纷|退款|维权"),
    CaseKind.REPORT: re.compile(r"2|二|②|第二个|(?:我?要)?举报|匿名举报|违法线索"),
    CaseKind.INQUIRY: re.compile(r"3|三|③|第三个|(?:我?要)?咨询|问政策|问一下"),
}
WHOM = r"(?:企业|商家|公司|入口|它们?|他们?|这家|那家|该)?(?:企业|公司|店)?(?:呢|吗|啊)?"
START = rf"(?:我|就|要|想|怎么|如何|怎样|在哪里?|去哪里?|仍要)*(?:投诉|维权|反映问题){WHOM}"
START_REPORT = rf"(?:我|就|要|想|怎么|如何|怎样|匿名)*举报{WHOM}"
START_INQUIRY = r"(?:我|要|想)*咨询(?:政策|问题|一下)?"
THIS_FIRM = re.compile(r"它|他们?|这家|那家|该")
# 投诉饭店吃出虫子, 我要投诉：某某店; a firm's name may begin so as well, which is looked at first.
START_TELLING = re.compile(
    r"(?:我|就|要|想)*(投诉|举报)(?:一下|下)?[\s:：,，]*"
    r"(?!公示|进度|进展|电话|热线|渠道|方式|编号|怎么|如何|流程|需要|要[^求]|多|时间|材料|条件|记录|情况|信息|查询|处理|结果|率|量"
    r"|奖励|有|是|过|了|吗|的|平台|网站|信|箱|中心)(.{2,200})",
    re.DOTALL,
)
GO_ON = r"继续|继续(?:填写?|投诉|举报|咨询|办理|上次的?|刚才的?|填)|接着(?:填|来|说)|接着填写?"
BACK = r"返回|上一步|后退|back"
CANCEL = r"取消|退出|算了|不投诉了|不举报了|不要了|不办了|不填了|停止|结束|cancel|quit|exit|stop"
LATER = r"稍后继续|稍后|稍后再说|等会儿?|等一下|一会儿?再说|待会儿?|保存|先存着|明天再说|以后再说|回头再说"
SURE_TO_CANCEL = r"确定取消|确定|确认|是的?|删除|确认取消|取消"
AGAIN = r"重新填写?|重来|重新开始|重填|新的?|2|二"
NOTHING_MORE = re.compile(
    r"没有|没有了|没了|无|暂时没有|没有证据|没照片|好了|发完了|完了|就这些|好的?|嗯+|ok|可以|同意|知道了|谢谢|下一步|继续"
)
SUBMIT = re.compile(r"提交|确认|确认提交|没问题|对的?|是的?|正确|可以|好的?|ok|1|没有问题|无误")
SUBMIT_AGAIN = r"提交|确认提交|(?:我的|给我|再看|再说|再发)?(?:一下|一遍)?(?:编号|查询码|编号和查询码)(?:是多少|呢)?"
EDIT = re.compile(r"修改|改一?下|更正|不对|有误|错了|2|编辑")
ANONYMOUS = re.compile(r"(?:我要|想|改为)?匿名(?:举报|提交)?|不留名?|不实名|不想留.{0,4}|不留姓名")
NO_CONTACT = re.compile(r"不留(?:电话|了|联系方式)?|不用|没有|不想留|在这里(?:回复|答复)|就在这里.{0,4}|不需要")
GO_ON_HERE = re.compile(
    r"不是|不是这类事?|不是这个|继续|继续填写?|继续办|继续在这里办|继续投诉|继续举报|继续咨询|仍要(?:投诉|举报|提交)|还是要?投诉|1"
)
NONE_OF_THEM = re.compile(r"都不是|不是|没有|就按我写的|按我写的|都不对|其他")
NO_NAME = re.compile(
    r"匿名(?:举报)?|没有|没了|无|不知道|不清楚|不记得|忘了|好了|好的?|嗯+|ok|可以|同意|知道了|谢谢|下一步"
)
NOT_A_NAME = re.compile("[的了吗呢不没怎么吧啊要]|提交|确认|修改|投诉|举报|查询|谢谢|你好|您好")
HURRY = r"(?:我要|现在|直接|马上|确认)?提交"
NUMBER_WORDS = re.compile("电话|手机|号码")
LONG_PAST = r"写进(?:投诉|举报|经过)|没有危险|是以前的事|已经安全了?|是经过|写进去"
EDITABLE = {"1": "firm", "2": "facts", "3": "contact", "4": "category", "5": "amount"}
EDIT_WORDS = {
    "firm": r"企业|商家|名称|公司|被投诉|被举报",
    "facts": r"经过|内容|事情|问题|诉求",
    "contact": r"联系人|电话|手机|姓名|名字",
    "category": r"类别|分类",
    "amount": r"金额|钱|多少钱",
}
# A question about a firm's credit in the middle of a form, and not what the form asks for.
CREDIT_QUESTION = re.compile(
    r"(?:请|麻烦|帮我|给我|我|想|要|先|再)*(?:查一?下|查一查|查查|查询|查|搜一?下)(?:一下)?[\s:：]*.{2,40}"
    r"|.{2,30}(?:怎么样|靠谱吗|可信吗|靠不靠谱|可靠吗)|.{0,30}(?:有没有|有|被).{0,4}(?:处罚|列入名单)(?:过|记录)?(?:吗|么)"
)
BUREAU_QUESTION = re.compile(f"{HOURS}|{PLACE}|{PEOPLE}|{HELP}", re.DOTALL)
NUMBER = re.compile(r"(?:选|第)?\s*([1-9]|10)\s*(?:个|家|项|、|\.)?")
CHINESE_NUMBERS = {word: number for number, word in enumerate("一二三四五六七八九十", 1)}


def find_kind(words: str) -> CaseKind | None:
    """Which of the three was chosen."""
    return next((kind for kind, pattern in KIND_WORDS.items() if pattern.fullmatch(words)), None)


def find_number(words: str) -> int | None:
    """2, 第二个 as a number."""
    if words in CHINESE_NUMBERS:
        return CHINESE_NUMBERS[words]
    found = NUMBER.fullmatch(words) or re.fullmatch(r"(?:选|第)([一二三四五六七八九十])(?:个|家|项)?", words)
    return (CHINESE_NUMBERS.get(found[1]) or int(found[1])) if found else None


def find_part(words: str) -> str:
    """Which part of the form is to be changed; empty where it is not said."""
    if words in EDITABLE:
        return EDITABLE[words]
    return next((part for part, pattern in EDIT_WORDS.items() if re.search(pattern, words)), "")
