"""What must hold when many act at once, and when machines fail."""
