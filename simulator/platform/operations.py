"""Quotas, request ids, WeChat's addresses and the network test."""

from flask import request

from simulator.platform import limits, tokens
from simulator.platform.endpoint import OK, Answer, Call, Endpoints
from simulator.platform.errors import WeChatError

endpoints = Endpoints("operations")


@endpoints.post("/cgi-bin/clear_quota")
def clear_quota(call: Call) -> Answer:
    """All daily counts to zero, ten times a month."""
    if call.text("appid") != call.world.config.app_id:
        raise WeChatError(40013)
    limits.clear(call.world)
    return OK


@endpoints.post("/cgi-bin/clear_quota/v2", token=False)
def clear_quota_by_secret(call: Call) -> Answer:
    """The same without a token, for when the token's own quota is gone."""
    tokens.check_app(call.world, call.text("appid"), call.text("appsecret"))
    limits.clear(call.world)
    return OK


@endpoints.post("/cgi-bin/openapi/quota/get")
def quota(call: Call) -> Answer:
    path = call.text("cgi_path")
    limit = limits.daily_limit(call.world, path)
    if limit is None:
        raise WeChatError(76021)
    used = limits.used_today(call.world, path)
    answer = OK | {"quota": {"daily_limit": limit, "used": used, "remain": max(limit - used, 0)}}
    if path in limits.PER_MINUTE:
        answer["rate_limit"] = {"call_count": limits.PER_MINUTE[path], "refresh_second": 60}
    return answer


@endpoints.post("/cgi-bin/openapi/rid/get")
def request_by_rid(call: Call) -> Answer:
    """What was asked and answered under a rid, as WeChat's support would look it up."""
    for record in call.world.journal.calls.values():
        if record.rid == call.text("rid") and record is not call.record:
            return OK | {
                "request": {
                    "invoke_time": int(record.at),
                    "cost_in_ms": record.ms,
                    "request_url": f"{record.path}?{record.query}",
                    "request_body": record.request,
                    "response_body": record.response,
                    "client_ip": "127.0.0.1",
                }
            }
    raise WeChatError(76024)


@endpoints.any("/cgi-bin/<path:rest>", token=False)
def unknown(call: Call) -> Answer:  # noqa: ARG001 - every endpoint takes its call
    """Any other address: WeChat answers in JSON too."""
    raise WeChatError(40066)


@endpoints.get("/cgi-bin/getcallbackip")
def callback_addresses(call: Call) -> Answer:  # noqa: ARG001 - every endpoint takes its call
    return {"ip_list": ["127.0.0.1"]}


@endpoints.get("/cgi-bin/get_api_domain_ip")
def api_addresses(call: Call) -> Answer:  # noqa: ARG001 - every endpoint takes its call
    return {"ip_list": ["127.0.0.1"]}


@endpoints.post("/cgi-bin/callback/check")
def network_test(call: Call) -> Answer:  # noqa: ARG001 - every endpoint takes its call
    address = request.host.partition(":")[0]
    return {
        "dns": [{"ip": address, "real_operator": "DEFAULT"}],
        "ping": [{"ip": address, "from_operator": "DEFAULT", "package_loss": "0%", "time": "1.000ms"}],
    }
