"""From facts to the bytes of one letter. Nothing here opens a connection."""
