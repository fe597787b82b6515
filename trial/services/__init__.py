"""What happens: each act is one transaction, asks permission first, and is recorded once."""
