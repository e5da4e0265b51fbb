"""The entries of the console's menu and home page: a new room adds one line to SECTIONS."""

from dataclasses import dataclass

from services.staff.duties import Permission
from services.staff.sessions import Visit


@dataclass(frozen=True)
class Section:
    """One room of the console; `permissions`: any of them opens it, none named opens it to all staff."""

    endpoint: str
    title: str
    about: str
    icon: str  # of icons.html
    permissions: frozenset[Permission] = frozenset()


SECTIONS: tuple[Section, ...] = (
    Section(
        "console.cases",
        "投诉举报",
        "等您办的事项，最急的在最前面；查找、登记、办理",
        "document",
        frozenset({Permission.READ_CASES, Permission.MEDIATE}),
    ),
    Section(
        "console.archive",
        "信用档案",
        "查企业的全部记录和名单，起草、审核公示，更正、撤回、修复，办异议",
        "shield",
        frozenset({Permission.KEEP_ARCHIVE, Permission.APPROVE_ARCHIVE}),
    ),
    Section(
        "console.activities",
        "活动与统计",
        "活动、报名签到、答题、活动统计表、绩效评价",
        "honour",
        frozenset({Permission.RUN_CAMPAIGNS, Permission.KEEP_ASSOCIATION}),
    ),
    Section(
        "console.associations",
        "商协会",
        "会员、信用承诺、荣誉、工作推进情况",
        "register",
        frozenset({Permission.RUN_CAMPAIGNS, Permission.KEEP_ASSOCIATION, Permission.KEEP_ARCHIVE}),
    ),
    Section(
        "console.articles",
        "文章",
        "起草、审核、批准；目的意义、工作动态、社会影响、经验做法",
        "copy",
        frozenset({Permission.RUN_CAMPAIGNS, Permission.KEEP_ASSOCIATION}),
    ),
    Section(
        "console.campaigns",
        "宣传活动",
        "年度活动的主题、标识、时间，宣传日历，提醒",
        "honour",
        frozenset({Permission.RUN_CAMPAIGNS, Permission.KEEP_ASSOCIATION}),
    ),
    Section(
        "console.sends",
        "发送安排",
        "每月四次群发的日历，申请排期，预览、批准、发送结果",
        "phone",
        frozenset({Permission.RUN_CAMPAIGNS, Permission.KEEP_ASSOCIATION}),
    ),
    Section(
        "console.imports",
        "数据导入导出",
        "双公示等表格导入、待核实、迟报清单、上报信用中国",
        "copy",
        frozenset({Permission.KEEP_ARCHIVE}),
    ),
    Section(
        "console.screenings",
        "批量核查",
        "粘贴一批企业名称或代码，得到信用核查表",
        "search",
        frozenset({Permission.SCREEN}),
    ),
    Section(
        "console.inspections",
        "双随机抽查",
        "按监管类别加权抽取检查对象，种子留痕，可以重抽核对",
        "list",
        frozenset({Permission.KEEP_ARCHIVE}),
    ),
    Section(
        "console.staff",
        "人员管理",
        "新增人员、分配岗位、停用账号、重置密码",
        "people",
        frozenset({Permission.MANAGE_STAFF}),
    ),
    Section(
        "console.audit",
        "操作记录",
        "谁在什么时候做了什么、为什么；可以核对有没有被改动",
        "list",
        frozenset({Permission.READ_AUDIT}),
    ),
    Section(
        "console.checkup",
        "系统体检",
        "服务器、数据库、后台任务和微信是否正常，不正常时怎么办",
        "warning",
        frozenset({Permission.MANAGE_STAFF}),
    ),
    Section("console.account", "我的账号", "密码、动态验证码、在哪里登录着", "shield"),
)


def sections_for(visit: Visit) -> list[Section]:
    """What this member of staff finds, in order."""
    return [
        section
        for section in SECTIONS
        if not section.permissions or any(visit.may(permission) for permission in section.permissions)
    ]
