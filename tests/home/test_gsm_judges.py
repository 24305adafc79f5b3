"""Programs nobody here wrote drive the virtual modem: libgammu, smstools, python-gsmmodem-new."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import gammu
import pytest
from gsmmodem.modem import GsmModem, ReceivedSms

from tools.home.gsm import Carrier, Handset, VirtualModem

GUARDIAN = "+821012345678"
KOREAN_TWO_PARTS = (
    "어머니가 저녁 약을 드시지 않았습니다. 확인 부탁드립니다. 답장 1 = 제가 갑니다. "
    "두 조각으로 나뉘는 글입니다. 끝까지 옵니다. (12)"
)
assert len(KOREAN_TWO_PARTS) == 78
ANSWER = "네, 알겠습니다. 제가 지금 가 보겠습니다 😀 " * 3
SHORT_ANSWER = "네, 제가 지금 갑니다 😀"
LIMIT_S = 40
SMSD = shutil.which("smsd") or shutil.which("smsd", path="/usr/sbin")


async def _until(condition: Callable[[], bool]) -> None:
    while not condition():  # noqa: ASYNC110 - another program makes it true
        await asyncio.sleep(0.02)


def _gammu_send(path: str) -> gammu.StateMachine:
    """Open the modem with libgammu and send the text; the open state machine."""
    machine = gammu.StateMachine()
    machine.SetConfig(0, {"Device": path, "Connection": "at115200", "StartInfo": 0})
    machine.Init()
    entry = {"ID": "ConcatenatedTextLong", "Buffer": KOREAN_TWO_PARTS}
    for part in gammu.EncodeSMS({"Class": -1, "Unicode": True, "Entries": [entry]}):
        part.update({"SMSC": {"Location": 1}, "Number": GUARDIAN, "Type": "Status_Report"})
        machine.SendSMS(part)
    return machine


def _gammu_read(machine: gammu.StateMachine) -> tuple[str, str]:
    """(sender, body) of the one text in the modem, which is deleted then."""
    used = machine.GetSMSStatus()["SIMUsed"]
    parts = [machine.GetNextSMS(0, True)]
    while len(parts) < used:
        parts.append(machine.GetNextSMS(0, Location=parts[-1][0]["Location"]))
    for part in parts:
        machine.DeleteSMS(0, part[0]["Location"])
    (linked,) = gammu.LinkSMS(parts)
    machine.Terminate()
    return linked[0]["Number"], gammu.DecodeSMS(linked)["Entries"][0]["Buffer"]


@pytest.mark.timeout(180)
def test_libgammu_sends_and_reads(tmp_path: Path) -> None:
    """A Korean text in two parts sent by libgammu, and an answer of two parts read by it.

    The phone shows the whole text; the modem is empty afterwards.
    """

    async def story() -> None:
        carrier = Carrier(answer_s=0.01, delay_s=0.01, report_s=0.01)
        virtual = VirtualModem(tmp_path / "tty", carrier)
        await virtual.start()
        phone = carrier.handset(GUARDIAN)
        try:
            async with asyncio.timeout(LIMIT_S * 2):
                machine = await asyncio.to_thread(_gammu_send, str(tmp_path / "tty"))
                received = await phone.wait()
                assert (received.body, received.parts) == (KOREAN_TWO_PARTS, 2)
                phone.send(ANSWER)
                await _until(lambda: virtual.equipment.storage.used("SM") == 2)
                read = await asyncio.to_thread(_gammu_read, machine)
                assert read == (GUARDIAN, ANSWER)
                assert virtual.equipment.storage.used("SM") == 0
        finally:
            await virtual.stop()
            await carrier.stop()

    asyncio.run(story())


def _smsd_files(folder: Path) -> Path:
    """Spool folders and a configuration for smsd; the configuration's path."""
    spool = {}
    for name in ("outgoing", "checked", "incoming", "failed", "sent", "report"):
        spool[name] = folder / name
        spool[name].mkdir()
    lines = ["devices = GSM1", f"logfile = {folder / 'log'}", "loglevel = 7", "delaytime = 1"]
    lines += [f"{name} = {path}" for name, path in spool.items()]
    lines += ["receive_before_send = no", "incoming_utf8 = no", "[GSM1]"]
    lines += [f"device = {folder / 'tty'}", "incoming = yes", "baudrate = 115200", "report = yes"]
    (folder / "smsd.conf").write_text("\n".join(lines) + "\n")
    text = f"To: {GUARDIAN.removeprefix('+')}\nAlphabet: UCS2\n\n".encode()
    (folder / "new").write_bytes(text + KOREAN_TWO_PARTS.encode("utf-16-be"))
    (folder / "new").rename(folder / "outgoing" / "new")
    return folder / "smsd.conf"


