"""Who may do what, who answers for what, and the proof of what was done."""
