"""Mistakes that somebody could make in the delivery code, each with the test that would notice."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    """``old``, which stands exactly once in ``workflow/FILE``, becomes ``new``; then ``killed_by`` must fail."""

    name: str
    file: str
    old: str
    new: str
    killed_by: str


DELIVERY, OUTBOX, SMTP = "services/delivery/sending.py", "storage/letters/outbox.py", "mail/sending/smtp.py"
PASS, FAULTS = (
    "tests/services/delivery/test_delivery.py::",
    "tests/services/delivery/test_delivery_faults.py::",
)
RECORDING = "services/delivery/recording.py"
WINDOWS = "tests/services/delivery/test_windows.py::"
MAILDIR, COPIES = "mail/sending/maildir.py", "tests/services/delivery/test_copies.py::"
STORED, WIRE = "tests/storage/test_outbox.py::", "tests/mail/sending/test_smtp.py::"

MUTANTS = [
    Mutant(
        "marked as sent before it is sent", DELIVERY,
        '        self.on_step("talking", claimed.id)\n',
        '        self._commit_outcome(claimed, Answer("accepted", 250, "ok", "DOT"))\n',
        FAULTS + "test_greylisting_costs_a_minute_and_no_copy[sqlite]",
    ),
    Mutant(
        "no intent is written", DELIVERY,
        "                outbox.intent(session, claimed, self.at(), self.lease)\n", "                pass\n",
        PASS + "test_a_worker_fenced_off_before_data_sends_nothing[sqlite]",
    ),
    Mutant(
        "the intent is written after the letter", SMTP,
        "            before_data()\n",
        "            await self._data(client, raw, said=False)\n            before_data()\n",
        WIRE + "test_data_is_never_said_when_the_intent_is_refused",
    ),
    Mutant(
        "QUIT before the answer is recorded", DELIVERY,
        '        self.on_step("sent", claimed.id)\n', "        await self.wire.close()\n",
        PASS + "test_the_outcome_is_recorded_before_quit[sqlite]",
    ),
    Mutant(
        "told to stop, it drops a letter that is being said", DELIVERY,
        "                if (claimed.id, claimed.fence) not in self.intended:\n", "                if True:\n",
        PASS + "test_cancelling_after_the_intent_waits_for_the_answer_and_records_it[sqlite]",
    ),
    Mutant(
        "the key forgets the revision", "services/planning/owing.py",
        '    key = "|".join((standing.agreement.key, about,',
        '    key = "|".join((standing.agreement.key, about.split("|r")[0],',
        "tests/services/planning/test_reminders.py::test_a_date_moved_there_and_back_is_told_again[sqlite]",
    ),
    Mutant(
        "a letter of law shares the commits of reminders", "storage/letters/windows.py",
        "takewhile(lambda row: not (row.statutory or row.uncertain), rows)", "takewhile(lambda row: True, rows)",
        WINDOWS + "test_a_letter_of_law_goes_alone_and_none_due_later_goes_before_it[sqlite]",
    ),
    Mutant(
        "a window is said without its intents", "services/delivery/together.py",
        "self.intended = windows.intend(session, self.left, now, self.lease)\n",
        "self.intended = {one.id for one in self.left}\n",
        WINDOWS + "test_a_window_is_claimed_intended_and_recorded_together[sqlite]",
    ),
    Mutant(
        "a letter of a window is said though it was taken over", "services/delivery/together.py",
        "        if claim.id not in self.intended or self.at() >= self.until:\n",
        "        if self.at() >= self.until:\n",
        WINDOWS + "test_one_that_was_taken_over_is_not_said[sqlite]",
    ),
    Mutant(
        "what a window did not come to stays in doubt", "services/delivery/together.py",
        "                await self._let_go(self.left)\n", "                pass\n",
        WINDOWS + "test_told_to_stop_it_records_what_was_said_and_gives_the_rest_back[sqlite]",
    ),
    Mutant(
        "a letter of law is dropped after downtime for a more urgent one", "services/planning/hushed.py",
        "    if rung.letter.statutory:\n        return False\n", "",
        "tests/services/planning/test_reminders.py::test_a_letter_of_law_is_not_dropped_for_a_more_urgent_one[sqlite]",
    ),
    Mutant(
        "every 5xx ends the address", "mail/answers.py",
        '    if verb in CHANNEL_VERBS or code in _OWN_FAULT:\n        return "own_fault", "relay"\n',
        '    if code >= 500:\n        return "address_refused", "gone"\n',
        FAULTS + "test_our_own_fault_buries_no_letter[sqlite]",
    ),
    Mutant(
        "silence after the intent counts as nothing", "mail/answers.py",
        '        return "uncertain" if after_intent else "deferred", ""\n', '        return "deferred", ""\n',
        "tests/mail/test_answers.py::test_silence_after_the_intent_is_uncertain",
    ),
    Mutant(
        "a partial refusal is taken for a yes", SMTP,
        '            await self._say("RCPT", client.rcpt(to, options=wanted))\n',
        '            try:\n                await self._say("RCPT", client.rcpt(to, options=wanted))\n'
        "            except aiosmtplib.SMTPResponseException:\n                pass\n",
        WIRE + "test_after_a_refusal_the_next_letter_starts_on_a_new_connection",
    ),
    Mutant(
        "a line that went wrong is used again", SMTP,
        '        """The answer for a conversation that broke; the connection is ended unless the server may still hear'
        ' QUIT."""\n        self._usable = False\n',
        "        self._usable = True\n",
        WIRE + "test_after_a_refusal_the_next_letter_starts_on_a_new_connection",
    ),
    Mutant(
        "a stripped STARTTLS is let pass", "mail/sending/target.py",
        '        return self.starttls == "required" or not self.on_loopback\n', "        return False\n",
        "tests/mail/sending/test_smtp_tls.py::test_when_starttls_is_stripped_nothing_is_said_in_clear",
    ),
    Mutant(
        "the fence is ignored", OUTBOX,
        "    ours = (_notice.c.fence == claimed.fence) & _notice.c.state.in_(states)\n",
        "    ours = _notice.c.state.in_(states)\n",
        STORED + "test_the_fence_keeps_out_a_worker_that_was_overtaken[sqlite]",
    ),
    Mutant(
        "the lease is ignored", OUTBOX,
        '    .where(_notice.c.lease_until <= bindparam("at", type_=_notice.c.lease_until.type))\n',
        '    .where(_notice.c.lease_until.is_not(bindparam("at", type_=_notice.c.lease_until.type)))\n',
        STORED + "test_a_lease_that_ends_before_the_intent_leaves_no_doubt[sqlite]",
    ),
    Mutant(
        "the flag is forgotten", OUTBOX,
        '    uncertain=True, outcome="uncertain", answer=', '    outcome="uncertain", answer=',
        STORED + "test_a_lease_that_ends_after_the_intent_is_flagged_and_the_resend_counted[sqlite]",
    ),
    Mutant(
        "a letter is written anew for its next try", OUTBOX,
        ' if hold else {"state": "ready", "next_at": next_at}\n',
        ' if hold else {"state": "planned", "body": None, "next_at": next_at}\n',
        STORED + "test_what_was_not_accepted_is_tried_again_with_the_same_bytes[sqlite-deferred]",
    ),
    Mutant(
        "bytes that are stored are written over", "storage/letters/prepared.py",
        '        _notice.c.state.in_(("planned", "refused")),\n        _notice.c.body.is_(None),\n',
        "        _notice.c.id > 0,\n",
        STORED + "test_a_rendering_is_stored_once_and_never_over_another[sqlite]",
    ),
    Mutant(
        "the claim is conditional in its subquery only", "storage/letters/prepared.py",
        "        .with_for_update(skip_locked=True)  # left out on SQLite, where one writer holds the whole file\n"
        "        .scalar_subquery()\n    )\n    return (\n        update(_notice)\n"
        "        .where(_notice.c.id == longest, _due)",
        "        .scalar_subquery()\n    )\n    return (\n        update(_notice)\n"
        "        .where(_notice.c.id == longest)",
        "tests/storage/test_claims.py::test_eight_threads_never_claim_the_same_notice_on_postgresql",
    ),
    Mutant(
        "what a mail carries does not share its refusal", OUTBOX,
        "    follow(session, claimed.id, kind, values)\n", "",
        "tests/services/delivery/test_digest.py::"
        "test_a_refused_address_lets_all_of_it_be_written_again_to_the_next_contact[sqlite]",
    ),
    Mutant(
        "what a mail carries is not accepted with it", "storage/letters/windows.py",
        '            follow(session, carrier, "accepted", shared)\n', "            pass\n",
        "tests/services/delivery/test_digest.py::"
        "test_reminders_to_one_mailbox_go_in_one_mail_carried_by_the_most_urgent[sqlite]",
    ),
    Mutant(
        "letters of law are left to the day's mail", "services/delivery/writing.py",
        "            for notice, contact in batch:\n", "            for notice, contact in batch[:0]:\n",
        "tests/services/delivery/test_digest.py::"
        "test_what_the_law_asks_goes_alone_and_at_once_even_after_the_days_mail[sqlite]",
    ),
    Mutant(
        "letters of law are held with the flood", "services/delivery/flood.py",
        "        & (col(Notice.statutory) == false())\n", "",
        "tests/services/delivery/test_handling.py::"
        "test_more_reminders_at_once_than_expected_wait_for_a_person_and_statutory_ones_do_not[sqlite]",
    ),
    Mutant(
        "no throttle", DELIVERY,
        "            if per_minute and attempts.full_minute(session, at, per_minute):\n", "            if False:\n",
        PASS + "test_letters_go_at_so_many_a_minute[sqlite]",
    ),
    Mutant(
        "the breaker never opens", DELIVERY,
        "            if not breaker.allows(at) and not eager:\n", "            if False:\n",
        FAULTS + "test_five_failures_in_a_row_rest_the_channel_and_one_letter_probes[sqlite]",
    ),
    Mutant(
        "held sending is not held", DELIVERY,
        '            if meta.get(session, "held"):\n', "            if False:\n",
        "tests/services/delivery/test_handling.py::test_held_sending_sends_nothing_until_released[sqlite]",
    ),
    Mutant(
        "sent at night", DELIVERY,
        "        if at.astimezone(COPENHAGEN).hour in quiet:\n", "        if at.hour in ():\n",
        PASS + "test_nothing_is_sent_at_night[sqlite]",
    ),
    Mutant(
        "one letter that cannot be written stops the pass", "services/delivery/writing.py",
        "            self._quarantine(notice, error, at)\n            return []\n", "            raise\n",
        "tests/services/delivery/test_replies.py::test_a_template_that_raises_stops_its_own_letters_and_no_other[sqlite]",
    ),
    Mutant(
        "a forged return address is believed", "mail/verp.py",
        "hmac.compare_digest(_mac(match[1], one), match[2])", "match[2]",
        "tests/mail/test_reports.py::test_a_token_opens_only_with_its_own_secret",
    ),
    Mutant(
        "in the journal mailbox the Message-ID alone is enough", MAILDIR,
        '    if not raw.endswith(letter) or b"\\n\\n" in above or above[-1:] not in (b"", b"\\n"):\n',
        "    if False:\n",
        COPIES + "test_only_the_whole_letter_proves_it[sqlite-the Message-ID alone]",
    ),
    Mutant(
        "a mail that quotes the letter counts as its copy", MAILDIR,
        ' or b"\\n\\n" in above', "",
        COPIES + "test_only_the_whole_letter_proves_it[sqlite-quoted under the same Message-ID]",
    ),
    Mutant(
        "the bytes alone are enough, whatever Message-ID stands above", MAILDIR,
        "    return ids == [message_id]\n", "    return message_id in ids\n",
        COPIES + "test_only_the_whole_letter_proves_it[sqlite-a second Message-ID above]",
    ),
    Mutant(
        "a letter in doubt goes again without being looked for", DELIVERY,
        "        if self.journal is None or not claimed.uncertain:\n", "        if True:\n",
        COPIES + "test_a_letter_found_in_the_journal_mailbox_is_accepted_and_no_second_copy_goes[sqlite]",
    ),
    Mutant(
        "a journal mailbox that cannot be read is passed over in silence", "services/delivery/copies.py",
        '            tell(session, (UNREADABLE, "alarm", text), at, alarms)\n', "            pass\n",
        COPIES + "test_a_mailbox_that_cannot_be_read_is_an_alarm_and_holds_no_letter[sqlite]",
    ),
    Mutant(
        "a copy that is found clears the alarm of the mail server", RECORDING,
        "    if answer.verb != JOURNAL:\n", "    if True:\n",
        COPIES + "test_what_is_found_says_nothing_of_the_road_to_the_mail_server[sqlite]",
    ),
    Mutant(
        "a copy that is found counts as a probe that got through", "storage/letters/attempts.py",
        "_attempt.c.outcome != ABANDONED, _attempt.c.verb != JOURNAL)", "_attempt.c.outcome != ABANDONED)",
        COPIES + "test_what_is_found_says_nothing_of_the_road_to_the_mail_server[sqlite]",
    ),
    Mutant(
        "a database that was moved is written in", "storage/database.py",
        "                if not moved and (other := meta.moved(session)):\n",
        '                if (other := "") and not moved:\n',
        "tests/services/keeping/test_moving.py::"
        "test_afterwards_nothing_is_written_at_the_source_and_everything_can_be_read[sqlite]",
    ),
    Mutant(
        "the answer in hand is dropped where the database is away for longer than a moment",
        "services/delivery/settling.py",
        "        if number >= len(BRIEFLY) and stop():\n", "        if number >= len(BRIEFLY):\n",
        "tests/services/delivery/test_database_away.py::"
        "test_gone_with_the_answer_in_hand_it_is_waited_for_and_no_second_copy_goes[sqlite-False]",
    ),
    Mutant(
        "a clock behind what was recorded is believed", "services/watch/heartbeat.py",
        "        why = _why_not_believed(at, newest, _recorded(session), jumped)\n",
        "        why = _why_not_believed(at, newest, None, jumped)\n",
        "tests/services/delivery/test_handling.py::"
        "test_a_clock_behind_what_was_recorded_holds_also_where_no_daemon_ever_ticked[sqlite]",
    ),
    Mutant(
        "an address refused anew is silent, since its old alarm stands", RECORDING,
        'refuse_address(session, claimed.address, at):\n            clear_alarms(session, f"address:',
        'refuse_address(session, claimed.address, at):\n            clear_alarms(session, f"nothing:',
        FAULTS + "test_an_address_that_is_refused_again_after_it_was_mended_is_told_again[sqlite]",
    ),
    Mutant(
        "an agreement that cannot be worked out stops the letters of all", "services/planning/reminders.py",
        "        except projection.UNWORKABLE as error:\n", "        except ZeroDivisionError as error:\n",
        "tests/services/watch/test_unworkable.py::test_its_letters_are_an_alarm_and_the_others_are_planned[sqlite]",
    ),
]  # fmt: skip
