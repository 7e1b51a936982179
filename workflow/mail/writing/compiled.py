"""Templates compiled once a process: whoever makes an environment anew from the same words finds the code it had."""

from __future__ import annotations

from types import CodeType

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket


class Compiled(BytecodeCache):
    """The code of templates by name and source. One for each way of making environments: the code depends on it."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """The code of this very source, where there is some."""
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code for the next environment."""
        if bucket.code is not None:
            self._kept[bucket.key, bucket.checksum] = bucket.code
