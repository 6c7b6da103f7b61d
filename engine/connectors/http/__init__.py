"""The HTTP connector."""
