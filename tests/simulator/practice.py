"""A frozen clock, practice credentials, and the control API in a few words."""

from typing import Any

from flask.testing import FlaskClient

from simulator.config import Config
from simulator.world import World

AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
CONFIG = Config(
    app_id="wx1234567890abcdef",
    app_secret="0123456789abcdef0123456789abcdef",
    token="practiceToken",
    aes_key=AES_KEY,
    wait_seconds=0.3,
    event_delay=0.0,
)


class FrozenClock:
    """A clock that moves only when told to."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


class Phone:
    """The control API in a few words."""

    def __init__(self, client: FlaskClient, world: World) -> None:
        self.client = client
        self.world = world
        self.openid = next(iter(world.state.users))

    def post(self, path: str, /, **body: Any) -> dict[str, Any]:
        response = self.client.post(f"/simulate{path}", json=body)
        assert response.status_code < 300, response.get_data(as_text=True)
        return dict(response.get_json())

    def get(self, path: str) -> dict[str, Any]:
        response = self.client.get(f"/simulate{path}")
        assert response.status_code == 200, response.get_data(as_text=True)
        return dict(response.get_json())

    def send(self, kind: str, **spec: Any) -> dict[str, Any]:
        return self.post("/send", user=self.openid, type=kind, **spec)

    def follow(self) -> dict[str, Any]:
        return self.post(f"/users/{self.openid}/follow")

    def chat(self) -> list[dict[str, Any]]:
        return list(self.get(f"/users/{self.openid}/chat")["chat"])

    def token(self) -> str:
        answer = self.client.post(
            "/cgi-bin/stable_token",
            json={
                "grant_type": "client_credential",
                "appid": CONFIG.app_id,
                "secret": CONFIG.app_secret,
            },
        )
        return str(answer.get_json()["access_token"])

    def call(self, path: str, body: dict[str, Any] | None = None, **query: Any) -> dict[str, Any]:
        """Call the platform with a good token; GET without a body, POST with one."""
        query = {"access_token": self.token()} | query
        if body is None:
            response = self.client.get(path, query_string=query)
        else:
            response = self.client.post(path, query_string=query, json=body)
        assert response.status_code == 200
        return dict(response.get_json())

    def custom_text(self, content: str = "您好") -> int:
        body = {"touser": self.openid, "msgtype": "text", "text": {"content": content}}
        return int(self.call("/cgi-bin/message/custom/send", body)["errcode"])
