"""Settings by environment; each says why it differs."""
