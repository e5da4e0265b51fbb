"""What is said to whom of an objection."""

from models.archive_words import ObjectionState

MARKED = "异议 {number}：已在该记录上标注“异议处理中”，正在核查。"
FORWARDED = "异议 {number}：该记录由“{unit}”提供，已转给它核查，最迟 {due_on}答复。"
DECIDED = {
    ObjectionState.UPHELD: "异议 {number} 成立。{answer}",
    ObjectionState.DISMISSED: (
        "异议 {number} 不成立。{answer}\n"
        "对结果不服的，可以向作出决定的机关申请复核，或者依法申请行政复议、提起行政诉讼。"
    ),
}
