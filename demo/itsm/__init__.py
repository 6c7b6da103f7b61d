"""A service desk, a chat and a machine room in one small HTTP server, for the demo company.

It stands in for the systems that a real company has, and behaves like one: what it was told
survives being killed, a repeated call with the same `Idempotency-Key` does nothing twice, and it
can be told to fail. It knows nothing of Interlock and imports none of its apps.
"""
