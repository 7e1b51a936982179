"""Top floor: command line, daemon, web. The only readers of clock, environment and argv: each parses, calls one service
and shows its answer. Never a rule of law, and no decision that another face would have to repeat."""
