"""Open data: every public record in the forms others read, the catalogue of them, and the nightly dump."""
