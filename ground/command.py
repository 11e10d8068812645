"""`./dev flask …`: the product's command line, beside what runs or on built-in servers started for it alone."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence

from ground import environment
from ground.environment import CHECKOUT, Environment, complete
from ground.folders import PRIVATE_UMASK
from ground.leash import leashed
from ground.processes import python
from ground.refusal import CannotStart
from ground.servers import BuiltInServers, Home


def run(arguments: Sequence[str], wanted: Environment) -> int:
    """Run one command; its exit code."""
    command = python("-m", "flask", "--app", str(CHECKOUT / "wsgi.py"), *arguments)
    if not wanted.uses_built_in_servers:
        become(command, wanted.variables())
    home = Home(wanted.home)
    if home.held is None:
        become(command, running(wanted))
    environment.check_reachable(wanted)
    servers = BuiltInServers(wanted)
    try:
        variables = servers.start()
        # Ctrl-C reaches the command by itself, as it shares our terminal; it answers, we only clear up behind it.
        signal.signal(signal.SIGINT, lambda *_: None)
        child = subprocess.Popen(leashed(command), env=complete(variables), umask=PRIVATE_UMASK)
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda received, _frame: child.send_signal(received))
        code = child.wait()
        return code if code >= 0 else 128 - code  # as a shell says it
    finally:
        servers.stop()
        home.release()


def become(command: list[str], variables: dict[str, str]) -> None:
    """Replace this process by the command."""
    os.umask(PRIVATE_UMASK)
    os.execve(command[0], command, complete(variables))


def running(wanted: Environment) -> dict[str, str]:
    """The environment of what runs on this data folder, under the addresses that were given on purpose."""
    try:
        noted: dict[str, str] = json.loads((wanted.home / "environment.json").read_text())
    except FileNotFoundError:
        raise CannotStart(f"The data folder {wanted.home} is just being started or stopped; try again soon.") from None
    given = {"DATABASE_URL": wanted.database_url, "OWNER_DATABASE_URL": wanted.owner_database_url}
    given["REDIS_URL"] = wanted.redis_url
    return noted | {name: address for name, address in given.items() if address}


def main() -> int:
    """The exit code of the command, or 1 with one sentence."""
    try:
        return run(sys.argv[1:], environment.read(os.environ))
    except CannotStart as refusal:
        print(refusal, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
