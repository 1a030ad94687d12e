"""The declared reports, a file each."""
