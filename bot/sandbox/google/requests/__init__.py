"""`spreadsheets.batchUpdate`: one file per family of requests, one dispatcher."""
