"""What is taken away from the site as a file: sheets, tables, reports. No page to read on the site."""
