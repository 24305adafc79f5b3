"""English words. Knows: every text. May not know: when it is said."""

LABELS = {
    "morning": "morning",
    "noon": "noon",
    "evening": "evening",
    "bedtime": "bedtime",
    "as_needed": "as-needed",
}

TEXTS = {
    "dose_missed": "[Anbu {n}] {name} {label} {time} not opened. Reply 1=OK",
    "dose_unconfirmed": "[Anbu {n}] {name} {label} {time} unconfirmed. Reply 1=OK",
    "dose_doubtful": "[Anbu {n}] {name} {label} {time} unclear, ask. Reply 1",
    "double_dose": "[Anbu {n}] {name} {label} opened again {time}. Reply 1",
    "dose_too_soon": "[Anbu {n}] {name} {label} too soon, {time}. Reply 1",
    "help_pressed": "[Anbu {n}] {name} pressed HELP {time}. Reply 1=OK",
    "missed_after_all": "[Anbu {n}] {name} {label} {time}: it was missed. Reply 1",
    "doubtful_after_all": "[Anbu {n}] {name} {label}: now in doubt, ask. Reply 1",
    "correction": "[Anbu {n}] Correction: {name} {label} opened {time}",
    "opened_late": "[Anbu {n}] {name} {label} opened late, {time}. Over",
    "by_word": "[Anbu {n}] {name} {label}: reported as taken. Over",
    "not_by_word": "[Anbu {n}] {name} {label}: reported not taken. Over",
    "not_due": "[Anbu {n}] {name} {label}: was not due after all. Over",
    "thanks": "[Anbu {n}] Thank you. When it is over, reply {n} done",
    "done": "[Anbu {n}] Thank you. This alert is closed.",
    "over": "[Anbu {n}] This alert is already over. Thank you.",
    "help": "[Anbu] Please reply 1, or the alert's number and 1: 12 1",
}

OTHER_DAY = "{day}/{month}"
REPEAT_MARK = "R"

STATES = {
    "waiting": "waiting",
    "open": "may be taken",
    "due": "due",
    "late": "not opened in time",
    "taken": "opened",
    "taken_early": "opened early",
    "taken_on_time": "opened in time",
    "taken_late": "opened late",
    "taken_by_word": "said to be taken",
    "missed": "not opened",
    "skipped": "skipped",
    "doubtful": "needs checking",
    "unknown": "not confirmed",
    "paused": "away",
}
