"""Pages of a hearing: its register, one party, the note, and the forms that write into it. Nothing of the
councils' approval."""
