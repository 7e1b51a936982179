"""Which identity providers vouch for one organisation's people, and which for whoever wants to join."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

# Anybody can make an account with these.
_OPEN = {
    "accounts.google.com", "login.live.com", "appleid.apple.com", "facebook.com", "www.facebook.com",
    "limited.facebook.com", "login.yahoo.com", "api.login.yahoo.com", "www.linkedin.com", "linkedin.com", "gitlab.com",
    "github.com", "token.actions.githubusercontent.com", "slack.com", "id.twitch.tv", "discord.com", "www.paypal.com",
    "www.paypalobjects.com", "www.amazon.com", "login.salesforce.com", "auth.atlassian.com", "access.line.me",
    "account.apple.com", "orcid.org",
}  # fmt: skip
_OPEN_BELOW = (".b2clogin.com", ".ciamlogin.com")  # made for customers, who sign up themselves
_ENTRA = {
    "login.microsoftonline.com", "login.microsoft.com", "login.windows.net", "sts.windows.net",
    "login.microsoftonline.us", "login.partner.microsoftonline.cn", "login.chinacloudapi.cn",
}  # fmt: skip
_SHARED_TENANTS = {
    "9188040d-6c67-4c5b-b112-36a304b66dad",  # personal Microsoft accounts
    "f8cdef31-a31e-4b4a-93e4-5f571e91255a",  # Microsoft's own services
}
_TENANT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def open_to_anybody(issuer: str) -> bool:
    """Whether the issuer vouches for people of more than one organisation, as far as its address tells: by name, and
    for Entra ID by whether it names one tenant. Upper and lower case are alike."""
    parts = urlsplit(issuer.lower())
    host = (parts.hostname or "").rstrip(".")
    if host in _OPEN or host.endswith(_OPEN_BELOW):
        return True
    if host in _ENTRA:
        tenant = unquote(parts.path).strip("/").partition("/")[0]
        return not _TENANT.fullmatch(tenant) or tenant in _SHARED_TENANTS
    return False
