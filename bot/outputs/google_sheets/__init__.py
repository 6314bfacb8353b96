"""A shop's table as a Google spreadsheet."""
