"""What the two Django senders need: a project of few settings, on a SQLite file that is on the disk at each commit."""

from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command


def project(folder: Path, port: int, *apps: str, **more: object) -> None:
    """Set Django up with these apps, its database and its media in ``folder``."""
    settings.configure(
        INSTALLED_APPS=["django.contrib.contenttypes", *apps],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": folder / "django.db",
                "OPTIONS": {"timeout": 60, "init_command": "PRAGMA synchronous=FULL"},
            }
        },
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=port,
        MEDIA_ROOT=folder / "media",
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
        USE_TZ=True,
        **more,
    )
    django.setup()


def migrate() -> None:
    call_command("migrate", verbosity=0)
