"""Calendars at secret addresses: kept, and written out. No page and no letter."""
