"""One reader for all kinds of files, in a process with limits: `open_table` of `table` is the way in."""
