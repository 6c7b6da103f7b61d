"""The durable engine: runs process instances on PostgreSQL, with Celery as its muscle."""
