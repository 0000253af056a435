"""``python -m hubspot_simulator --port 8651 --seed 1 --contacts 500``: one option per setting."""

import argparse
import asyncio
import gc
import os
import signal
import sys
from typing import Any, get_args, get_origin

import msgspec

from hubspot_simulator.config import PortalConfig
from hubspot_simulator.portal import Portal
from hubspot_simulator.server import serve

MAX_ACCOUNTS = 100
_LAST_PORT = 65_535


def parser() -> argparse.ArgumentParser:
    """The command line: address, and every field of PortalConfig."""
    found = argparse.ArgumentParser(prog="hubspot_simulator", description="Serves a simulated HubSpot portal.")
    found.add_argument("--host", default="127.0.0.1", help="address to listen on (default %(default)s)")
    found.add_argument(
        "--port", type=_port, default=8651, help="port to listen on, 0 for a free one (default %(default)s)"
    )
    found.add_argument(
        "--until-stdin-closes",
        action="store_true",
        help="end when standard input does, so that a parent that dies leaves nothing behind",
    )
    found.add_argument(
        "--accounts",
        type=int,
        default=1,
        help="how many accounts there are; each has the next id, seed and token (default %(default)s)",
    )
    for field in msgspec.structs.fields(PortalConfig):
        flag = "--" + field.name.replace("_", "-")
        if field.type is bool:
            found.add_argument(flag, action=argparse.BooleanOptionalAction, default=field.default)
        else:
            found.add_argument(flag, type=_reader(field), default=field.default, help=f"default {field.default}")
    return found


def _reader(field: msgspec.structs.FieldInfo) -> Any:
    if get_origin(field.type) is tuple:
        return lambda text: tuple(part for part in text.replace(",", " ").split() if part)
    if field.name == "data_until":
        return lambda text: None if text == "now" else text
    kinds = [kind for kind in get_args(field.type) or (field.type,) if kind is not type(None)]
    return _whole_number if kinds[0] is int else kinds[0]


def _whole_number(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"a whole number is wanted, not '{text[:40]}'") from error


def _port(text: str) -> int:
    port = _whole_number(text)
    if not 0 <= port <= _LAST_PORT:
        raise argparse.ArgumentTypeError(f"a port is between 0 and {_LAST_PORT}, not {port}")
    return port


def _portals(config: PortalConfig, accounts: int) -> Portal:
    """The first account; the others stand behind it."""
    if not 1 <= accounts <= MAX_ACCOUNTS:
        raise ValueError(f"accounts must be between 1 and {MAX_ACCOUNTS}, not {accounts}")
    first = Portal(config)
    for number in range(1, accounts):
        following = msgspec.structs.replace(
            config, portal_id=config.portal_id + number, seed=config.seed + number, token=f"{config.token}-{number + 1}"
        )
        Portal(following, accounts=first.accounts)
    return first


async def _run(config: PortalConfig, host: str, port: int, *, accounts: int, until_stdin_closes: bool) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    if until_stdin_closes:
        loop.add_reader(sys.stdin, lambda: None if os.read(sys.stdin.fileno(), 4_096) else stop.set())
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    portals = _portals(config, accounts)
    gc.freeze()  # the records are no garbage: looking there takes 60 ms, and what comes apart is counted together
    async with serve(portals, host, port) as server:
        for each in server.portal.accounts.portals:
            sys.stdout.write(f"Simulated portal {each.config.portal_id} on {server.url}, token {each.config.token}\n")
        sys.stdout.flush()
        await stop.wait()


def main(arguments: list[str] | None = None) -> int:
    """Serve until interrupted; 2 for a bad setting, 1 for a port that is taken."""
    chosen = vars(parser().parse_args(arguments))
    host, port, accounts = chosen.pop("host"), chosen.pop("port"), chosen.pop("accounts")
    until_stdin_closes = chosen.pop("until_stdin_closes")
    sys.setswitchinterval(0.0005)  # limits count when a request arrives, not 5 ms later because a page is being made
    try:
        config = PortalConfig(**chosen)
        asyncio.run(_run(config, host, port, accounts=accounts, until_stdin_closes=until_stdin_closes))
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except OSError as error:
        sys.stderr.write(f"Cannot listen on {host}:{port}: {error.strerror}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
