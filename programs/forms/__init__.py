"""Forms of the catalogue: inputs of rules, what readers send, what publishers edit."""
