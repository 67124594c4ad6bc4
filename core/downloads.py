"""A file as it leaves the portal: always an attachment, of its own type, never stored on the way."""

from typing import TypeVar

from django.db.models.fields.files import FieldFile
from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from core.access import NO_STORE
from core.exceptions import Refused

_Answer = TypeVar("_Answer", bound=HttpResponseBase)


def under_name(response: _Answer, name: str) -> _Answer:
    """Let a made file be saved under a name, and stay in no cache on the way."""
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    response["Cache-Control"] = NO_STORE
    return response


def attachment(file: FieldFile, *, name: str, media_type: str, size: int) -> FileResponse:
    """The bytes under the name people know. Raises Refused (404) when they cannot be read."""
    try:
        body = file.storage.open(file.name or "", "rb")
    except OSError:
        raise Refused from None
    response = FileResponse(body, as_attachment=True, filename=name, content_type=media_type)
    response["Content-Length"] = str(size)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = NO_STORE
    return response
