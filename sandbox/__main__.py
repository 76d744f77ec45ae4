"""``python -m sandbox --port 8090``: serve the demonstration company until it is stopped (SIGTERM, Ctrl-C)."""

import argparse
import signal
import sys
from pathlib import Path

from sandbox.serving import open_server


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description="The demonstration company, over HTTP.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8090, help="0 takes a free one and prints it")
    parser.add_argument("--database", type=Path, default=Path("var/sandbox.sqlite"))
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    server = open_server(arguments.database, arguments.host, arguments.port)
    print(f"The company is at http://{arguments.host}:{server.port}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()


if __name__ == "__main__":
    main()
