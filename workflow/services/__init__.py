"""Second floor: one use case = one function = one transaction. Values and times come in; nothing reads a clock."""
