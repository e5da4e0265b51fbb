"""The Chinese words of imports and exports, each in this one place."""

from models.importing import ImportKind, QuarantineReason, QuarantineState, RunState

KIND_WORDS = {
    ImportKind.PENALTY: "行政处罚",
    ImportKind.LICENCE: "行政许可",
    ImportKind.HONOUR: "表彰荣誉",
    ImportKind.RED: "守信名单",
    ImportKind.BLACK: "严重失信主体名单",
    ImportKind.ABNORMAL: "经营异常名录",
    ImportKind.COURT: "失信被执行人",
    ImportKind.COMMITMENT: "信用承诺",
    ImportKind.RATING: "信用评价",
    ImportKind.PREPAID: "单用途预付卡备案",
}
RUN_WORDS = {
    RunState.DRAFT: "已上传，待确认",
    RunState.WAITING: "排队中",
    RunState.RUNNING: "处理中",
    RunState.CHECKED: "已检查，未写入",
    RunState.DONE: "已导入",
    RunState.REFUSED: "未导入",
    RunState.FAILED: "中断，未写入",
    RunState.UNDONE: "已撤销",
}
QUARANTINE_WORDS = {
    QuarantineReason.UNKNOWN: "名册中没有这个代码或名称",
    QuarantineReason.SAME_NAME: "有几家企业同名，须补充代码",
    QuarantineReason.NAME_DIFFERS: "代码与名称不是同一家企业",
    QuarantineReason.CODE_WRONG: "代码的校验码不符",
}
QUARANTINE_STATE_WORDS = {
    QuarantineState.WAITING: "待核实",
    QuarantineState.RESOLVED: "已核实入档",
    QuarantineState.REFUSED: "不予入档",
    QuarantineState.UNDONE: "随导入撤销",
}
