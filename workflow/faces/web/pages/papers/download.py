"""A file to be saved."""

from __future__ import annotations

import re
from urllib.parse import quote

from fastapi import Response


def download(content: bytes, name: str, kind: str) -> Response:
    """A file to be saved, never shown: its name is for people and may hold anything."""
    safe = re.sub(r"[^\w.-]+", "-", name).strip("-.") or "fil"
    plain = safe.encode("ascii", "replace").decode().replace("?", "_")
    told = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(safe)}"
    return Response(content, media_type=kind, headers={"Content-Disposition": told})
