"""django-post-office: letters queued beforehand with their template and calendar file, written and sent by two
processes. What queueing costs is not counted."""

from pathlib import Path

from benchmarks.peers import djangos, given

PROCESSES = 2


def _project(folder: Path, port: int = 0) -> None:
    own = {"BATCH_SIZE": 1000, "THREADS_PER_PROCESS": 5, "LOG_LEVEL": 2}
    backends = {"default": "django.core.mail.backends.smtp.EmailBackend"}
    djangos.project(folder, port, "post_office", POST_OFFICE={**own, "BACKENDS": backends})


def prepare(folder: Path, letters: int) -> None:
    given.lay_out(folder, letters)
    _project(folder)
    djangos.migrate()
    from django.core.files.base import ContentFile
    from django.db import transaction
    from post_office import mail
    from post_office.models import EmailTemplate

    text, html, _ = ((folder / file).read_text(encoding="utf-8") for file in given.PARTS)
    subject = "Indsend sundhedsaftalen senest 1. juli 2023 (sag nr. {{ id }})"
    template = EmailTemplate.objects.create(name="letter", subject=subject, content=text, html_content=html)
    with transaction.atomic():
        for one in given.due(given.database(folder)):
            dates = ContentFile(given.write(folder, one).calendar.encode())
            mail.send(
                one.address, given.SENDER, template=template, context={"council": one.council, "id": one.id},
                render_on_delivery=True, attachments={"frist.ics": dates},
                headers={"Message-ID": one.message_id},
            )  # fmt: skip


def send(folder: Path, port: int, _letters: int) -> None:
    _project(folder, port)
    from post_office.mail import send_queued

    send_queued(processes=PROCESSES)


def recorded(folder: Path) -> int:
    _project(folder)
    from post_office.models import STATUS, Email

    return int(Email.objects.filter(status=STATUS.sent).count())
