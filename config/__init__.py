"""How the parts are put together: settings, routes, the entry points of processes."""
