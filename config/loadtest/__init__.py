"""`manage.py loadtest`: what this installation does on this machine, beside what the machine can.

Everything is measured on a database of its own, in pairs within one run, and checked in the tables
afterwards. docs/loadtest.md says how to read what comes out.
"""
