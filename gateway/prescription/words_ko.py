"""Prescriptions in Korean: what a line says, what was expected, what a plan found.

Knows: every word. May not know: numbers, when it is said. Keys are the same as in words_en.py.
The words of `text.` are read again by the shorthand: a change there must be in its table too.
"""

from __future__ import annotations

WORDS: dict[str, str] = {
    # a medication as a line
    "text.unit.T": "정",
    "text.unit.C": "캡슐",
    "text.unit.mL": "mL",
    "text.unit.포": "포",
    "text.unit.drop": "방울",
    "text.unit.puff": "퍼프",
    "text.unit.patch": "매",
    "text.amount": "{amount}{unit}",
    "text.times.1": "1일 1회",
    "text.times.2": "1일 2회",
    "text.times.3": "1일 3회",
    "text.times.4": "1일 4회",
    "text.label.morning": "아침",
    "text.label.noon": "점심",
    "text.label.evening": "저녁",
    "text.label.bedtime": "취침 전",
    "text.relation.right_after": "식사 직후",
    "text.relation.after": "식후 {minutes}분",
    "text.relation.before": "식전 {minutes}분",
    "text.relation.before.0": "식사 직전",
    "text.relation.with": "식사 중",
    "text.hours": "{hours}시간마다",
    "text.first": "{first}부터",
    "text.prn": "필요시",
    "text.most": "1일 최대 {count}회",
    "text.least.h": "최소 간격 {count}시간",
    "text.least.min": "최소 간격 {count}분",
    "text.every.2": "격일",
    "text.every": "{count}일마다",
    "text.weekdays": "매주 {days}요일",
    **{f"text.weekday.{n}": name for n, name in enumerate("월화수목금토일")},
    "text.days": "{count}일분",
    "text.step": "{amount} {count}일",
    "text.storage.refrigerated": "냉장 보관",
    "text.storage.room temperature": "실온 보관",
    "text.storage.protect from light": "차광 보관",
    # what is wrong
    "or": " / ",
    "wrong.unknown": "{place}번째 글자 ‘{found}’: 알 수 없는 말. 적을 수 있는 것: {expected}",
    "wrong.missing": "{place}번째 글자 ‘{found}’: 빠진 것이 있음: {expected}",
    "wrong.twice": "{place}번째 글자 ‘{found}’: 두 번 적힘: {expected}",
    "wrong.contradiction": "{place}번째 글자 ‘{found}’: 다른 말과 맞지 않음: {expected}",
    "wrong.limit": "{place}번째 글자 ‘{found}’: 쓸 수 없는 값: {expected}",
    # what was expected
    "expected.amount": "1회 양 (1정, 0.5정, 2캡슐, 5mL)",
    "expected.dosing": "복용법 (1일 3회, 아침 식후, 취침 전, 8시간마다, 필요시)",
    "expected.label": "어느 때인지 (아침, 점심, 저녁, 취침 전)",
    "expected.days": "투약일수 (30일분)",
    "expected.weekday": "어느 요일인지 (월요일, 월수금)",
    "expected.quotes": "여러 낱말로 된 약 이름은 따옴표 안에, 또는 바로 뒤에 함량",
    "expected.nothing_more": "더 적을 것 없음",
    "expected.once": "한 번만",
    "expected.only_prn": "최대 횟수와 최소 간격은 필요시 약에만",
    "expected.prn_alone": "필요시 약은 최대 횟수와 최소 간격만",
    "expected.hours_alone": "‘N시간마다’는 끼니나 요일 없이",
    "expected.first_with_hours": "시작 시각은 ‘N시간마다’와 함께만",
    "expected.times_as_hours": "간격과 맞는 횟수",
    "expected.times_as_labels": "적힌 때와 같은 횟수",
    "expected.times_as_weekdays": "적힌 요일과 같은 횟수",
    "expected.every_or_weekdays": "며칠마다 또는 요일, 둘 중 하나",
    "expected.no_meal_at_bedtime": "취침 전은 식전·식후 없이",
    "expected.one_relation": "한 줄에 식전·식후는 한 가지 (다르면 두 줄로)",
    "expected.one_unit": "같은 단위",
    "expected.sum_of_steps": "단계별 일수의 합",
    "expected.times": "1일 1회에서 4회",
    "expected.hours": "1, 2, 3, 4, 6, 8, 12, 24시간 중 하나",
    "expected.clock": "00:00부터 23:59까지의 시각",
    "expected.least": "1분에서 72시간",
    "expected.most": "1회에서 24회",
    "expected.every": "1일에서 28일",
    "expected.offset": "1분에서 240분",
    "expected.days_range": "1일에서 365일",
    "expected.amount_range": "0보다 크고 한 번에 먹을 수 있는 양",
    "expected.date": "달력에 있는 날짜 (2026-03-02)",
    "expected.short_line": "400자 이내",
    # a table of bags
    "expected.column": "이 표의 열 이름",
    "expected.column_once": "같은 열은 한 번만",
    "expected.column_needed": "열 {found}",
    "expected.name": "약 이름",
    "expected.as_many_cells": "제목 줄과 같은 수의 칸",
    "expected.quoting": "큰따옴표가 짝이 맞는 칸",
    "expected.phone": "전화번호 (02-123-4567)",
    "expected.rows": "약 한 줄 이상",
    # what a plan found
    "finding.not_dispensed": "{names}: 조제일이 없어 언제 시작하는지 알 수 없음. 계획에 넣지 않음",
    "finding.same_drug_twice": (
        "{names}: 같은 약이 다른 용법으로 {day}부터 {days}일 겹침. 먼저 받은 것만 계획에 넣음"
    ),
    "finding.no_compartment": (
        "{names}: {day}부터 {days}일 동안 하루 네 칸이 모두 차서 넣을 칸이 없음"
    ),
    "finding.no_prn_compartment": "{names}: 필요시 약을 넣을 빈 칸이 없음. 계획에 넣지 않음",
    "finding.other_strength": (
        "{names}: 같은 이름의 약이 함량이 다르게 {day}부터 {days}일 함께 있음. 맞는지 확인 필요"
    ),
    "finding.early_refill": "{names}: {days}일 일찍 다시 받음. 앞의 약이 끝난 뒤에 이어서 복용",
    "finding.gap": "{names}: {day}부터 {days}일은 약이 없음",
    "finding.supply_ends": "{names}: 마지막 날은 {day}",
    "finding.windows_disagree": (
        "{names}: 같은 때이지만 복용 시간대가 달라 따로 담음 ({day}부터 {days}일)"
    ),
    "finding.several_spacings": (
        "{names}: 여러 약의 복용 간격이 한 칸에 겹침. "
        "약상자는 가장 긴 간격만 지킴 ({day}부터 {days}일)"
    ),
    "finding.beyond_box": "{names}: 게이트웨이 없이는 약상자가 {day}까지만 알림",
    "finding.unknown_class": "{names}: 모르는 약 분류. 기본값으로 다룸",
}
