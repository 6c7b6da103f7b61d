"""Playing scenarios on the real tables: the queue, the leases and the journal as in production."""
