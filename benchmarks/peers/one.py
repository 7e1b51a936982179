"""One step of one peer, in a process of its own: ``python -m benchmarks.peers.one PEER STEP FOLDER PORT LETTERS``.

``prepare`` lays out what is due, ``send`` is what is measured, ``recorded`` prints how many letters are down as sent.
"""

import sys
from importlib import import_module
from pathlib import Path

if __name__ == "__main__":
    name, step, folder, port, letters = sys.argv[1:]
    peer = import_module(f"benchmarks.peers.{name}")
    match step:
        case "prepare":
            peer.prepare(Path(folder), int(letters))
        case "send":
            peer.send(Path(folder), int(port), int(letters))
        case "recorded":
            print(peer.recorded(Path(folder)))
