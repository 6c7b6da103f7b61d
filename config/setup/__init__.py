"""Gets a checkout ready to run, on a machine that has Python, git and make and nothing else.

Runs on the system's Python before a single package is installed, so everything here and in
`config.console` imports the standard library only. Each step keeps a stamp, the digest of what it
was made from, and is skipped while that is unchanged. A step that was interrupted is done again.
"""
