"""django-mailer: letters are written into its queue in one go, then ``send_all`` hands them over one by one."""

from pathlib import Path

from benchmarks.peers import djangos, given


def _project(folder: Path, port: int = 0) -> None:
    djangos.project(folder, port, "mailer", EMAIL_BACKEND="mailer.backend.DbBackend")


def prepare(folder: Path, letters: int) -> None:
    given.lay_out(folder, letters)
    _project(folder)
    djangos.migrate()


def send(folder: Path, port: int, _letters: int) -> None:
    _project(folder, port)
    from django.core.mail import EmailMultiAlternatives, get_connection
    from mailer.engine import send_all

    letters = []
    for one in given.due(given.database(folder)):
        written = given.write(folder, one)
        headers = {"Message-ID": one.message_id}
        made = EmailMultiAlternatives(one.subject, written.text, given.SENDER, [one.address], headers=headers)
        made.attach_alternative(written.html, "text/html")
        made.attach("frist.ics", written.calendar, "text/calendar")
        letters.append(made)
    get_connection().send_messages(letters)
    send_all()


def recorded(folder: Path) -> int:
    _project(folder)
    from mailer.models import RESULT_SUCCESS, MessageLog

    return int(MessageLog.objects.filter(result=RESULT_SUCCESS).count())
