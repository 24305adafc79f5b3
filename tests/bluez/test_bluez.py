"""A real BlueZ judges the link: the gateway's own radio code against the real firmware.

Knows: what must be true of a story that was told once, before the first test (story.py).
The machine is built from Debian's packages at the first run; `make test-bluez` runs these tests and
keeps everything that was said in build/bluez/run.txt.
"""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from anbu_wire import gatt
from anbu_wire import messages as m
from tests.bluez import image
from tests.bluez.story import AWAY_LIDS, PUSHED_LIDS, RECORDS, Story

pytestmark = [pytest.mark.bluez, pytest.mark.timeout(1200)]

TRANSCRIPT = image.CACHE / "run.txt"


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    """The story, told to its end or to where it failed."""
    image.CACHE.mkdir(parents=True, exist_ok=True)
    with TRANSCRIPT.open("w", encoding="utf-8") as transcript:

        def say(text: str) -> None:
            print(text, flush=True)
            print(text, file=transcript, flush=True)

        try:
            built = image.build(say)
        except image.BuildError as error:
            pytest.fail(str(error), pytrace=False)

        async def tell() -> Story:
            told = Story(tmp_path_factory.mktemp("bluez"), built, say)
            await told.run()
            return told

        return asyncio.run(tell())


def stage(story: Story, name: str) -> dict[str, Any]:
    """What that stage saw; where the story did not come so far, that is the failure."""
    if name not in story.stages:
        pytest.fail(f"the story did not come to '{name}': {story.failed}", pytrace=False)
    return story.stages[name]


def test_the_judge_is_a_linux_with_bluez(story: Story) -> None:
    """The adapter that BlueZ shows is the virtual air's controller, on Debian 12's versions."""
    boot = stage(story, "boot")
    assert boot["address"] == "B8:27:EB:00:00:01"
    assert boot["kernel"].startswith("6.1.")
    assert boot["bluez"] == "5.66"
    assert boot["python"].startswith(image.PYTHON)


def test_the_box_is_discovered(story: Story) -> None:
    """The first advertisement shows the Anbu service and asks for a connection, nothing more."""
    heard = stage(story, "discovered")
    assert heard["uuids"] == [gatt.SERVICE_UUID]
    told = gatt.manufacturer_data(gatt.CONNECT_PLEASE).hex()
    assert heard["manufacturer"] == {f"{gatt.COMPANY_ID:04x}": told}


def test_hello_is_read(story: Story) -> None:
    """Hello names the device and the protocol."""
    hello = stage(story, "hello")
    assert hello["device"] == story.box.device_id
    assert (hello["version"], hello["kind"]) == (m.PROTOCOL_VERSION, gatt.PILL_BOX)


def test_every_link_carries_long_pieces(story: Story) -> None:
    """The MTU agreed is used over each link, also by a gateway that bluetoothd knew before."""
    stage(story, "gateway killed")
    rooms = {hello["room_bytes"] for hello in story.machine.said("hello")}
    assert rooms == {gatt.MTU - gatt.ATT_HEADER_BYTES}


def test_both_prove_themselves(story: Story) -> None:
    """A session is established with the key that provisioning wrote."""
    assert stage(story, "authenticated")["device"] == story.box.device_id


def test_a_thousand_events_are_synced_and_the_schedule_is_stored(story: Story) -> None:
    """Everything the box had comes over; the schedule is read back; the clock is set."""
    synced = stage(story, "synced")
    assert synced["newest"] >= RECORDS
    assert synced["schedule"] > 0
    assert story.machine.said("clock set")


def test_new_events_are_pushed(story: Story) -> None:
    """Every lid that moves while the link stands is committed at the gateway by itself."""
    assert stage(story, "pushed")["records"] == 2 * PUSHED_LIDS


@pytest.mark.parametrize(
    "loss",
    [
        "break",
        "break while connecting",
        "bluetoothd restarted",
        "bluetoothd crashed",
        "controller unplugged",
        "gateway killed",
    ],
)
def test_a_lost_link_is_survived(story: Story, loss: str) -> None:
    """The gateway links again by itself and gets what happened meanwhile, once."""
    assert stage(story, loss)["records"] >= 2 * AWAY_LIDS


def test_a_lost_link_is_told(story: Story) -> None:
    """Out of range, a bluetoothd or a controller that goes: each is told as a lost link."""
    for loss in ("break", "bluetoothd restarted", "bluetoothd crashed", "controller unplugged"):
        assert stage(story, loss)["why"], loss


def test_nothing_is_lost_doubled_or_changed(story: Story) -> None:
    """The records committed are 1, 2, 3 … without a hole, byte for byte those in the flash."""
    stage(story, "settled")
    seqs = [m.decode_record(record).seq for record in story.at_gateway]
    assert seqs == list(range(1, len(seqs) + 1))
    assert len(seqs) >= RECORDS + 2 * PUSHED_LIDS + 6 * 2 * AWAY_LIDS
    at_gateway = dict(zip(seqs, story.at_gateway, strict=True))
    assert max(story.at_box) == seqs[-1]
    changed = [seq for seq, record in story.at_box.items() if at_gateway.get(seq) != record]
    assert changed == []
    assert len(story.at_box) >= RECORDS
