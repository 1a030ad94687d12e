"""What each report counts: rows within reach in, figures out; nothing here knows of pages."""
