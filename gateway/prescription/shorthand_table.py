r"""The words of a pharmacist's line, Korean and English, as a table.

Knows: every word that may stand in a line, and what kind of word it is.
May not know: which words belong together, what a line means, what is wrong with it.

A way to write something is a regular expression with three signs of its own: a blank is any blanks
or none, `_` is at least one, `№` is a small number in digits or words (the group `n`).
Of words that begin alike the longer stands first. Where two ways match, the longer match counts;
where they are as long, the row above.
"""

from __future__ import annotations

from gateway.prescription.shorthand_kinds import Kind, Row

NUMBERS = {
    "한": 1, "두": 2, "세": 3, "네": 4,
    "one": 1, "two": 2, "three": 3, "four": 4, "six": 6, "eight": 8, "twelve": 12,
}  # fmt: skip
HALVES = ("반", "half")
VULGAR = {"½": "1/2", "¼": "1/4", "¾": "3/4", "⅓": "1/3", "⅔": "2/3"}
WEEKDAYS_KO = "월화수목금토일"

# Unit → how it is written. The sign on the left is what a Medication carries.
UNITS = {
    "T": "정|알|tablets?|tabs?|T",
    "C": "캡슐|캅셀|capsules?|caps?|C",
    "mL": "mL|cc|밀리리터",
    "포": "포|packets?|sachets?",
    "drop": "방울|gtts?|drops?",
    "puff": "퍼프|puffs?",
    "patch": "매|장|patch(?:es)?",
}
_QUANTITY = (
    r"(?P<q>\d+[½¼¾⅓⅔]|[½¼¾⅓⅔]|\d+/\d+|\d+(?:\.\d+)?"
    r"|한|두|세|네|반|(?:one|two|three|half)(?=\s))"
)
_PER_DOSE = "(?:(?:1 회|한 번)(?: 에)? )?"
_MG = "(?:mg|mcg|μg|µg|ug|g|IU|mEq|%|밀리그램|밀리그람|그램)"
_MEALS = (
    "(?:(?P<all>_(?:each|every))?_(?:the_)?(?:meals?|food)|(?=_(?:breakfast|lunch|dinner|supper)))"
)
_MIN = "min(?:ute)?s?"
_HOUR = "(?:hours?|hrs?|h)"
_SUN_TO_SAT = "(?:mon|tue|wed|thu|fri|sat|sun)"
_DAY = "(?:일(?! \\d| [한두세네]|분|치|간|마다|에)|[월화수목금토])"
_TIMES = "(?:회|번)"
_A_DAY = "(?:a_day|per_day|daily|/ d(?:ay)?)"
_SUPPLY = "(?:x |for_|총 )?"


def _relation(value: str, side: str, en: str, latin: str) -> Row:
    """A meal relation with its minutes or hours; `side` 후 or 전."""
    meal = "(?P<all>매 )?식(?: 사)?"
    ways = (
        f"{meal} {side} (?P<n>\\d{{1,3}}) 분(?: {side})?(?:에)?",
        f"{meal} {side} (?P<h>\\d) 시간(?: {side})?(?:에)?",
        f"{meal} (?P<n>\\d{{1,3}}) 분 {side}(?:에)?",
        f"{meal} (?P<h>\\d) 시간 {side}(?:에)?",
        f"{latin} (?P<n>\\d{{1,3}}) {_MIN}",
        f"(?P<n>\\d{{1,3}}) {_MIN} {latin}",
        f"(?P<n>\\d{{1,3}}) {_MIN}_{en}{_MEALS}",
        f"(?P<h>\\d) {_HOUR}_{en}{_MEALS}",
    )
    return Row(Kind.RELATION, value, ways)


