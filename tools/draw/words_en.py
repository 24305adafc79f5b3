"""The signal sheet's words in English: for a wall, to be read at eighty.

Knows: what each light means and asks for, how each rhythm and sound is called.
May not know: colours, milliseconds, where on the sheet it stands. Keys are as in words_ko.py.

Rhythms and sounds are named by their rows in the firmware's tables: whoever changes a row finds
here that its words are missing.
"""

from __future__ import annotations

# meaning of a light → (what it means, what to do)
LIGHTS: dict[str, tuple[str, str]] = {
    "take": ("Time for this dose", "Open this lid and take it out."),
    "late": ("Late, but still offered", "Open this lid and take it out."),
    "wrong_lid": ("Not this lid", "Leave it inside. Shut the lid."),
    "skip": ("Skip this dose", "Do not take what is in here."),
    "ask": ("Taken or not? Unclear", "Do not take it. Somebody will ask."),
    "taken": ("Opened already", "All done. Do not open it again."),
    "not_taken": ("The time for this is over", "Do not take it. Never take two."),
    "left_open": ("This lid stands open", "Please shut it."),
    "help_calling": ("Calling for help", "Wait a moment ({receipt} seconds)."),
    "help_not_sent": ("Your call did NOT get out!", "Phone the number below."),
    "help_sent": ("Your call got out", "Wait. Somebody is being told."),
    "help_coming": ("Help is on the way", "Stay where you are. Rest."),
    "question": ("Are you all right?", "If you are, press the big button."),
    "clock_fault": ("The box lost the time", "It cannot remind you. Phone."),
    "fault": ("Something is broken", "Tell your family or helper."),
    "locate": ("Here is the box", "The big button ends it."),
    "fill": ("Fill this one", "Put the dose in and shut it."),
    "empty": ("Empty this one", "Take the dose out and shut it."),
    "filled": ("Filled", "Go on to the next one."),
}

# (from lid to lid in ms, lit and dark ms in turn) → what it is called
RHYTHMS: dict[tuple[int, tuple[int, ...]], str] = {
    (0, (750, 250)): "blinks, blinks",
    (0, (2000, 2000)): "blinks slowly",
    (0, (3500, 500)): "on, one short gap",
    (0, (1000,)): "stays on",
    (0, (250, 250, 250, 1250)): "two short blinks",
    (0, (250, 250)): "blinks very fast",
    (0, (250, 3750)): "one glint",
    (0, (500, 1000)): "blinks",
    (0, (2500, 500, 500, 500)): "on, two gaps",
    (0, (250, 250, 250, 250, 250, 1750)): "three short blinks",
    (0, (1000, 1000)): "slow, even",
    (0, (500, 1500)): "short blinks",
    (0, (500, 3500)): "a rare blink",
    (250, (750, 1250)): "runs from lid to lid",
    (500, (500, 500)): "every other lid in turn",
    (0, (1000, 500, 1000, 1500)): "two long blinks",
    (0, (3000, 1000)): "one long blink",
    (0, (1000, 250, 250, 500)): "long, short",
    (0, (250, 250, 250, 3250)): "two glints",
}

# notes → what they sound like
SOUNDS: dict[tuple[tuple[int, int], ...], str] = {
    ((0, 1000),): "no sound",
    ((520, 500), (0, 1500)): "beep … beep",
    ((520, 250), (0, 250)): "quick beeps",
    ((520, 250), (780, 250), (0, 1000)): "low-high, low-high",
    ((520, 250), (390, 500), (0, 1250)): "soft ding-dong",
    ((390, 250), (780, 250), (0, 500)): "up, up, up",
    ((780, 500), (520, 500), (390, 1000), (0, 1000)): "three tones falling",
    ((390, 500), (520, 500), (780, 1000), (0, 1000)): "three tones rising",
    ((390, 1000), (520, 2000), (0, 1000)): "long and calm",
    ((520, 500), (0, 250), (520, 250), (780, 500), (0, 2500)): "rises like a question",
    ((390, 250), (520, 250), (0, 1500)): "short, rising",
}
PROMPT = "{soft} s: soft. {louder} min: louder"

COLOURS = {
    "blue": "blue",
    "green": "green",
    "red": "red",
    "amber": "orange",
    "white": "white",
    "purple": "purple",
    "teal": "teal",
}

SHEET = {
    "title": "What my pill box tells me",
    "lid": "A light on one lid",
    "all": "A light on all lids",
    "helper": "For whoever fills the box",
    "ok": "OK",
    "ok.what": "The big button",
    "ok.do": "“I am here.” Quiet for {hush} min.",
    "ok.more": "Once more: quiet for {snooze} min.",
    "help": "HELP",
    "help.what": "The red button",
    "help.do": "Hold it down for {hold} second.",
    "help.more": "A purple light runs: it calls.",
    "dark": "A lid without a light asks for nothing.",
    "phone": "Phone",
    "emergency": "Emergency 119",
    "seconds": "in 4 seconds",
}
