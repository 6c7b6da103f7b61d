"""The language: BPMN 2.0 as the engine understands it. Pure: no framework, no clock, no I/O."""
