"""Top floor: command line, daemon, web. The only readers of clock, environment and argv."""
