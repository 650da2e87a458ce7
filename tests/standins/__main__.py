"""Both stand-ins as one process for the drills: `python -m tests.standins --model-ms 800 --gateway-ms 50`.

Each port also answers POST /control, POST /reset and GET /stats; the gateway's port GET /sent as well.
"""

import argparse
import asyncio
import signal

import uvloop

from tests.standins import FonnteStandin, GeminiStandin


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.standins", description=__doc__)
    parser.add_argument("--gemini-port", type=int, default=9901)
    parser.add_argument("--fonnte-port", type=int, default=9902)
    parser.add_argument("--model-ms", type=float, default=0)
    parser.add_argument("--gateway-ms", type=float, default=0)
    return parser.parse_args()


async def _serve(arguments: argparse.Namespace) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    gemini = GeminiStandin(port=arguments.gemini_port, delay_s=arguments.model_ms / 1000)
    fonnte = FonnteStandin(port=arguments.fonnte_port, delay_s=arguments.gateway_ms / 1000)
    async with gemini, fonnte:
        print(f"gemini {gemini.url} fonnte {fonnte.url}", flush=True)  # noqa: T201
        await stop.wait()


if __name__ == "__main__":
    uvloop.run(_serve(_arguments()))
