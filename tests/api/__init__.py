"""What the API does, refuses and never tells."""
