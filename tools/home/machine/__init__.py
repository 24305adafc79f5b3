"""The pill box's circuit board as a program: chips at register level and the link to the firmware.

Knows: data sheets, wiring (from firmware/pillbox/pins.py), electricity's yes and no.
May not know: what the firmware means by what it does; radio; gateways.

Requests of the box's process (MACHINE's part of the board link; all numbers little-endian):

| type | request | payload | answer |
|---|---|---|---|
| 0x20 | PIN_SETUP | pin u8, mode u8 (0 in, 1 out, 2 open drain), pull u8 (0, 1 down, 2 up) | |
| 0x21 | PIN_WRITE | pin u8, value u8 | |
| 0x22 | PIN_READ | pin u8 | value u8 |
| 0x23 | PIN_IRQ | pin u8, trigger u8 (1 rising, 2 falling, 0 off) | |
| 0x24 | I2C | bus u8, address u8, read count u16, bytes to write | how it ended u8, bytes |
| 0x25 | I2C_SETUP | bus u8, sda u8, scl u8 | |
| 0x26 | PWM | pin u8, frequency_hz u32 (0 = off), duty u16 | |
| 0x27 | STREAM | pin u8, bytes | |
| 0x28 | WATCHDOG | timeout_ms u32 (armed; armed again = fed) | |
| 0x29 | RESET | | |
| 0x2A | RESET_CAUSE | | cause u8 as machine.reset_cause() |
| 0x2B, 0x2C | SLEEP, IDLE | see sleeping.py | |
| 0x2D | I2S_SETUP | bus, clock, word, data, bits, stereo: u8; rate_hz u32, ibuf u32 | |
| 0x2E | I2S_WRITE | bus u8, samples | time until they are taken, µs u32 |
| 0x2F | UART_SETUP | uart, tx, rx: u8; baud u32; bits, parity, stop: u8; rxbuf u16 | |
| 0x30 | UART_ANY | uart u8 | bytes that can be read u16 |
| 0x31 | UART_READ | uart u8, most u16 | bytes |
| 0x32 | UART_WRITE | uart u8, bytes | their time on the line, µs u32 |

How an I2C transfer ended: 0 done, 1 NACK, 2 a line is held low, 3 done, but a chip held SCL (so
many µs, u32 before the bytes).

A UART: pin 255 = not connected; parity 0 even, 1 odd, 255 none.

Event 0x40 PIN_EDGE: pin u8, new level u8. Event 0x41 I2S_TAKEN: bus u8.
"""
