"""Every pin, address and compartment of the reference pill box (ESP32-S3 N8), and nothing else.

Knows: numbers. May not know: a bus, a driver.
Avoids strapping pins 0, 3, 45, 46, USB 19/20 and flash 26–37; wake lines are RTC pins (0–21).
"""

from micropython import const

I2C_SDA = const(8)
I2C_SCL = const(9)
I2C_FREQUENCY_HZ = const(400_000)

LIDS_INT = const(4)  # both expanders' INTA/INTB, open drain, active low
RTC_INT = const(5)  # open drain, active low
BUTTON_OK = const(6)  # active low
BUTTON_HELP = const(7)  # active low
LIGHTS_DATA = const(10)
LIGHTS_POWER = const(11)  # P-FET gate, active low: 0 = rail on
SOUND = "pwm"  # what is fitted: "pwm" (SOUND_PWM) or "i2s" (the three I2S pins)
SOUND_PWM = const(12)
SOUND_ENABLE = const(13)  # amplifier shutdown, 1 = on
I2S_CLOCK = const(16)
I2S_WORD = const(17)
I2S_DATA = const(18)
BATTERY_ALERT = const(14)  # open drain, active low
MAINS_PRESENT = const(15)  # 1 = USB power is there
TILT = const(21)  # closes to ground when the box leans; None where none is fitted

POWER_MODE = const(0)  # pillbox.power: 0 mains, with a battery for power cuts; 1 battery

EXPANDER_ADDRESSES = (0x20, 0x21)
RTC_ADDRESS = const(0x68)
GAUGE_ADDRESS = const(0x36)

COMPARTMENTS = const(28)  # 7 days × 4 slots: compartment = weekday (Monday 0) × 4 + slot index
LIDS_PER_EXPANDER = const(14)  # GPA0–6 then GPB0–6; GPA7 and GPB7 are outputs and stay unused
