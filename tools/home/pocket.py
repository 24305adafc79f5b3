"""The telephone in her pocket, as an automation and as OwnTracks have it talk to the gateway.

Knows: the addresses that the page shows once; curl, which is no part of the gateway. May not know:
what the gateway makes of it. Message: https://owntracks.org/booklet/tech/json/.
"""

from __future__ import annotations

import asyncio
import json
import re
from http import HTTPStatus

from tools.home.house import House

_SECRET = re.compile(r'class="secret">https?://[^/<]+/phone/([A-Za-z0-9_-]+)<')
_PATIENCE_S = 3600  # of the house
_HERE = {"lat": 35.8296, "lon": 128.5327, "acc": 12}  # nobody may keep it


class Pocket:
    """Hers, connected by the page once."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._secret = ""

    async def connect(self, hours: int, by: str, first: str = "") -> str:
        """Her daughter sets it up by the page, which is there by that clock; "" or why not."""
        house = self._house
        base = f"/person/{house.household.person_id}/phone"
        refused = await house.signs_in(house.visitor, by)
        watch = {"hours": str(hours), "guardian": first}
        refused = refused or await house.visitor.sends(base, f"{base}/watch", watch)
        if refused:
            return refused
        shown = await house.visitor.sends(base, f"{base}/link", {"name": "어머님 전화"})
        found = _SECRET.search(shown)
        self._secret = found.group(1) if found else ""
        return "" if found else shown

    async def tells(self, how: str, battery: int = 80) -> bool:
        """An automation asks its address, as MacroDroid does."""
        address = f"/hook/{self._secret}?how={how}&battery={battery}"
        return await self._curl("--get", self._url(address))

    async def presses_fine(self) -> bool:
        """The button of her page."""
        answer = f"/phone/{self._secret}/fine"
        return await self._curl("--request", "POST", self._url(answer), good=HTTPStatus.SEE_OTHER)

    async def pings(self, battery: int = 80) -> bool:
        """OwnTracks says where it is, as it does by itself."""
        return await self._tracks({"_type": "location", "t": "p", "batt": battery, "vel": 0})

    async def is_carried(self, battery: int = 80) -> bool:
        """OwnTracks says that it goes, at walking pace."""
        return await self._tracks({"_type": "location", "batt": battery, "vel": 4})

    async def _tracks(self, message: dict[str, object]) -> bool:
        whole = {**message, **_HERE, "tst": self._house.now_ms() // 1000, "tid": "sj"}
        body = ["--user", f"anbu:{self._secret}", "--json", json.dumps(whole)]
        return await self._curl(*body, self._url("/owntracks"))

    def _url(self, path: str) -> str:
        return f"{self._house.page}{path}"

    async def _curl(self, *words: str, good: int = HTTPStatus.OK) -> bool:
        """Whether it was taken."""
        quiet = ("--silent", "--output", "/dev/null", "--write-out", "%{http_code}")
        process = await asyncio.create_subprocess_exec(
            "curl", *quiet, "--max-time", str(_PATIENCE_S), *words, stdout=asyncio.subprocess.PIPE
        )
        out, _ = await process.communicate()
        return out.decode() == str(int(good))