async def _smsd_story(folder: Path, phone: Handset) -> None:
    received = await phone.wait()
    assert (received.body, received.parts) == (KOREAN_TWO_PARTS, 2)
    phone.send(SHORT_ANSWER)
    await _until(lambda: _filed(folder / "incoming") is not None)
    head, _, body = (_filed(folder / "incoming") or b"").partition(b"\n\n")
    assert f"From: {GUARDIAN.removeprefix('+')}".encode() in head
    assert body.decode("utf-16-be") == SHORT_ANSWER


def _filed(incoming: Path) -> bytes | None:
    """The answer as smsd filed it, once the whole of it is there."""
    for path in incoming.iterdir():
        content = path.read_bytes()
        if content.endswith(SHORT_ANSWER.encode("utf-16-be")):
            return content
    return None


@pytest.mark.timeout(180)
def test_smstools_sends_and_receives(tmp_path: Path) -> None:
    """Debian's smsd sends the same text through the modem and files the guardian's answer."""
    assert SMSD is not None, "smsd is missing: apt-get install smstools (make does it)"
    program = SMSD

    async def story() -> None:
        carrier = Carrier(answer_s=0.01, delay_s=0.01, report_s=0.01)
        virtual = VirtualModem(tmp_path / "tty", carrier)
        await virtual.start()
        config = _smsd_files(tmp_path)
        smsd = await asyncio.create_subprocess_exec(
            program,
            f"-c{config}",
            f"-p{tmp_path / 'pid'}",
            f"-i{tmp_path / 'info'}",
            "-t",
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            async with asyncio.timeout(LIMIT_S * 2):
                await _smsd_story(tmp_path, carrier.handset(GUARDIAN))
        finally:
            smsd.terminate()
            await smsd.wait()
            await virtual.stop()
            await carrier.stop()

    asyncio.run(story())


def _gsmmodem_talks(path: str, phone: Handset, loop: asyncio.AbstractEventLoop) -> tuple[str, ...]:
    """Send the text, wait for its report, have it answered: who answered what, in what state."""
    answers: list[ReceivedSms] = []
    modem = GsmModem(path, 115200, smsReceivedCallbackFunc=answers.append)
    modem.smsTextMode = False
    modem.connect()
    try:
        sent = modem.sendSms(GUARDIAN, KOREAN_TWO_PARTS)
        loop.call_soon_threadsafe(phone.send, SHORT_ANSWER)
        for _ in range(LIMIT_S * 20):
            if answers and sent.report is not None:
                break
            time.sleep(0.05)
        modem.deleteMultipleStoredSms(delFlag=4)
        # it leaves a surrogate pair as two halves
        whole = answers[0].text.encode("utf-16", "surrogatepass").decode("utf-16")
        return answers[0].number, whole, str(sent.report.deliveryStatus)
    finally:
        modem.close()


@pytest.mark.timeout(180)
def test_gsmmodem_sends_and_receives(tmp_path: Path) -> None:
    """python-gsmmodem-new sends the text in two parts, sees it reported, and reads the answer."""

    async def story() -> None:
        carrier = Carrier(answer_s=0.01, delay_s=0.3, report_s=0.3)  # it knows its text by then
        virtual = VirtualModem(tmp_path / "tty", carrier)
        await virtual.start()
        phone, loop = carrier.handset(GUARDIAN), asyncio.get_running_loop()
        try:
            async with asyncio.timeout(LIMIT_S * 2):
                said = await asyncio.to_thread(_gsmmodem_talks, str(tmp_path / "tty"), phone, loop)
                assert said == (GUARDIAN, SHORT_ANSWER, "0")
                assert [(text.body, text.parts) for text in phone.inbox] == [(KOREAN_TWO_PARTS, 2)]
                assert virtual.sim.storage.used("SM") == virtual.sim.storage.used("ME") == 0
        finally:
            await virtual.stop()
            await carrier.stop()

    asyncio.run(story())
