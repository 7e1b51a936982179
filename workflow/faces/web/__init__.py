"""The site: gate, pages, API and feeds, over HTTP. Never a rule and never SQL."""
