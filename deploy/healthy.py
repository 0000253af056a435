"""The image's health check: exit code 0 when the process in this container answers /healthz.

The pages answer on ``ONTOLOGIE_PORT``, a worker on ``ONTOLOGIE_WORKER_PORT``. Which of them runs here the variables do
not tell, since both may be set for a whole fleet: the one that answers counts.
"""

import os
import sys
import urllib.request

PATIENCE_S = 2


def answers(host: str, port: str) -> bool:
    """Somebody says on this port that they are alive."""
    try:
        with urllib.request.urlopen(f"http://{host}:{port}/healthz", timeout=PATIENCE_S):
            return True
    except OSError:
        return False


def main() -> int:
    """0 when one of the ports answers, else 1."""
    host = os.environ.get("ONTOLOGIE_HOST", "0.0.0.0")
    ports = (os.environ.get("ONTOLOGIE_PORT") or "8650", os.environ.get("ONTOLOGIE_WORKER_PORT"))
    near = "127.0.0.1" if host in ("", "0.0.0.0") else host
    return 0 if any(answers(near, port) for port in ports if port) else 1


if __name__ == "__main__":
    sys.exit(main())
