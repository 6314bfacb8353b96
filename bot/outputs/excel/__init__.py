"""The table as a file: an .xlsx with the same content and look as the Google sheet."""
