"""Pages about the law: rules, reasons of one date, readings, the end of a regime, new rule sets. Never an
agreement's facts."""
