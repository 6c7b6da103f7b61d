"""Structured logs: one JSON object a line, with who, where and what, and no secret in it."""

from __future__ import annotations

from typing import Any

import structlog

from common.logging import add_scene, mask


def logging_config(level: str) -> dict[str, Any]:
    """Return the settings for `logging`: every record passes the mask before it is written."""
    shared = [
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        add_scene,
        structlog.processors.format_exc_info,
        mask,
    ]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": shared,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.JSONRenderer(),
                ],
            }
        },
        "handlers": {"stream": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stream"], "level": level},
        "loggers": {
            "uvicorn": {"handlers": [], "propagate": True},
            "uvicorn.access": {"level": "WARNING", "handlers": [], "propagate": True},
            "django": {"handlers": [], "propagate": True},
            # They tell whole addresses and headers, as text in which no mask finds every secret.
            "httpx": {"level": "WARNING"},
            "httpcore": {"level": "WARNING"},
        },
    }
