"""The ground every app stands on: errors, identity, clock, tenancy. Knows no domain noun."""
