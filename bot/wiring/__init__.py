"""The only room that knows everybody: builds the world, opens it and closes it in order."""
