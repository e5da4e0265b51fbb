"""What is remembered: tables and their words."""

from models.activity import Activity, ActivityCheckIn, ActivityPhoto, ActivitySignUp, PublicityEntry
from models.answer import AnswerKey, CheckAttempt, IssuedAnswer, StoreSticker
from models.archive import ArchiveEvent, EnterpriseTag, Objection
from models.article import (
    Article,
    ArticleEnterprise,
    ArticleLink,
    ArticlePicture,
    ArticleStep,
    ArticleVersion,
    Campaign,
    CampaignAlert,
    CampaignDay,
    SensitiveWord,
)
from models.association import (
    Association,
    AssociationHonour,
    AssociationMember,
    AssociationWork,
    Commitment,
    LibraryFile,
)
from models.audit import AuditEntry, AuditHead
from models.base import Base
from models.calendar import CalendarDay, CalendarYear
from models.campaign_delivery import CampaignDelivery, SendingPace
from models.campaign_send import (
    CampaignSend,
    SendArticle,
    SendEvent,
    SendMonth,
    SendOrder,
    SendResult,
    SlotWish,
    Tester,
)
from models.case import Case, CaseConsent, CaseEvent, CaseNumbering, CaseParty
from models.case_arrival import EvidenceFetch, EvidenceUpload
from models.case_clock import CaseAlert, CaseDeadline, CaseProposal, CaseReferral, EventSending, MajorEvent
from models.case_file import CaseContact, CaseDraft, CaseEvidence, CaseLook, QueryAttempt
from models.choice import LoggedChoice
from models.counting import (
    CountedEvent,
    EvaluationEntry,
    EvaluationEvidence,
    EvaluationObjection,
    EvaluationRound,
    EvaluationScore,
    ReportingUnit,
    TableChange,
    TableSubmission,
)
from models.enterprise import Enterprise, EnterpriseName, RegisterRevision
from models.follower import ContactWindow, ConversationState, Follower
from models.follower_choice import (
    FollowerImport,
    FollowerInterest,
    FollowerOptOut,
    FollowerTag,
    NoticeGrant,
    NoticeTemplate,
    TopicTag,
)
from models.hotline import HotlineNonce, HotlineSending, HotlineStatus
from models.importing import ExportReceipt, ImportChange, ImportRun, ImportSource, QuarantinedRow
from models.inspection import ClassRules, InspectionDraw
from models.listing import Listing
from models.nomination import Nomination
from models.notice import Notice
from models.paper import IssuedPaper, PaperNumbering
from models.platform import AccessToken, ApiPause
from models.question_count import QuestionCount
from models.quiz import QuizCertificate, QuizQuestion, QuizTry
from models.reading import ArticleRead, ReadDay
from models.received import Received
from models.record import Dataset, Record
from models.screening import Screening, ScreeningRow
from models.staff import RecoveryCode, SignInFailures, StaffAccount, StaffRole, StaffSession
from models.timetable import TimetableLease
from models.watching import MemberNews, MemberWatch, Watch, WatchCursor, WatchedFirm, Watcher

__all__ = [
    "AccessToken",
    "Activity",
    "ActivityCheckIn",
    "ActivityPhoto",
    "ActivitySignUp",
    "AnswerKey",
    "ApiPause",
    "ArchiveEvent",
    "Article",
    "ArticleEnterprise",
    "ArticleLink",
    "ArticlePicture",
    "ArticleRead",
    "ArticleStep",
    "ArticleVersion",
    "Association",
    "AssociationHonour",
    "AssociationMember",
    "AssociationWork",
    "AuditEntry",
    "AuditHead",
    "Base",
    "CalendarDay",
    "CalendarYear",
    "Campaign",
    "CampaignAlert",
    "CampaignDay",
    "CampaignDelivery",
    "CampaignSend",
    "Case",
    "CaseAlert",
    "CaseConsent",
    "CaseContact",
    "CaseDeadline",
    "CaseDraft",
    "CaseEvent",
    "CaseEvidence",
    "CaseLook",
    "CaseNumbering",
    "CaseParty",
    "CaseProposal",
    "CaseReferral",
    "CheckAttempt",
    "ClassRules",
    "Commitment",
    "ContactWindow",
    "ConversationState",
    "CountedEvent",
    "Dataset",
    "Enterprise",
    "EnterpriseName",
    "EnterpriseTag",
    "EvaluationEntry",
    "EvaluationEvidence",
    "EvaluationObjection",
    "EvaluationRound",
    "EvaluationScore",
    "EventSending",
    "EvidenceFetch",
    "EvidenceUpload",
    "ExportReceipt",
    "Follower",
    "FollowerImport",
    "FollowerInterest",
    "FollowerOptOut",
    "FollowerTag",
    "HotlineNonce",
    "HotlineSending",
    "HotlineStatus",
    "ImportChange",
    "ImportRun",
    "ImportSource",
    "InspectionDraw",
    "IssuedAnswer",
    "IssuedPaper",
    "LibraryFile",
    "Listing",
    "LoggedChoice",
    "MajorEvent",
    "MemberNews",
    "MemberWatch",
    "Nomination",
    "Notice",
    "NoticeGrant",
    "NoticeTemplate",
    "Objection",
    "PaperNumbering",
    "PublicityEntry",
    "QuarantinedRow",
    "QueryAttempt",
    "QuestionCount",
    "QuizCertificate",
    "QuizQuestion",
    "QuizTry",
    "ReadDay",
    "Received",
    "Record",
    "RecoveryCode",
    "RegisterRevision",
    "ReportingUnit",
    "Screening",
    "ScreeningRow",
    "SendArticle",
    "SendEvent",
    "SendMonth",
    "SendOrder",
    "SendResult",
    "SendingPace",
    "SensitiveWord",
    "SignInFailures",
    "SlotWish",
    "StaffAccount",
    "StaffRole",
    "StaffSession",
    "StoreSticker",
    "TableChange",
    "TableSubmission",
    "Tester",
    "TimetableLease",
    "TopicTag",
    "Watch",
    "WatchCursor",
    "WatchedFirm",
    "Watcher",
]
