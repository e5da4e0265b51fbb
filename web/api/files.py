"""The files that an order offers to the hotline: fetched by their links, each fetch written down."""

from flask import Blueprint, Response, request

from models.audit import Act
from services.audit import Actor, record
from services.evidence.serving import serve_original
from services.evidence.trouble import EvidenceError, Trouble
from services.hotline.attachments import find_offered
from web.api.door import Counter, refuse
from web.saving import save_as

HOTLINE = "热线平台"


def add_files(api: Blueprint, counter: Counter) -> None:
    """GET /api/hotline/files/<token>."""

    @api.get("/files/<token>")
    def show_file(token: str) -> Response:
        """The original as it came; the link is the permission, and it ends."""
        now, caller = counter.clock(), Actor(HOTLINE, None, request.remote_addr or "")
        if counter.credentials is None:
            raise refuse(503, "closed", "本局没有开通热线接口")
        try:
            with counter.database.write() as session:
                offered = find_offered(session, token, now)
                if counter.store is None:
                    raise EvidenceError(Trouble.MISSING)
                served = serve_original(session, counter.store, offered.row)
                details = {"文件": f"第 {offered.row.id} 号"}
                record(session, caller, Act.EVIDENCE_OPENED, now, subject=offered.case.number, details=details)
        except EvidenceError as error:
            if error.trouble is Trouble.LINK_EXPIRED:
                raise refuse(410, "expired", "链接已失效；需要时请联系本局重新发送") from None
            raise refuse(404, "unknown", str(error)) from None
        response = Response(served.pieces, mimetype=served.mime)
        response.headers.update(served.headers)
        save_as(response, served.file_name)
        response.content_length = offered.row.size_bytes
        return response
