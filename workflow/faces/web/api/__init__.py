"""``/api/v1``: what the site shows, for programs. Read-only but for facts; described at
``/api/v1/openapi.json``. No HTML, and nothing that a page does not show."""
