"""Stands between the services and their servers, and can break the way: ``python -m tests.chaos.proxy PORT:SERVER…``.

A process of its own on loopback.  Each line of its standard input names a server's port and what becomes of its
connections; it ends with its input, so that nothing of it outlives the test.
"""

import asyncio
import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress
from typing import IO, Literal

from infra.local.layout import HOST, REPOSITORY, Layout

Mode = Literal["pass", "refuse", "hang"]
CHUNK = 1 << 16
SERVERS = ("amqp", "postgres", "site-a", "site-b", "pki", "smtp", "signin")


class Way:
    """The way to one server: it passes; or refuses every connection; or takes them and never says anything.

    What hangs goes on where it stopped when it passes again, as a server does that was only frozen.
    """

    def __init__(self, port: int, server: int) -> None:
        self._port, self._server = port, server
        self._passes = asyncio.Event()
        self._passes.set()
        self._door: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()

    async def become(self, mode: Mode) -> None:
        """From now on."""
        if mode == "hang":
            self._passes.clear()
        else:
            self._passes.set()
        if mode == "refuse":
            await self._shut()
        elif self._door is None:
            self._door = await asyncio.start_server(self._take, HOST, self._port)

    async def _shut(self) -> None:
        if self._door is not None:
            self._door.close()
            self._door = None
        for writer in list(self._open):
            writer.transport.abort()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            await self._passes.wait()
            there, back = await asyncio.open_connection(HOST, self._server)
            self._open.add(back)
            await asyncio.gather(self._carry(reader, back), self._carry(there, writer))
            self._open.discard(back)
        except OSError:
            writer.transport.abort()
        finally:
            self._open.discard(writer)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Bytes in one direction until its end; a way that breaks is cut in both."""
        try:
            while data := await reader.read(CHUNK):
                await self._passes.wait()
                writer.write(data)
                await writer.drain()
            await self._passes.wait()
            writer.close()
        except OSError:
            writer.transport.abort()


async def serve(ways: dict[int, Way]) -> None:
    """Until the input ends."""
    for way in ways.values():
        await way.become("pass")
    answer("ready")
    while line := await asyncio.to_thread(sys.stdin.readline):
        server, mode = line.split()
        await ways[int(server)].become(mode)  # type: ignore[arg-type]
        answer("done")


def answer(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


class Proxy:
    """The process, for the tests.  ``servers``: names of ports of the layout."""

    def __init__(self, layout: Layout, servers: Iterable[str] = SERVERS) -> None:
        self._layout = layout
        pairs = [f"{layout.door(name)}:{layout.at(name)}" for name in servers]
        command = [sys.executable, "-m", "tests.chaos.proxy", *pairs]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=REPOSITORY)
        self._answer()

    def become(self, server: str, mode: Mode) -> None:
        """Break the way to a server, or mend it."""
        self._pipe(self._process.stdin).write(f"{self._layout.at(server)} {mode}\n")
        self._pipe(self._process.stdin).flush()
        self._answer()

    def end(self) -> None:
        """All connections end with it."""
        with suppress(BrokenPipeError):
            self._pipe(self._process.stdin).close()
        self._process.wait(10)

    def _answer(self) -> None:
        if not self._pipe(self._process.stdout).readline():
            raise RuntimeError("the proxy has ended")

    @staticmethod
    def _pipe(pipe: IO[str] | None) -> IO[str]:
        assert pipe is not None
        return pipe


if __name__ == "__main__":
    pairs = [tuple(map(int, pair.split(":"))) for pair in sys.argv[1:]]
    asyncio.run(serve({server: Way(port, server) for port, server in pairs}))
