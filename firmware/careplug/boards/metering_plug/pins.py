"""Every pin of the metering plug (ESP32-C3, as in the Athom V3 class), and nothing else.

Knows: numbers, which chip is fitted. May not know: a bus, a driver.
GPIO20/21 are also the console's pins. None: not fitted.
"""

from micropython import const

BOARD = "metering-plug"

RELAY = const(5)  # board.py sets it at the start; nothing else may name it (a test looks)
RELAY_CLOSED = const(1)  # the level at which the load has power

METER = "cse7766"
METER_UART = const(1)
METER_RX = const(20)
METER_TX = const(21)  # used where the chip has to be asked (BL0942)
CONSOLE_IS_METER = const(1)

LIGHT = None  # nothing is led out of the case
I2C_SDA = None
I2C_SCL = None
I2C_FREQUENCY_HZ = const(100_000)

BUTTON_OK = const(3)  # active low
LED = const(6)
LED_ON = const(0)
