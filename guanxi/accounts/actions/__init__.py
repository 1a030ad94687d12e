"""What is done with users; the only place that changes them."""
