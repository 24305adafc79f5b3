"""Browsers that ask for one address again and again, in a process of their own.

Knows: HTTP. May not know: what is answered.

    python -m tools.bench.page_asker URL COOKIE SECONDS ASKERS   → {"requests_a_s", "p50_ms", …}
"""

from __future__ import annotations

import http.client
import json
import sys
import threading
import time
from http import HTTPStatus
from urllib.parse import urlsplit

from tools.bench.percentile import percentile


def ask(url: str, cookie: str, seconds: float, spent_ms: list[float]) -> None:
    """One browser. Raises RuntimeError for an answer that is none."""
    place = urlsplit(url)
    line = http.client.HTTPConnection(place.netloc, timeout=60)
    headers = {"Cookie": f"anbu={cookie}", "Accept-Encoding": "gzip"}
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        began = time.monotonic()
        line.request("GET", place.path, headers=headers)
        answer = line.getresponse()
        answer.read()
        if answer.status != HTTPStatus.OK:
            raise RuntimeError(f"{url}: {answer.status}")
        spent_ms.append(1e3 * (time.monotonic() - began))
    line.close()


def main(url: str, cookie: str, seconds: float, askers: int) -> None:
    """All of them at once; prints what was answered how soon."""
    spent_ms: list[float] = []
    threads = [
        threading.Thread(target=ask, args=(url, cookie, seconds, spent_ms)) for _ in range(askers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = {
        "requests": len(spent_ms),
        "requests_a_s": round(len(spent_ms) / seconds, 1),
        "p50_ms": round(percentile(spent_ms, 50), 1) if spent_ms else None,
        "p95_ms": round(percentile(spent_ms, 95), 1) if spent_ms else None,
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]), int(sys.argv[4]))
