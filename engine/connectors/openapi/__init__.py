"""The connector for operations that an OpenAPI document describes."""
