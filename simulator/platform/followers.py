"""Followers and their tags."""

from simulator.platform.endpoint import OK, Answer, Call, Endpoints
from simulator.platform.errors import WeChatError
from simulator.state import Json, User

PAGE = 10_000
MOST_TAGS, MOST_TAGS_OF_A_USER = 100, 20
TAG_BYTES = 30
BATCH = 50
SYSTEM_TAGS = {0, 1, 2}

endpoints = Endpoints("followers")


def _describe(user: User) -> Json:
    """What WeChat tells of a follower: since 2021 neither name nor picture."""
    if not user.followed:
        return {"subscribe": 0, "openid": user.openid}
    return {
        "subscribe": 1,
        "openid": user.openid,
        "nickname": "",
        "sex": 0,
        "language": "zh_CN",
        "city": "",
        "province": "",
        "country": "",
        "headimgurl": "",
        "subscribe_time": user.followed_at,
        "remark": user.remark,
        "groupid": user.tags[0] if user.tags else 0,
        "tagid_list": user.tags,
        "subscribe_scene": user.subscribe_scene,
        "qr_scene": int(user.qr_scene) if user.qr_scene.isdigit() else 0,
        "qr_scene_str": "" if user.qr_scene.isdigit() else user.qr_scene,
    }


@endpoints.get("/cgi-bin/user/info")
def info(call: Call) -> Answer:
    return _describe(call.user(call.args.get("openid")))


@endpoints.post("/cgi-bin/user/info/batchget")
def batch_info(call: Call) -> Answer:
    wanted = call.dicts(call.body.get("user_list"), 40032)
    if len(wanted) > 100:
        raise WeChatError(40032)
    return {"user_info_list": [_describe(call.user(item.get("openid"))) for item in wanted]}


def _page_after(openids: list[str], last: str) -> Json:
    start = openids.index(last) + 1 if last in openids else 0
    part = openids[start : start + PAGE]
    answer: Json = {"count": len(part)}
    if part:
        answer["data"] = {"openid": part}
    return answer | {"next_openid": part[-1] if part else ""}


@endpoints.get("/cgi-bin/user/get")
def followers(call: Call) -> Answer:
    openids = [user.openid for user in call.world.state.users.values() if user.followed]
    return {"total": len(openids)} | _page_after(openids, call.args.get("next_openid", ""))


@endpoints.post("/cgi-bin/user/info/updateremark")
def remark(call: Call) -> Answer:
    text = call.text("remark")
    if len(text) >= 30:
        raise WeChatError(40035)
    call.user(call.body.get("openid")).remark = text
    return OK


def _tag_name(call: Call) -> tuple[Json, str]:
    tag = call.body.get("tag")
    if not isinstance(tag, dict):
        raise WeChatError(47001)
    name = str(tag.get("name") or "").strip()
    if not name or (name in call.world.state.tags.values()):
        raise WeChatError(45157)
    if len(name.encode()) > TAG_BYTES:
        raise WeChatError(45158)
    return tag, name


def _own_tag(call: Call, tag_id: object) -> int:
    if not isinstance(tag_id, int) or tag_id not in call.world.state.tags:
        raise WeChatError(45159)
    if tag_id in SYSTEM_TAGS:
        raise WeChatError(45058)
    return tag_id


@endpoints.post("/cgi-bin/tags/create")
def create_tag(call: Call) -> Answer:
    tags = call.world.state.tags
    _, name = _tag_name(call)
    if len(tags) >= MOST_TAGS:
        raise WeChatError(45056)
    tag_id = max(99, *tags) + 1
    tags[tag_id] = name
    return {"tag": {"id": tag_id, "name": name}}


@endpoints.get("/cgi-bin/tags/get")
def list_tags(call: Call) -> Answer:
    users = call.world.state.users.values()
    tags = call.world.state.tags.items()
    return {
        "tags": [
            {"id": tag_id, "name": name, "count": sum(tag_id in user.tags for user in users)} for tag_id, name in tags
        ]
    }


@endpoints.post("/cgi-bin/tags/update")
def rename_tag(call: Call) -> Answer:
    tag, name = _tag_name(call)
    call.world.state.tags[_own_tag(call, tag.get("id"))] = name
    return OK


@endpoints.post("/cgi-bin/tags/delete")
def delete_tag(call: Call) -> Answer:
    tag = call.body.get("tag")
    tag_id = _own_tag(call, tag.get("id") if isinstance(tag, dict) else None)
    del call.world.state.tags[tag_id]
    for user in call.world.state.users.values():
        user.tags = [each for each in user.tags if each != tag_id]
    return OK


def _tagged(call: Call) -> tuple[int, list[User]]:
    openids, tag_id = call.body.get("openid_list"), call.body.get("tagid")
    if not isinstance(openids, list) or not 1 <= len(openids) <= BATCH:
        raise WeChatError(40032)
    if not isinstance(tag_id, int) or tag_id not in call.world.state.tags:
        raise WeChatError(45159)
    return tag_id, [call.user(openid) for openid in openids]


@endpoints.post("/cgi-bin/tags/members/batchtagging")
def tag_users(call: Call) -> Answer:
    tag_id, users = _tagged(call)
    if any(tag_id not in user.tags and len(user.tags) >= MOST_TAGS_OF_A_USER for user in users):
        raise WeChatError(45059)
    for user in users:
        user.tags = list(dict.fromkeys([*user.tags, tag_id]))
    return OK


@endpoints.post("/cgi-bin/tags/members/batchuntagging")
def untag_users(call: Call) -> Answer:
    tag_id, users = _tagged(call)
    for user in users:
        user.tags = [each for each in user.tags if each != tag_id]
    return OK


@endpoints.post("/cgi-bin/tags/getidlist")
def tags_of_user(call: Call) -> Answer:
    return {"tagid_list": call.user(call.body.get("openid")).tags}


@endpoints.any("/cgi-bin/user/tag/get")
def users_of_tag(call: Call) -> Answer:
    tag_id = call.body.get("tagid")
    if not isinstance(tag_id, int) or tag_id not in call.world.state.tags:
        raise WeChatError(45159)
    openids = [user.openid for user in call.world.state.users.values() if tag_id in user.tags]
    return _page_after(openids, call.text("next_openid"))
