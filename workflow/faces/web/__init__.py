"""The site: gate, pages, API and feeds, over HTTP."""
