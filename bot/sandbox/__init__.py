"""The three outside worlds as local servers, so that our real code runs without them.

Each twin behaves like its vendor, is reached by replacing the vendor's address in the settings,
and misbehaves on request. Nothing of the product imports this package.
"""
