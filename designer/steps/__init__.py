"""Pure: step templates. Read, held against the steps made from them, and against each other.

A step template is an element template of Camunda 8, as its open JSON schema says: a step with its
settings, of which some are fields to fill and others are fixed. Files published for Camunda 8 are
read as they are; what our engine would not obey is refused in words.
"""
