"""Runs a command and prints what it took, as ``seconds CPU-seconds KB-of-memory exit``.

A process of its own and as small as can be (``python -I -S``): the kernel counts the memory of whoever starts a command
towards the command.
"""

import os
import sys
import time

begun = time.perf_counter()
pid = os.posix_spawn(
    sys.argv[1], sys.argv[1:], os.environ, file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
)
_, status, used = os.wait4(pid, 0)
took = time.perf_counter() - begun
print(took, used.ru_utime + used.ru_stime, used.ru_maxrss, os.waitstatus_to_exitcode(status))
