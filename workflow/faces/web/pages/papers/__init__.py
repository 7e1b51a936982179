"""What is taken away from the site as a file: sheets, tables, reports."""
