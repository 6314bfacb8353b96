"""Drive v3: whose a file is, who may see and change it, and what happened to it."""
