"""The control API's blueprint: JSON in, JSON out, errors in words, no orders from foreign pages."""

from typing import Any

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import HTTPException

from simulator.faults import FaultError
from simulator.phone import PhoneError
from simulator.state import Json
from simulator.world import UnknownUserError


class ControlError(ValueError):
    """A request that makes no sense; the message says why."""


def new_blueprint(name: str) -> Blueprint:
    """A part of the control API with its guards."""
    blueprint = Blueprint(name, __name__, url_prefix="/simulate")
    blueprint.before_request(_refuse_foreign_pages)
    for wrong in (ControlError, FaultError):
        blueprint.register_error_handler(wrong, _bad_request)
    blueprint.register_error_handler(PhoneError, _conflict)
    blueprint.register_error_handler(UnknownUserError, _unknown_user)
    blueprint.register_error_handler(HTTPException, _http_error)
    return blueprint


def _refuse_foreign_pages() -> tuple[Response, int] | None:
    """A page of another site, open in the same browser, must not play with the simulator."""
    origin = request.headers.get("Origin")
    if origin and origin != request.host_url.rstrip("/"):
        return jsonify(error="foreign origin"), 403
    return None


def _bad_request(error: Exception) -> tuple[Response, int]:
    return jsonify(error=str(error)), 400


def _conflict(error: Exception) -> tuple[Response, int]:
    return jsonify(error=str(error)), 409


def _unknown_user(error: Exception) -> tuple[Response, int]:
    return jsonify(error=f"no such user: {error}"), 404


def _http_error(error: HTTPException) -> tuple[Response, int]:
    return jsonify(error=error.description), error.code or 500


def body() -> Json:
    """The JSON object of the request, or an empty one."""
    if not request.get_data():
        return {}
    data: Any = request.get_json(force=True, silent=True)
    if not isinstance(data, dict):
        raise ControlError("the body must be a JSON object")
    return data


def number(name: str, default: float = 0) -> float:
    """A number from the query."""
    try:
        return float(request.args.get(name, default))
    except ValueError as error:
        raise ControlError(f"{name} must be a number") from error
