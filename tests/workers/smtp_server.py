"""A mail server of our own, that takes a mail or fails as it is told to."""

import asyncio
import random
import ssl
import threading
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage

OK, DROPPED = "", "dropped"


class MailServer:
    """Speaks enough SMTP on a port of this machine. `mood` answers for every mail what becomes of it: an empty word
    for yes, a reply that refuses it (`450 later`), or `dropped` for a connection that ends before the answer."""

    def __init__(
        self,
        mood: Callable[[EmailMessage], str] = lambda _mail: OK,
        after_taking: bool = False,
        secure: ssl.SSLContext | None = None,
        from_the_start: bool = False,
    ) -> None:
        self.mood, self.taken, self.refused = mood, [], 0
        self.secure, self.from_the_start = secure, from_the_start  # TLS: after STARTTLS, or from the first byte
        self.signed_in: list[str] = []  # what was said to sign in, once the line was secret
        self.after_taking = after_taking  # the connection breaks when the mail is already the server's
        self.addresses: set[str] = set()  # recipients that are unknown here
        self.loop, self.port = asyncio.new_event_loop(), 0
        self.thread = threading.Thread(target=self._run, daemon=True)

    @property
    def url(self) -> str:
        return f"{'smtps' if self.from_the_start else 'smtp'}://127.0.0.1:{self.port}"

    def __enter__(self) -> "MailServer":
        ready = threading.Event()
        self.loop.call_soon(lambda: self.loop.create_task(self._listen(ready)))
        self.thread.start()
        assert ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        # In the server's own thread: a browser's loop may be running in this one.
        asyncio.run_coroutine_threadsafe(self._close(), self.loop).result(10)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)
        self.loop.close()

    async def _listen(self, ready: threading.Event) -> None:
        first = {"ssl": self.secure} if self.from_the_start else {}
        self.server = await asyncio.start_server(self._talk, "127.0.0.1", 0, **first)
        self.port = self.server.sockets[0].getsockname()[1]
        ready.set()

    async def _close(self) -> None:
        self.server.close()
        talks = [task for task in asyncio.all_tasks(self.loop) if task is not asyncio.current_task()]
        for task in talks:
            task.cancel()
        await asyncio.gather(*talks, return_exceptions=True)

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            writer.write(b"220 here\r\n")
            secret = self.from_the_start
            while line := (await reader.readline()).decode().strip():
                verb, answer = line.upper()[:4], "250 yes"
                if verb == "EHLO" and self.secure:
                    answer = "250-here\r\n250 AUTH PLAIN" if secret else "250-here\r\n250 STARTTLS"
                elif verb == "STAR":
                    writer.write(b"220 go on\r\n")
                    await writer.start_tls(self.secure)
                    secret = True
                    continue
                elif verb == "AUTH" and secret:
                    self.signed_in.append(line)
                    answer = "235 yes"
                elif verb == "RCPT" and line.split("<")[1].split(">")[0] in self.addresses:
                    answer = "550 nobody of this name"
                elif verb == "DATA":
                    writer.write(b"354 go on\r\n")
                    data = await reader.readuntil(b"\r\n.\r\n")
                    answer = self._take(data[:-3])
                elif verb == "QUIT":
                    answer = "221 bye"
                if answer == DROPPED:
                    break
                writer.write(answer.encode() + b"\r\n")
                await writer.drain()
                if verb == "QUIT":
                    break
        except (ConnectionError, ssl.SSLError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    def _take(self, data: bytes) -> str:
        mail = message_from_bytes(data.replace(b"\r\n..", b"\r\n."), policy=policy.default)
        answer = self.mood(mail)
        if answer and not self.after_taking:
            self.refused += 1
            return answer
        self.taken.append(mail)
        return answer or "250 taken"


def failing(share: float, seed: int) -> Callable[[EmailMessage], str]:
    """Fails for a share of the mails, now one way and now the other."""
    chance = random.Random(seed)
    return lambda _mail: chance.choice([DROPPED, "451 later", "421 too busy"]) if chance.random() < share else OK
