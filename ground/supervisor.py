"""`./dev run`: the built-in servers, the product's processes, and one eye on all of them."""

import contextlib
import http.client
import os
import signal
import sys
import threading
import time
from urllib.parse import urlsplit

from ground import environment
from ground.environment import CHECKOUT, Environment, complete
from ground.ports import LOOPBACK
from ground.processes import Console, Process, describe_end, python
from ground.refusal import CannotStart
from ground.servers import BuiltInServers, Home

TICK = 0.1  # seconds between two looks
READY_WITHIN = 180.0  # seconds; the first report is part of it
END_WITHIN = 8.0  # seconds for the product's processes to finish what they are at
SERVER_DEATHS = 3  # within the span; more mean that something is wrong with the machine or the data
SERVER_SPAN = 300.0  # seconds
PAGES = (
    "-m", "gunicorn", "wsgi:app", "--worker-class", "gthread", "--workers", "2", "--threads", "8",
    "--preload",  # imported once, forked twice
    "--graceful-timeout", "5", "--no-control-socket", "--log-level", "warning",
)  # fmt: skip


class Stopped(Exception):
    """Somebody asked us to stop before we were ready."""


class Supervisor:
    """Starts everything in order, keeps it running, ends it in order."""

    def __init__(self, wanted: Environment, console: Console) -> None:
        self.wanted = wanted
        self.console = console
        self.stopping = threading.Event()
        self.processes: list[Process] = []
        self.servers = BuiltInServers(wanted)
        self.server_deaths: list[float] = []

    def run(self) -> None:
        """Run until somebody stops us."""
        home = Home(self.wanted.home)
        if home.held is None:
            raise CannotStart(f"The data folder {self.wanted.home} is in use by another start.")
        note = self.wanted.home / "environment.json"
        try:
            note.unlink(missing_ok=True)  # left by a supervisor that was killed
            environment.check_port(self.wanted.port)
            environment.check_reachable(self.wanted)
            variables = self.servers.start()
            self.product = complete(variables)
            self._prepare()
            environment.note_running(self.wanted.home, variables)
            self._start_processes()
            self._announce()
            while not self.stopping.wait(TICK):
                self._look_after()
        except Stopped:
            pass
        finally:
            note.unlink(missing_ok=True)
            self._end()
            home.release()

    def _flask(self, *arguments: str) -> list[str]:
        return python("-m", "flask", "--app", str(CHECKOUT / "wsgi.py"), *arguments)

    def _prepare(self) -> None:
        """Roles, migrations and the demo, in one process before any other; its own words explain a failure."""
        words: list[str] = []
        voice = self.console.prefixed("prepare")
        prepare = Process("prepare", self._flask("prepare"), self.product, output=voice, errors=words.append)
        self.processes = [prepare.start()]
        while prepare.code is None:
            if self.stopping.wait(TICK / 4):
                raise Stopped
        prepare.listen_to_the_end()
        self.processes = []
        if prepare.code:
            raise CannotStart("\n".join(words) or f"Preparing the database {describe_end(prepare.code)}.")
        for line in words:
            voice(line)

    def _start_processes(self) -> None:
        web = python(*PAGES, "--chdir", str(CHECKOUT), "--bind", f"{LOOPBACK}:{self.wanted.port}")
        # On the leash a worker or housekeeper is killed outright: its servers go as well, and every claim has a lease.
        self.processes = [
            self._process("web", web, last_signal=signal.SIGQUIT),
            self._process("worker-1", self._flask("work"), niceness=10),
        ]
        if environment.has_office(self.product):
            self.processes.append(self._process("previews", self._flask("work", "--queue", "previews"), niceness=10))
        for process in self.processes:
            process.start()

    def _start_the_others(self) -> None:
        """What READY does not wait for: their imports would hold up the first page."""
        others = [
            self._process("worker-2", self._flask("work"), niceness=10),
            self._process("housekeeping", self._flask("housekeep"), niceness=10),
        ]
        for process in others:
            process.start()
        self.processes += others

    def _process(
        self, name: str, command: list[str], *, niceness: int = 0, last_signal: signal.Signals = signal.SIGKILL
    ) -> Process:
        voice = self.console.prefixed(name)
        return Process(name, command, self.product, niceness=niceness, last_signal=last_signal, output=voice)

    def _announce(self) -> None:
        """Say READY once the pages answer, a worker took a ring, and the first report is written."""
        lines: list[str] = []
        words: list[str] = []
        command = self._flask("announce")
        announce = Process("announce", command, self.product, output=lines.append, errors=words.append).start()
        try:
            deadline = time.monotonic() + READY_WITHIN
            healthy = False
            while not healthy or announce.code is None:
                if self.stopping.wait(TICK / 2):
                    raise Stopped
                self._look_after()
                healthy = healthy or self._is_healthy()
                if announce.code:
                    announce.listen_to_the_end()
                    raise CannotStart("\n".join(words) or "The queue did not do its first work.")
                if time.monotonic() > deadline:
                    missing = "the queue did its first work" if healthy else "the pages answered"
                    raise CannotStart(f"{READY_WITHIN:.0f} s went by before {missing}.")
        finally:
            announce.ask_to_end()
            announce.end(time.monotonic() + 1)
        for word in words:
            self.console.prefixed("announce")(word)
        self._start_the_others()
        self.console.say(f"READY http://{LOOPBACK}:{self.wanted.port}")
        for line in lines:
            self.console.say(line)

    def _is_healthy(self) -> bool:
        # The public name, as the product refuses hosts it does not know.
        host = urlsplit(self.wanted.public_base_url).netloc or f"{LOOPBACK}:{self.wanted.port}"
        connection = http.client.HTTPConnection(LOOPBACK, self.wanted.port, timeout=2)
        try:
            connection.request("GET", "/health", headers={"Host": host})
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _look_after(self) -> None:
        """Start again what died."""
        if any(not server.alive for server in self.servers.all):
            now = time.monotonic()
            self.server_deaths = [death for death in self.server_deaths if now - death < SERVER_SPAN] + [now]
            if len(self.server_deaths) > SERVER_DEATHS:
                raise CannotStart("A built-in server died again and again; its log is in the data folder.")
            for title in self.servers.revive():
                self.console.say(f"The {title} died and was started again.")
        for process in self.processes:
            if process.running is None:
                if time.monotonic() >= process.start_again_at:
                    process.start()
            elif process.code is not None:
                ending = describe_end(process.code)
                pause = process.bury()
                if process.hopeless:
                    raise CannotStart(f"{process.name} {ending} {process.quick_deaths} times soon after its start.")
                self.console.say(f"{process.name} {ending}; it is started again in {pause:.1f} s.")

    def _end(self) -> None:
        """Pages and workers first, then the queue, then the database."""
        for process in self.processes:
            process.ask_to_end()
        deadline = time.monotonic() + END_WITHIN
        for process in self.processes:
            process.end(deadline)
        self.servers.stop()


def obey_signals(supervisor: Supervisor) -> None:
    """Ctrl-C, a service manager and a closed terminal all mean the same; a start under nohup has chosen otherwise."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, lambda *_: supervisor.stopping.set())


def main() -> int:
    """Run until stopped; the exit code."""
    console = Console()
    try:
        wanted = environment.read(os.environ)
        for warning in wanted.warnings():
            console.say(warning, error=True)
        supervisor = Supervisor(wanted, console)
        obey_signals(supervisor)
        supervisor.run()
    except CannotStart as refusal:
        console.say(str(refusal), error=True)
        return 1
    with contextlib.suppress(OSError):
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