ROWS: tuple[Row, ...] = (
    Row(Kind.NAME, "", (r'"(?P<free>(?:[^"]|"")+)"',)),
    Row(
        Kind.DATE,
        "",
        (
            r"20\d\d([-./])\d{1,2}\1\d{1,2}(?: 조제)?",
            r"20\d\d 년 \d{1,2} 월 \d{1,2} 일(?: 조제)?",
        ),
    ),
    Row(
        Kind.STRENGTH,
        "",
        (
            rf"\d[\d,.]*(?:/\d[\d,.]*)* {_MG}(?:/\d[\d,.]* {_MG})*",
            rf"\d[\d,.]* {_MG} / (?:\d[\d.]*)? (?:mL|g)",
        ),
    ),
    *(
        Row(
            Kind.AMOUNT,
            unit,
            (rf"{_PER_DOSE}{_QUANTITY}(?:_a)? (?:{names})(?P<half> 반)?(?: 씩)?",),
        )
        for unit, names in UNITS.items()
    ),
    # how often
    Row(Kind.TIMES, "", (f"(?:1 일|하루|매일|일)(?: 에)? № {_TIMES}",)),
    Row(Kind.TIMES, "1", (r"q\.?d\.?|daily|once_(?:daily|a_day)",)),
    Row(Kind.TIMES, "2", (r"b\.?i\.?d\.?|twice_(?:daily|a_day)",)),
    Row(Kind.TIMES, "3", (r"t\.?i\.?d\.?",)),
    Row(Kind.TIMES, "4", (r"q\.?i\.?d\.?",)),
    Row(Kind.TIMES, "", (f"№ (?:times|x) {_A_DAY}",)),
    Row(
        Kind.HOURS,
        "",
        ("№ 시간 (?:마다|간격)(?:으로)?", "q № h(?:rs?|ours?)?", f"every_№ {_HOUR}"),
    ),
    Row(
        Kind.FIRST,
        "",
        (
            r"(?P<clock>\d{1,2}:\d\d) (?:부터|시작)",
            r"(?:from|starting)_(?P<clock>\d{1,2}:\d\d)",
        ),
    ),
    # when
    Row(
        Kind.LABEL,
        "morning",
        (
            r"아침|a\.?m\.?|qam|(?:every_|each_|in_the_)?mornings?",
            "breakfast",
        ),
    ),
    Row(Kind.LABEL, "noon", ("점심|(?:at_)?noon|lunch|midday",)),
    Row(Kind.LABEL, "evening", ("저녁|qpm|(?:every_|each_|in_the_)?evenings?|dinner|supper",)),
    Row(Kind.LABEL, "bedtime", ("취침 (?:전|시)(?:에)?|(?:잠 )?자기 전(?:에)?",)),
    Row(Kind.LABEL, "bedtime", (r"q?h\.?s\.?|(?:at_)?bedtime",)),
    _relation("after", "(?:후|뒤)", "after", r"p\.?c\.?"),
    _relation("before", "전", "before", r"a\.?c\.?"),
    Row(
        Kind.RELATION,
        "right_after",
        (
            "(?P<all>매 )?식 (?:사 )?(?:직 후|후 (?:즉시|바로)|후)(?:에)?",
            rf"p\.?c\.?|(?:right_|immediately_)?after{_MEALS}",
        ),
    ),
    Row(
        Kind.RELATION,
        "before",
        (
            "(?P<all>매 )?식 (?:사 )?(?:직 전|전)(?:에)?",
            rf"a\.?c\.?|(?:right_|immediately_)?before{_MEALS}",
        ),
    ),
    Row(
        Kind.RELATION,
        "with",
        ("(?P<all>매 )?식 (?:사 )?(?:도 )?중(?:에)?", "식 사 와 (?:함께|같이)", f"with{_MEALS}"),
    ),
    Row(Kind.PRN, "", (r"필요 시(?:에)?|필요 할 때|p\.?r\.?n\.?|(?:as|if|when)_needed",)),
    Row(
        Kind.MOST,
        "",
        (
            f"(?:(?:1 일|하루) )?최대 (?:(?:1 일|하루) )?№ {_TIMES}",
            rf"max(?:imum)?\.? №(?: (?:x|times|doses))? {_A_DAY}",
            f"up_to_№_(?:times|doses)_{_A_DAY}",
        ),
    ),
    Row(
        Kind.LEAST,
        "h",
        (
            "최소 (?:간격 )?№ 시간(?: 간격)?(?:으로)?",
            "№ 시간 이상 간격(?:으로)?",
            rf"(?:min(?:imum)?\.?|at_least) № {_HOUR}(?:_apart)?",
        ),
    ),
    Row(
        Kind.LEAST,
        "min",
        (
            r"최소 (?:간격 )?(?P<n>\d{1,4}) 분(?: 간격)?(?:으로)?",
            rf"(?:min(?:imum)?\.?|at_least) (?P<n>\d{{1,4}}) {_MIN}(?:_apart)?",
        ),
    ),
    # on which days
    Row(Kind.EVERY, "1", ("매일|every_day",)),
    Row(Kind.EVERY, "2", (r"격일(?:로)?|이틀 에 (?:한|1) 번|q\.?o\.?d\.?|every_other_day",)),
    Row(
        Kind.EVERY,
        "",
        ("№ 일 마다", "№ 일 에 (?:한|1) (?:번|회)", "q № d", "every_№_days"),
    ),
    Row(Kind.WEEKLY, "", ("매주|every_week|weekly",)),
    Row(Kind.WEEKLY, "1", ("once_(?:weekly|a_week)",)),
    Row(
        Kind.WEEKLY,
        "",
        (f"(?:매 )?주 № {_TIMES}", f"(?:일 주 일|1 주 일?)(?: 에)? № {_TIMES}"),
    ),
    Row(Kind.WEEKDAY, "", (f"{_DAY}(?:[\\s,·/]*{_DAY})* 요일",)),
    Row(Kind.WEEKDAY, "", (f"[월화수목금토](?:[\\s,·/]*{_DAY})*",)),
    Row(Kind.WEEKDAY, "range", (r"[월화수목금토일] [-~] [월화수목금토일](?: 요일)?",)),
    Row(Kind.WEEKDAY, "", ("(?:every_|on_)?(?:mon|fri|sun)(?:days?)?",)),
    Row(Kind.WEEKDAY, "", ("(?:every_|on_)?(?:tue(?:s(?:days?)?)?|wed(?:nesdays?)?)",)),
    Row(Kind.WEEKDAY, "", ("(?:every_|on_)?(?:thu(?:r(?:s(?:days?)?)?)?|sat(?:urdays?)?)",)),
    Row(Kind.WEEKDAY, "range", (f"{_SUN_TO_SAT} [-~] {_SUN_TO_SAT}",)),
    # for how long
    Row(
        Kind.DAYS,
        "1",
        (
            rf"{_SUPPLY}(?P<n>\d{{1,4}}) 일(?: (?:분|치|간))?",
            rf"{_SUPPLY}(?P<n>\d{{1,4}}) (?:days?(?:'?_supply)?|d)",
        ),
    ),
    Row(
        Kind.DAYS,
        "7",
        (
            rf"{_SUPPLY}(?P<n>\d{{1,3}}) 주(?: (?:분|치|간))?",
            rf"{_SUPPLY}(?P<n>\d{{1,3}}) (?:weeks?|wks?|w)",
        ),
    ),
    Row(Kind.THEN, "", ("→|-+>|=+>|⇒|then|이후|(?:그 )?다음",)),
    # what else stands on the bag
    Row(Kind.STORAGE, "refrigerated", ("냉장(?: 보관)?|(?:keep_)?refrigerated?|fridge",)),
    Row(Kind.STORAGE, "room temperature", ("실온(?: 보관)?|room_temp(?:erature)?",)),
    Row(Kind.STORAGE, "protect from light", ("차광(?: 보관)?|protect_from_light",)),
    Row(Kind.STORAGE, "", (r"\[ (?P<free>[^\[\]\s](?:[^\[\]]*[^\[\]\s])?) \]",)),
    Row(Kind.PHONE, "", (r"(?:☎|전화|약국|tel\.?) (?P<free>\+?\d[\d-]{5,18}\d)",)),
    Row(Kind.PHONE, "", (r"(?P<free>0\d{1,2}-\d{3,4}-\d{4}|1\d{3}-\d{4})",)),
    Row(Kind.CLASS, "", (r"#(?P<free>[a-z][a-z0-9\x5f]*)",)),
    Row(Kind.FILLER, "", ("복용(?: 하세요| 하십시오)?|드세요|투여|경구|씩|및|에|와|과",)),
    Row(Kind.FILLER, "", (r"and|take|for|p\.?o\.?|by_mouth",)),
)
