"""What a check of an answer says, in plain Chinese."""

from services.credit.answers import CheckState

CHECK_WORDS = {
    CheckState.UNCHANGED: "是本局出具的，所列信息到现在没有变化。",
    CheckState.UPDATED: "是本局出具的。该答复所列部分信息已更新，请重新查询。",
    CheckState.NOT_COMPARABLE: "是本局出具的。出具以后系统升级过，不能自动比对，请重新查询。",
    CheckState.GONE: "是本局出具的。所查企业现已不在登记数据中，这份结果不能再使用。",
    CheckState.TOO_OLD: "这份结果已超过核验期限，不能再核验，请重新查询。",
    CheckState.MISTYPED: "编号或校验码抄得不对，请对照原件再看一遍。",
    CheckState.WRONG: "没有核验通过：本局没有出具过这个编号和校验码的查询结果。它可能是伪造的，或者被改动过。",
    CheckState.BLOCKED: "核验失败的次数过多，请过一会儿再试。",
}
