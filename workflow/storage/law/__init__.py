"""The law: the files of ``calendars/`` and the rule sets kept in the database. No fact of any agreement."""
