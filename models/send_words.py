"""The closed sets of campaign sends; their Chinese words are in services/campaigns/sending_words.py."""

from enum import StrEnum


class Topic(StrEnum):
    """What a send is about; a follower may want some only."""

    TIPS = "tips"  # 消费提示
    ACTIVITIES = "activities"  # 诚信活动
    POLICY = "policy"  # 政策法规


class SendChannel(StrEnum):
    """The ways by which publicity may go out; a template message is none (wechat.md 1.7)."""

    MASS = "mass"  # 群发: a draft to all or to a tag, four a month
    PUBLISH = "publish"  # 发布: on the account's page, nobody is told
    SERVICE = "service"  # 客服消息 to whoever wrote within 48 hours
    SUBSCRIPTION = "subscription"  # 订阅通知 to whoever agreed to it
    ANSWER = "answer"  # the bot's own answer to 最新活动


class SendState(StrEnum):
    """Life of a send."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"  # approved by a second person, waits for its hour
    SENDING = "sending"  # a sender has it, or its notices go out one by one
    CONFIRMING = "confirming"  # the account's administrator must confirm on the telephone within 30 minutes
    ACCEPTED = "accepted"  # WeChat has it; the result follows
    DONE = "done"
    NOT_SENT = "not_sent"  # certainly did not go out; `reason` says why
    UNKNOWN = "unknown"  # may have gone out; never sent again by itself, a person decides
    RECALLED = "recalled"
    CANCELLED = "cancelled"


class OrderKind(StrEnum):
    """What staff want of WeChat; only the jobs process calls it."""

    PREVIEW = "preview"  # to the testers
    RECALL = "recall"
    ASK = "ask"  # what became of it


class WishKind(StrEnum):
    """Who wants a slot; in this order."""

    LEGAL = "legal"  # a notice that the law asks for
    BUREAU = "bureau"
    ASSOCIATION = "association"


class DeliveryState(StrEnum):
    """What became of one follower's notice."""

    NEW = "new"
    LEASED = "leased"  # a sender has it now
    SENT = "sent"
    FAILED = "failed"  # WeChat refused; no window, no grant, gone
    UNKNOWN = "unknown"  # may have arrived; not sent again
    SKIPPED = "skipped"  # not sent: opted out meanwhile, or the send was stopped
