"""Celery, as far as it is used: one message that wakes a worker for a step of the timetable.

A message says which job and nothing else. What is to be done stands in the database, so a message that is lost,
doubled or late does no harm: the timetable sends the next one (ADR 0006).
"""

from celery import Celery

TASK = "chengxin.step"
QUEUE = "chengxin"
GOOD_FOR_SECONDS = 30  # an older message is thrown away unread: a newer one is there
LOST_AFTER_SECONDS = 3600  # what a dead machine had taken comes again; harmless, as all of them


def make_engine(redis_url: str) -> Celery:
    """The application of both ends."""
    engine = Celery("chengxin", broker=redis_url, set_as_current=False)
    engine.conf.update(
        task_default_queue=QUEUE,
        task_ignore_result=True,
        task_acks_late=True,  # only what was done is done
        task_reject_on_worker_lost=True,  # the step of a killed process goes to another
        task_serializer="json",
        accept_content=["json"],
        worker_prefetch_multiplier=1,  # whoever is free takes the next
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        worker_enable_remote_control=False,
        worker_send_task_events=False,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_transport_options={
            "visibility_timeout": LOST_AFTER_SECONDS,
            "socket_timeout": 5.0,
            "socket_connect_timeout": 2.0,
            "socket_keepalive": True,
        },
    )
    return engine
