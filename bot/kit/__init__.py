"""Tools in the drawer: would be a library of its own; knows no sellers."""
