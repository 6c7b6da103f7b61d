"""Runs Interlock on one machine: the embedded servers and every process of the product.

Kept free of Django, so that the first page is there in seconds. A part is a row in `parts.py`; what
it may know of the secrets is in its row. Containers and real servers need none of this.
"""
