"""What others want a device to do while a conversation goes on, and how a conversation ends.

Knows: who waits for which answer. May not know: the link, the session, what a command does.
"""

from __future__ import annotations

import asyncio

from gateway.sync import Answer, Command


class Ended(Exception):  # noqa: N818  # how every conversation ends, not an error of this program
    """The conversation is over, with the reason.

    `stranger`: it is not a device of this home. `unproven`: it could not prove to be who it says.
    `rests_s`: it said itself that its radio is off for so long.
    """

    def __init__(
        self,
        why: str,
        *,
        stranger: bool = False,
        unproven: bool = False,
        rests_s: int | None = None,
    ) -> None:
        super().__init__(why)
        self.rests_s = rests_s
        self.stranger = stranger
        self.unproven = unproven


class Orders:
    """Commands on their way to one device, in the order they were given."""

    def __init__(self) -> None:
        self._new: list[tuple[int, Command]] = []
        self._waiting: dict[int, asyncio.Future[Answer]] = {}
        self._next_token = 1
        self._closed = False

    async def wait_for(self, command: Command) -> Answer:
        """The answer to a command. Raises Ended where the conversation is over before it."""
        if self._closed:
            raise Ended("the link was lost")
        token, self._next_token = self._next_token, self._next_token + 1
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting[token] = future
        self._new.append((token, command))
        return await future

    def new(self) -> list[tuple[int, Command]]:
        """Those not yet handed on, each with the token that comes back with its answer."""
        new, self._new = self._new, []
        return [(token, command) for token, command in new if not self._waiting[token].done()]

    def answered(self, token: int, answer: Answer) -> None:
        """The device answered."""
        future = self._waiting.pop(token)
        if not future.done():  # else whoever asked gave up waiting
            future.set_result(answer)

    def close(self) -> None:
        """The conversation is over: nobody waits any longer."""
        self._closed = True
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(Ended("the link was lost before the answer"))
        self._waiting.clear()
