"""What the services do, refuse and record."""
