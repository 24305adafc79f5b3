"""Lines that cannot be understood, each with its places and what was expected there.

Knows: what a pharmacist would ask back. The words in «…» are wrong, in order; «» at a place means
that something is missing there. Beside them stands what kind of mistake and what was expected.
"""

from __future__ import annotations

from gateway.prescription.shorthand_problem import Wrong

Expected = tuple[Wrong, tuple[str, ...]]


def unknown(*expected: str) -> Expected:
    return Wrong.UNKNOWN, expected


def missing(*expected: str) -> Expected:
    return Wrong.MISSING, expected


def against(*expected: str) -> Expected:
    return Wrong.CONTRADICTION, expected


def limit(*expected: str) -> Expected:
    return Wrong.LIMIT, expected


TWICE: Expected = (Wrong.TWICE, ("once",))
END = "nothing_more"

BAD: list[tuple[str, list[Expected]]] = [
    # something is missing
    ("1정 1일 1회 «식후» 30일분", [missing("label")]),
    ("1T qd «pc» 30d", [missing("label")]),
    ("1T «qd» 30d", [missing("label")]),
    ("1정 «1일 1회» 30일분", [missing("label")]),
    ("1정 «식후 30분» 30일분", [missing("label")]),
    ("1T «qod» 30d", [missing("label")]),
    ("1정 «월수금» 28일분", [missing("label")]),
    ("1정 «주 1회» 아침 28일분", [missing("weekday")]),
    ("1정 «매주» 아침 28일분", [missing("weekday")]),
    ("1T «weekly» am 28d", [missing("weekday")]),
    ("1T tid pc«»", [missing("days")]),
    ("tid pc 5d«»", [missing("amount")]),
    ("1T 5d«»", [missing("dosing")]),
    ("1T«»«»", [missing("days"), missing("dosing")]),
    ("«»«»«»", [missing("amount"), missing("days"), missing("dosing")]),
    ("   ", [missing("amount"), missing("days"), missing("dosing")]),
    ("암로디핀«»«»«»", [missing("amount"), missing("days"), missing("dosing")]),
    ("암로디핀 5mg«»«»«»", [missing("amount"), missing("days"), missing("dosing")]),
    ("아침 식후 30일분«»", [missing("amount")]),
    ("prn max 3/d 10d«»", [missing("amount")]),
    # words that are in no table
    ("암로디핀 5mg 1T 1일 1회 «아참» «식후» 30일분", [unknown("label"), missing("label")]),
    ("암로디핀 «격알» 1T 1일 1회 아침 30일분", [unknown("quotes", END)]),
    ("암로디핀 5mg «정제» 1T am 30d", [unknown(END)]),
    ("1T «tidd» 5d«»", [unknown("dosing"), missing("dosing")]),
    ("1T tid pc 5d «daily5»", [unknown(END)]),
    ("1T tid pc «5»«»", [unknown("days"), missing("days")]),
    ("«1» tid pc 5d«»", [unknown("quotes", "amount"), missing("amount")]),
    ("«1,5» tid pc 5d«»", [unknown("quotes", "amount"), missing("amount")]),
    ("«1-2T» tid pc 5d«»", [unknown("quotes", "amount"), missing("amount")]),
    ("암로디핀 «5» 1/2T am 30d", [unknown("quotes", END)]),
    ("1T tid «pcc» 5d", [unknown(END)]),
    ("1T «tidpc» 5d«»", [unknown("dosing"), missing("dosing")]),
    ("1T tid pc 5days«30days»", [TWICE]),
    ("1정 아침 «공복» 30일분", [unknown(END)]),
    ("1정 1일 3회 «식간» 5일분", [unknown(END)]),
    ("1정 아침 식후 30분 «이내» 5일분", [unknown(END)]),
    ("1정 취침 전 «한달분»«»", [unknown("days"), missing("days")]),
    ("1정 취침 전 «1개월분»«»", [unknown("days"), missing("days")]),
    ("1T hs «1» «month»«»", [unknown("days")] * 2 + [missing("days")]),
    ("1T tid pc 5d «stat»", [unknown(END)]),
    ("1T «pm» 30d«»", [unknown("dosing"), missing("dosing")]),
    ("1T «od» 30d«»", [unknown("dosing"), missing("dosing")]),
    ("1정 «3회» «식후» 5일분", [unknown("dosing"), missing("label")]),
    ("1T prn «max» «3» 10d", [unknown(END)] * 2),
    ("1T prn «통증시» 10d", [unknown(END)]),
    ("1T «08:00» 30d«»", [unknown("dosing"), missing("dosing")]),
    ("1T am 30d «3월» «2일부터»", [unknown(END)] * 2),
    ("1T am 30d «26.03.02»", [unknown(END)]),
    ("1T am 30d «💊»", [unknown(END)]),
    ('«"aspirin» 1T am 30d', [unknown("quotes", END)]),
    ("아스피린 «프로텍트» «정» 1T am 30d", [unknown("quotes", END)] * 2),
    ("1T am 30d «암로디핀»", [unknown(END)]),
    ("1T am «30dd»«»", [unknown("days"), missing("days")]),
    ("1T am 30d «#Statin!»", [unknown(END)]),
    # said twice
    ("1T «2T» tid pc 5d", [TWICE]),
    ("1T tid pc 5d «7d»", [TWICE]),
    ("1T tid «tid» pc 5d", [TWICE]),
    ("1T bid «tid» pc 5d", [TWICE]),
    ("1정 아침 «아침» 5일분", [TWICE]),
    ("1T q8h «q6h» 5d", [TWICE]),
    ("1T prn «prn» 5d", [TWICE]),
    ("1T prn max 3/d «max 4/d» 5d", [TWICE]),
    ("1T prn min 6h «min 4h» 5d", [TWICE]),
    ("1T prn min 6h «q4h» 5d", [TWICE]),
    ("1정 월요일 «월수금» 아침 28일분", [TWICE]),
    ("1정 «월월» 아침 28일분", [TWICE]),
    ("1T qod «q3d» am 28d", [TWICE]),
    ("2026-03-02 «2026-03-03» 1T am 28d", [TWICE]),
    ("암로디핀 5mg «10mg» 1T am 28d", [TWICE]),
    ("1T am 28d 냉장 «실온»", [TWICE]),
    ("1T am 28d #statin «#nsaid»", [TWICE]),
    ("1T am 28d 02-123-4567 «02-123-4568»", [TWICE]),
    ("1정 1일 아침 «30일분»", [TWICE]),
    # what does not go together
    ("1정 «1일 3회» 아침 저녁 30일분", [against("times_as_labels")]),
    ("1정 «1일 1회» 아침 저녁 식후 30일분", [against("times_as_labels")]),
    ("1T «bid» am 30d", [against("times_as_labels")]),
    ("1T «tid» hs 30d", [against("times_as_labels")]),
    ("1정 아침 식전 저녁 «식후» 30일분", [against("one_relation")]),
    ("1정 아침 식후 30분 저녁 «식후» 30일분", [against("one_relation")]),
    ("1T hs «pc» 30d", [against("no_meal_at_bedtime")]),
    ("1정 취침 전 «식후 30분» 30일분", [against("no_meal_at_bedtime")]),
    ("1T «tid» prn 10d", [against("prn_alone")]),
    ("1T «hs» prn 10d", [against("prn_alone")]),
    ("1정 필요시 «식후» 10일분", [against("prn_alone")]),
    ("1정 필요시 «격일» 10일분", [against("prn_alone")]),
    ("1정 필요시 «월요일» 10일분", [against("prn_alone")]),
    ("1T prn «from 08:00» 10d", [against("prn_alone")]),
    ("1T tid «max 3/d» 10d", [against("only_prn")]),
    ("1T tid «min 6h» 10d", [against("only_prn")]),
    ("1T q8h «pc» 7d", [against("hours_alone")]),
    ("1T q8h «am» 7d", [against("hours_alone")]),
    ("1T q8h «qod» 7d", [against("hours_alone")]),
    ("1T q8h «mon» 7d", [against("hours_alone")]),
    ("1T «bid» q8h 7d", [against("times_as_hours")]),
    ("1정 «1일 2회» 8시간 간격 7일분", [against("times_as_hours")]),
    ("1T am «from 08:00» 7d", [against("first_with_hours")]),
    ("1정 «격일» 월요일 아침 28일분", [against("every_or_weekdays")]),
    ("1정 «주 2회» 월수금 아침 28일분", [against("times_as_weekdays")]),
    ("1T «once weekly» mon fri am 28d", [against("times_as_weekdays")]),
    # numbers and dates that cannot be
    ("«0T» tid pc 5d", [limit("amount_range")]),
    ("«1/0T» tid pc 5d", [limit("amount_range")]),
    ("«50T» tid pc 5d", [limit("amount_range")]),
    ("1T tid pc «0d»", [limit("days_range")]),
    ("1T tid pc «400d»", [limit("days_range")]),
    ("1T tid pc «60 weeks»", [limit("days_range")]),
    ("1T «6 times a day» am 5d", [limit("times")]),
    ("1T «q5h» 7d", [limit("hours")]),
    ("1T «q36h» 7d", [limit("hours")]),
    ("1T «q0h» 7d", [limit("hours")]),
    ("1T q8h «from 25:00» 7d", [limit("clock")]),
    ("1T prn «min 100h» 7d", [limit("least")]),
    ("1T prn «min 0 min» 7d", [limit("least")]),
    ("1T prn «max 0/d» 7d", [limit("most")]),
    ("1T prn «max 30/d» 7d", [limit("most")]),
    ("1T «q40d» am 90d", [limit("every")]),
    ("1정 아침 «식후 0분» 7일분", [limit("offset")]),
    ("1정 아침 «식후 300분» 7일분", [limit("offset")]),
    ("1정 아침 «식전 9시간» 7일분", [limit("offset")]),
    ("«2026-02-30» 1T am 7d", [limit("date")]),
    ("«2026-13-01» 1T am 7d", [limit("date")]),
    # a point that has lost its zero: never ten times as much
    ("시럽 «.5mL» bid pc 5d«»", [unknown("quotes", "amount"), missing("amount")]),
    ("시럽 «·5mL» bid pc 5d«»", [unknown("quotes", "amount"), missing("amount")]),
    ("알프라졸람 «.25mg» 1정 취침 전 7일분", [unknown("quotes", "nothing_more")]),
    ("암로디핀 5mg «.5T» 아침 30일분«»", [unknown("amount"), missing("amount")]),
    ("1T bid pc «.5d»«»", [unknown("days"), missing("days")]),
    # how strong it is, and no amount
    ("시럽 250mg / 5mL bid pc 5d«»", [missing("amount")]),
    ("시럽 250mg/ 5mL bid pc 5d«»", [missing("amount")]),
    # tapers
    ("2T 3일 → 1T 아침«»", [missing("days")]),
    ("«2T» → 1T 3일 아침", [missing("days")]),
    ("2T 3일 → 3일 아침«»", [missing("amount")]),
    ("2T 3일 → «1C» 3일 아침", [against("one_unit")]),
    ("2T 3일 → 1T 3일 «총 7일분» 아침", [against("sum_of_steps")]),
    ("2T 3일 «7일» → 1T 3일 아침", [TWICE]),
    ("2T 300일 → 1T «300일» 아침", [limit("days_range")]),
    # all at once
    (
        "암로디핀 5mg 1T «2T» 1일 1회 «아참» «식후» 30일분 «300d»",
        [TWICE, unknown("label"), missing("label"), TWICE],
    ),
    (
        "«0T» «q5h» «pc»«»",
        [limit("amount_range"), limit("hours"), against("hours_alone"), missing("days")],
    ),
]
