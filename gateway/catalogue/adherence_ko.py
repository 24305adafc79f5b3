"""Adherence in Korean: names of figures, signs of charts, what EMERGE asks to be said.

Knows: every word. May not know: numbers, drawing. Keys are the same as in adherence_en.py.
"""

from __future__ import annotations

WORDS: dict[str, str] = {
    # dates and clocks
    "date": "{month}월 {day}일",
    "date.short": "{month}/{day}",
    "month": "{month}월",
    "period": "{from_day} – {to_day}",
    "year": "{year}년",
    **{f"weekday.{n}": name for n, name in enumerate("월화수목금토일")},
    # slots
    "label.morning": "아침",
    "label.noon": "점심",
    "label.evening": "저녁",
    "label.bedtime": "취침 전",
    # figures: name, and what it says in plain words
    "metric.taking": "복용률",
    "metric.correct_dosing": "처방 횟수대로 복용한 날",
    "metric.timing_window": "제시간에 복용",
    "metric.timing_interval": "간격을 지켜 복용",
    "metric.any_dose": "한 번이라도 복용한 날",
    "metric.drug_holidays": "3일 이상 거른 기간",
    "metric.persistence": "첫 복용부터 마지막 복용까지",
    "metric.pdc": "약을 가지고 있던 날의 비율 (PDC)",
    "metric.mpr": "약물 보유 비율 (MPR, CMA1)",
    # how each is reckoned, in words and, where there are any, in the symbols of "symbols.key"
    "formula.taking": "복용한 횟수 ÷ 처방 횟수",
    "formula.correct_dosing": "처방 횟수만큼 복용한 날 ÷ 판단할 수 있는 날",
    "formula.timing_window": "복용 시간대 안에 열린 횟수 ÷ 처방 횟수",
    "formula.timing_interval": "처방 간격의 ±25 % 안에 든 간격 ÷ 모든 간격",
    "formula.any_dose": "한 번이라도 복용한 날 ÷ 판단할 수 있는 날",
    "formula.drug_holidays": "3일 이상 잇달아 한 번도 복용하지 않은 기간의 수 "
    "(그 날수 / 판단할 수 있는 날)",
    "formula.persistence": "마지막 복용일 − 첫 복용일 + 1 (/ 기간의 날수)",
    "formula.pdc": "약이 있던 날(겹친 날은 한 번) ÷ 기간의 날",
    "formula.mpr": "마지막 조제를 뺀 투약일수의 합 ÷ 첫 조제부터 마지막 조제까지의 날",
    "symbols.taking": "100·Σn_d / Σp_d",
    "symbols.correct_dosing": "100·|{{d : n_d = p_d}}| / |D|",
    "symbols.timing_window": "100·|{{복용 : s−a ≤ t ≤ s+b}}| / Σp_d",
    "symbols.timing_interval": "100·|{{k : |Δ_k − τ| ≤ 0.25·τ}}| / (K − 1)",
    "symbols.any_dose": "100·|{{d : n_d ≥ 1}}| / |D|",
    "symbols.key": "D: 살핀 날 가운데 판단할 수 있는 날. d: 그 하루. p_d, n_d: 그날의 처방 횟수와 "
    "복용 횟수. s: 예정 시각. t: 열린 시각. a, b: 복용 시간대의 앞과 뒤. k: 잇따라 열린 두 번. "
    "Δ_k: 그 간격. τ: 처방 간격. K: 열린 횟수.",
    "value.percent": "{value} %",
    "value.ratio": "{value}",
    "value.days": "{value}일",
    "value.runs": "{value}번",
    "value.none": "계산할 수 없음",
    "counts": "{numerator} / {denominator}",
    "interval": "95 % 신뢰구간 {low} – {high} (Wilson, z = 1.96)",
    "window.one": "예정 시각 {early}분 전부터 {late}분 후까지",
    "window.and": " 또는 ",
    "window.none": "없음",
    "left_out": "살핀 날 {days}일, 확인 불가 {unknown}회(그중 확인 필요 {doubtful}회)는 뺌",
    # signs
    "sign.opened": "열림",
    "sign.outside": "다른 시각에 열림",
    "sign.word": "복용했다고 함",
    "sign.not_opened": "열리지 않음",
    "sign.unknown": "확인 불가",
    "sign.away": "입원·외출",
    "sign.ahead": "아직 아님",
    "sign.window": "복용 시간대",
    # charts
    "calendar.title": "복약 달력",
    "calendar.order": "한 칸의 순서",
    "chronology.title": "복약 시각",
    "clock": "{hour}시",
    "clock.next": "다음날 {hour}시",
    "summary": "{sign} {count}회",
    # EMERGE: phase, definition, operational definition, measurement, results
    "emerge.title": "이 그림이 말하는 것 (EMERGE 보고 기준)",
    "emerge.phase": "단계: 이행(implementation). 시작과 지속은 이 그림에 없음.",
    "emerge.definition": "정의: 처방된 대로 약을 먹은 정도(ABC 분류).",
    "emerge.operational": "조작적 정의: 약포지 한 칸이 열리면 한 번 복용한 것으로 추정. "
    "복용 시간대는 {window}. 확인 불가와 입원·외출은 분모에 넣지 않음. 필요시 약은 제외.",
    "emerge.measurement": "측정: 약상자 뚜껑이 열린 전자 기록. 삼켰는지는 알 수 없음.",
    "emerge.raw": "사람이 바로잡지 않은 원래 기록(약상자에 ‘복용했다고 함’으로 남은 "
    "{by_word}회 포함).",
    "emerge.cleaned": "사람이 바로잡은 기록(바로잡음 {count}회, 복용했다고 함 {by_word}회).",
    "emerge.results": "결과: {period}, 살핀 날 {days}일, 처방 {denominator}회 중 "
    "복용 {numerator}회, 확인 불가 {unknown}회.",
}
