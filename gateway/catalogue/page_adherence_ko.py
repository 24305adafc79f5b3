"""The page's words about adherence in Korean: the period, figures, corrections, downloads.

Knows: what the page says around figures and charts. May not know: the figures' own words
(adherence_ko.py), HTML. Keys are the same as in page_adherence_en.py; page_ko.py takes them in.
"""

from __future__ import annotations

WORDS: dict[str, str] = {
    "adherence.title": "{person} 님의 복약 기록",
    "adherence.period": "기간",
    "adherence.from": "첫날",
    "adherence.to": "마지막 날",
    "adherence.show": "이 기간 보기",
    "adherence.period.wrong": "첫날이 마지막 날보다 앞서야 하고, {most}일까지 볼 수 있습니다. "
    "아래는 지난 4주입니다.",
    "adherence.none": "이 기간에는 정해진 약이 없었습니다.",
    "adherence.charts": "복약 달력과 시각",
    "adherence.no_time": "시각을 모름",
    "adherence.as_needed": "필요시 약: 칸이 {n}번 열림",
    "adherence.as_needed.hint": "필요시 약은 어느 비율에도 넣지 않습니다.",
    "adherence.unsayable": "FHIR로 적을 수 없는 처방이 있습니다: {what}",
    "figures.title": "복약순응도",
    "figures.hint": "수치마다 계산식, 복용 시간대, 살핀 날, 확인 불가 횟수를 함께 보여 드립니다. "
    "확인 불가는 어느 분모에도 들어가지 않습니다.",
    "figures.raw": "원래 기록",
    "figures.cleaned": "바로잡은 기록 ({n}건)",
    "figures.window": "복용 시간대",
    "figures.formula": "계산식",
    "figures.drug": "약별",
    "figures.label": "복용 때별",
    "figures.week": "주별",
    "figures.week.of": "{monday} – {sunday}",
    "figures.overlap": "같은 약의 처방이 겹쳐 뺀 날: {day} – {until}. 어느 것이 맞는지 정해야 "
    "합니다.",
    "downloads.title": "내려받기",
    "downloads.hint": "파일 이름에는 날짜만 적습니다. 누구의 것인지는 파일 안에 있습니다.",
    "downloads.pdf.ko": "한 장 보고서 (PDF, 한국어)",
    "downloads.pdf.en": "한 장 보고서 (PDF, 영어)",
    "downloads.csv": "표와 설명 (CSV 묶음)",
    "downloads.fhir": "FHIR 묶음 (JSON)",
    "correct.title": "바로잡기",
    "correct.hint": "약상자의 기록과 다르게 알고 계시면 적어 주세요. 원래 기록은 지워지지 "
    "않습니다.",
    "correct.day": "날짜",
    "correct.label": "때",
    "correct.taken": "드신 횟수",
    "correct.taken.hint": "0은 드시지 않음, 1은 드심, 2는 두 번 드심.",
    "correct.why": "어떻게 아시는지",
    "correct.do": "바로잡기",
    "correct.said": "바로잡은 것",
    "correct.says": "{day} {label}: {n}회 드심",
    "correct.who": "{at} {by}: {why}",
    "correct.who.box": "{at} 약상자에서 단추로 알림",
    "away.title": "살피지 못한 날",
    "away.hint": "입원이나 외출로 약상자를 쓰지 않은 날입니다. 어느 수치에도 들어가지 않습니다.",
    "away.from": "첫날",
    "away.to": "마지막 날",
    "away.why": "이유",
    "away.hospital": "입원",
    "away.travel": "외출·여행",
    "away.other": "그 밖",
    "away.do": "적기",
    "away.said": "적힌 기간",
    "away.says": "{day} – {until}: {why}",
    "away.withdraw": "잘못 적으셨다면",
    "away.withdraw.do": "이 기간 지우기",
}
