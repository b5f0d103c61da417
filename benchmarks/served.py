"""The dashboard with the CPU time of its queries counted: `python -m benchmarks.served PORT FILE [LOG]`.

FILE holds the sum in milliseconds as eight bytes. It is mapped into memory, so that counting costs nothing
that would be taken for work of the page. LOG, where named, gets a line of JSON for each query that the engine
ran; an answer kept from another part of the page is none. On the signal FORGET the server forgets every figure
it has kept.
"""

import json
import mmap
import os
import signal
import struct
import sys
import threading
import time
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.web import bootstrap

from benchmarks.measure import ROOT
from dashboard.store.answers import Answers
from dashboard.store.reader import Reader

SUM = struct.Struct("d")
FORGET = signal.SIGUSR1
# Of the query a thread asked last.
_answer = threading.local()


def query_ms(path: Path) -> float:
    """CPU milliseconds of all queries so far."""
    found: float = SUM.unpack(path.read_bytes())[0]
    return found


def forget_figures(pid: int) -> None:
    """Have the server with this process id forget its figures, as if nobody had asked for any."""
    os.kill(pid, FORGET)


def logged_ms(log: Path) -> dict[str, list[float]]:
    """CPU milliseconds of each run of a query in a log, by its text."""
    found: dict[str, list[float]] = {}
    for line in log.read_text(encoding="utf-8").splitlines():
        sql, taken = json.loads(line)
        found.setdefault(sql, []).append(taken)
    return found


def _count_queries(path: Path, log: Path | None) -> None:
    total = [0.0]
    path.write_bytes(SUM.pack(0.0))
    with path.open("r+b") as file:
        shared = mmap.mmap(file.fileno(), SUM.size)

    def counted(read: Callable[..., Any]) -> Callable[..., Any]:
        def timed(reader: Reader, sql: str, *arguments: Any) -> Any:
            # CPU of the whole process: the engine works in threads of its own.
            _answer.is_kept = False
            began = time.process_time()
            try:
                return read(reader, sql, *arguments)
            finally:
                taken = (time.process_time() - began) * 1000
                total[0] += taken
                SUM.pack_into(shared, 0, total[0])
                if log and not _answer.is_kept:
                    with log.open("a", encoding="utf-8") as lines:
                        lines.write(json.dumps([sql, taken]) + "\n")

        return timed

    for name in ("rows", "records"):
        setattr(Reader, name, counted(getattr(Reader, name)))
    Answers.take = _noting(Answers.take)  # type: ignore[method-assign]


def _noting(take: Callable[..., Any]) -> Callable[..., Any]:
    """`take` that notes whether the answer was kept or had to be asked for."""

    def noted(answers: Answers[Any], question: Hashable, ask: Callable[[], Any]) -> Any:
        def asked() -> Any:
            _answer.is_kept = False
            return ask()

        _answer.is_kept = True
        return take(answers, question, asked)

    return noted


def main(port: int, path: Path, log: Path | None = None) -> None:
    """Serve until ended."""
    _count_queries(path, log)
    signal.signal(FORGET, lambda *_: st.cache_data.clear())
    options = {"server_port": port, "server_headless": True, "server_fileWatcherType": "none"}
    bootstrap.load_config_options(options)
    bootstrap.run(str(ROOT / "app.py"), False, [], options)


if __name__ == "__main__":
    main(int(sys.argv[1]), *(Path(argument) for argument in sys.argv[2:]))
