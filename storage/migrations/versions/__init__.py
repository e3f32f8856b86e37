"""One module a step, the first creates everything."""
