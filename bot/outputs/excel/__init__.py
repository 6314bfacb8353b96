"""A shop's table as an .xlsx file."""
