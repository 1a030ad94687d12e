"""Static files under names that carry a hash of their content."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedNames(CompressedManifestStaticFilesStorage):
    """Whitenoise's storage, which gives plain names before the first collection (in tests, in commands)."""

    def stored_name(self, name: str) -> str:
        """Return the hashed name; a file that was not collected is an error once there is a collection."""
        return str(super().stored_name(name)) if self.hashed_files else name
