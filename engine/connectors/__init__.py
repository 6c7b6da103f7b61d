"""How service tasks reach the outside world. A new connector: a folder and a registry line."""
