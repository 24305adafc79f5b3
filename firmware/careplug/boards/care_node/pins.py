"""Every pin of the care node (ESP32-C3 on a 5 V USB supply), and nothing else.

Knows: numbers, which chip is fitted. May not know: a bus, a driver.
Avoids strapping pins 2, 8, 9, flash 11–17, USB 18/19 and the console 20/21. None: not fitted.
"""

from micropython import const

BOARD = "care-node"

RELAY = None  # the node has no relay
RELAY_CLOSED = const(1)

METER = None  # a PZEM-004T is an electrician's work; the store says where one is fitted
METER_UART = const(1)
METER_RX = const(4)
METER_TX = const(5)
CONSOLE_IS_METER = const(0)

LIGHT = "bh1750"
I2C_SDA = const(6)
I2C_SCL = const(7)
I2C_FREQUENCY_HZ = const(100_000)

BUTTON_OK = const(3)  # active low
LED = const(10)
LED_ON = const(1)
