"""The closed sets of cases: kinds, states, actions, grounds; their Chinese words are in services/cases/wording.toml."""

from enum import StrEnum


class CaseKind(StrEnum):
    """What a citizen wants; one letter with both is filed as two cases (Order 121 art. 9)."""

    COMPLAINT = "complaint"  # 投诉: asks that a dispute be settled, real-name
    REPORT = "report"  # 举报: names a breach, may be anonymous
    INQUIRY = "inquiry"  # 咨询: asks


class State(StrEnum):
    """Where a case stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    NEED_MORE = "need_more"
    REJECTED = "rejected"
    REFERRED = "referred"
    ACCEPTED = "accepted"
    ASSIGNED = "assigned"
    RETURNED = "returned"
    IN_PROGRESS = "in_progress"
    MEDIATING = "mediating"
    SUSPENDED = "suspended"
    ANSWERED = "answered"
    REWORK = "rework"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"
    ARCHIVED = "archived"


class Action(StrEnum):
    """A step that somebody takes; services/cases/workflow.py says who, from where and to where."""

    SUBMIT = "submit"
    ASK_MORE = "ask_more"
    ADD_MORE = "add_more"
    SUPPLEMENT = "supplement"
    ACCEPT = "accept"
    REJECT = "reject"
    REFER = "refer"
    ACKNOWLEDGE_REFERRAL = "acknowledge_referral"
    FORWARD_EVIDENCE = "forward_evidence"
    TAKE_BACK = "take_back"
    TAKE_BACK_ACCEPTED = "take_back_accepted"
    ASSIGN = "assign"
    RETURN = "return"
    TAKE = "take"
    APPOINT = "appoint"
    AMEND = "amend"
    LOG_CONTACT = "log_contact"
    RECORD_CONSENT = "record_consent"
    BEGIN = "begin"
    MEDIATE = "mediate"
    DELEGATE_MEDIATION = "delegate_mediation"
    REPORT_MEDIATION = "report_mediation"
    END_MEDIATION = "end_mediation"
    PROPOSE_SUSPENSION = "propose_suspension"
    APPROVE_SUSPENSION = "approve_suspension"
    RESUME = "resume"
    RESUME_MEDIATION = "resume_mediation"
    PROPOSE_EXTENSION = "propose_extension"
    APPROVE_EXTENSION = "approve_extension"
    PROPOSE_ANSWER = "propose_answer"
    APPROVE_ANSWER = "approve_answer"
    DECLINE_PROPOSAL = "decline_proposal"
    CONFIRM = "confirm"
    CLOSE_SILENT = "close_silent"
    CLOSE_UNREACHABLE = "close_unreachable"
    RATE = "rate"
    DISPUTE = "dispute"
    UPHOLD_ANSWER = "uphold_answer"
    ORDER_REWORK = "order_rework"
    BEGIN_REWORK = "begin_rework"
    REOPEN = "reopen"
    RESUBMIT = "resubmit"
    WITHDRAW = "withdraw"
    RECORD_WITHDRAWAL = "record_withdrawal"
    NOTE_TOLD = "note_told"
    MERGE = "merge"
    ABSORB = "absorb"
    FOLLOW_UP = "follow_up"
    PUBLISH = "publish"
    ARCHIVE = "archive"


class Outsider(StrEnum):
    """Who acts on a case without being staff."""

    CITIZEN = "citizen"  # the complainant or reporter
    SYSTEM = "system"  # the clock, a rule, another system


class Timer(StrEnum):
    """A deadline of a case."""

    ACCEPT = "accept"  # T1: tell whether it is accepted
    SUPPLY = "supply"  # the citizen's answer to ask_more
    ASSIGN = "assign"
    RETURN = "return"  # after it the case is the unit's
    CONTACT = "contact"  # first contact with the citizen
    ANSWER = "answer"  # T2
    MEDIATE = "mediate"  # T3: 60 calendar days
    CONFIRM = "confirm"  # the citizen's word on the answer
    DISPUTE = "dispute"  # decide whose fault a dissatisfying answer is
    TELL = "tell"  # tell both sides of a withdrawal
    ACKNOWLEDGE = "acknowledge"  # the receiver of a referral confirms


class Ground(StrEnum):
    """The seven grounds of 不予受理 (Order 121 art. 16)."""

    NOT_OUR_DUTY = "not_our_duty"
    HANDLED_ELSEWHERE = "handled_elsewhere"
    NOT_CONSUMPTION = "not_consumption"
    TOO_OLD = "too_old"
    MATERIAL_MISSING = "material_missing"
    IMPERSONATION = "impersonation"
    OTHER = "other"


class Result(StrEnum):
    """How a case ended."""

    MEDIATED = "mediated"  # 调解成功
    MEDIATION_ENDED = "mediation_ended"  # 调解终止
    CONFIRMED = "confirmed"  # 查实
    UNFOUNDED = "unfounded"  # 查否
    SETTLED = "settled"  # 和解
    EXPLAINED = "explained"  # 已解答
    UNREACHABLE = "unreachable"  # 无法联系
    TRANSFERRED = "transferred"  # 移送


class Channel(StrEnum):
    """The way by which a case came."""

    CHAT = "chat"
    H5 = "h5"
    PHONE = "phone"
    COUNTER = "counter"
    HOTLINE = "hotline"  # another system's order


class Urgency(StrEnum):
    """一般, 紧急, 特急."""

    NORMAL = "normal"
    URGENT = "urgent"
    CRITICAL = "critical"


class ConsentKind(StrEnum):
    """What somebody agreed to."""

    NOTICE = "notice"  # has read the privacy notice
    PUBLISH = "publish"
    MEDIATION = "mediation"
    DELEGATION = "delegation"  # of the mediation to an association
    TRANSFER = "transfer"  # of personal data to another body


class Side(StrEnum):
    """Whose consent or data."""

    COMPLAINANT = "complainant"
    RESPONDENT = "respondent"
    PROXY = "proxy"
    FELLOW = "fellow"  # 共同投诉人


class Proposal(StrEnum):
    """What needs a second person."""

    ANSWER = "answer"
    SUSPENSION = "suspension"
    EXTENSION = "extension"


class ContactOutcome(StrEnum):
    """What became of a try to reach the citizen."""

    REACHED = "reached"
    FAILED = "failed"


class Rung(StrEnum):
    """A step of the escalation ladder."""

    AMBER = "amber"
    DUE = "due"
    OVERDUE = "overdue"  # 催办单
    LEADER = "leader"
    BULLETIN = "bulletin"  # 通报
    CHANGED = "changed"  # the calendar changed a provisional date
    RECEIVER_SILENT = "receiver_silent"
    LATE_EVIDENCE = "late_evidence"  # came after the case was referred by hand
    BURST = "burst"


class Audience(StrEnum):
    """Who is told by an alert."""

    INTAKE = "intake"
    DISPATCHER = "dispatcher"
    HANDLER = "handler"
    REVIEWER = "reviewer"
    UNIT_HEAD = "unit_head"
    LEADER = "leader"
    BULLETIN = "bulletin"  # the weekly 通报
    DUTY_OFFICER = "duty_officer"


class BurstCause(StrEnum):
    """What opened a major event."""

    MANY_CASES = "many_cases"
    PREPAID_CLOSURE = "prepaid_closure"
    AMOUNT = "amount"
    BY_HAND = "by_hand"
