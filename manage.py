#!/usr/bin/env python
"""Django's command line. What each command needs is decided in `config.command_line`."""

from __future__ import annotations

import sys

from config import command_line

if __name__ == "__main__":
    sys.exit(command_line.run(sys.argv))
