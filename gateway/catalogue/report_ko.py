"""The report in Korean: the page for pharmacist and doctor, the refill sheet, the tables' words.

Knows: every word. May not know: numbers, layout. Keys are the same as in report_en.py.
"""

from __future__ import annotations

WORDS: dict[str, str] = {
    "title": "복약 보고서",
    "title.whole": "복약 보고서: {name}, {period}",
    "name": "{name} 님",
    "made": "작성 {at} · 안부",
    "not_an_ingestion": "칸이 열렸다고 복용한 것은 아닙니다. 이 보고서의 ‘복용’은 약포지 칸이 열린 "
    "기록이나 사람의 말에서 추정한 것이며, 삼켰는지는 알 수 없습니다. 안부는 의료기기가 아닙니다.",
    # prescriptions
    "drugs": "처방과 약별 복용",
    "drug": "약",
    "dosing": "1회 양 · 복용법",
    "supply": "조제일 · 일수",
    "supply.dated": "{day} · {days}일분",
    "supply.more": "외 {count}",
    "supply.undated": "조제일 모름 · {days}일분",
    "drugs.none": "등록된 처방이 없습니다.",
    "drugs.more": "그 밖에 {count}가지: 이 한 장에 자리가 없음. 전체는 CSV와 FHIR에 있음.",
    "drug.unlisted": "처방 기록 없음: {drug}",
    # figures
    "figures": "복약순응도 (전체)",
    "figure": "수치와 계산",
    "raw": "원래 기록",
    "cleaned": "바로잡은 기록",
    "value": "값",
    "counts": "횟수",
    "interval": "95 % 구간",
    "days": "살핀 날",
    "unknown": "확인 불가",
    "window": "시간대(분)",
    "window.one": "−{early}/+{late}",
    "window.more": "외 {count}",
    "figures.key": "원래 기록: 약상자가 본 것만. 바로잡은 기록: 사람이 바로잡은 것까지. "
    "확인 불가(원래 → 바로잡음)와 입원·외출은 분모에 없음. "
    "시간대: 예정 시각의 몇 분 전부터 몇 분 후까지. "
    "95 % 구간: Wilson, z = 1.96; 한 사람의 복용은 서로 독립이 아니므로 실제로는 조금 더 넓음.",
    # groups
    "groups": "때별 · 주별",
    "week": "{first}–{last}",
    "short.taking": "복용률 %",
    "short.timing_window": "제시간 %",
    "short.unknown": "확인 불가",
    "short.raw": "원래",
    "short.cleaned": "바로잡음",
    "short.pdc": "PDC",
    "short.mpr": "MPR",
    "overlap": "겹침",
    "label.as_needed": "필요시",
    "bars": "주별 요약 (바로잡은 기록)",
    "bars.several": "{count}주씩 묶은 요약 (바로잡은 기록)",
    "bars.told": "{day}: 복용 {taken}, 거름 {missed}, 확인 불가 {unknown}, 입원·외출 {away}",
    "bar.taken": "복용",
    "bar.missed": "거름",
    "bar.unknown": "확인 불가",
    "bar.away": "입원·외출",
    "charts.recent": "기간이 길어 그림은 마지막 {days}일만 보임. 전 기간은 주별 요약과 위의 수치에 "
    "있음.",
    "charts.no_chronology": "자리가 모자라 복용 시각 그림을 뺌. 시각은 CSV에 모두 있음.",
    "charts.none": "자리가 모자라 그림을 뺌. 하루하루의 기록은 CSV에 모두 있음.",
    # notes
    "corrections": "사람이 바로잡은 것",
    "correction": "{day} {label}: {taken} — {who}, {why}",
    "taken.0": "복용하지 않음",
    "taken.1": "복용함",
    "taken.n": "{count}회분 복용",
    "who.box": "약상자에서 알림",
    "why.by_word": "약상자의 버튼으로 알림",
    "corrections.none": "없음",
    "corrections.more": "그 밖에 {count}건은 CSV에 있음.",
    "away": "살피지 못한 기간",
    "away.one": "{period}: {why}",
    "away.none": "없음",
    "away.more": "그 밖에 {count}번",
    "away.hospital": "입원",
    "away.travel": "외출·여행",
    "away.other": "그 밖의 이유",
    "as_needed": "필요시 약 칸을 연 때",
    "as_needed.no_time": "시각 모름",
    "as_needed.more": "그 밖에 {count}번은 CSV에 있음.",
    # refill sheet
    "refill.title": "약 채우기",
    "refill.how": (
        "칸 하나에 약포지 하나. "
        "다 넣은 칸에 표시하세요. 무엇을 먹을지는 처방이 정합니다: "
        "다르면 약국에 물어보세요."
    ),
    "refill.fill": "지금 채울 칸",
    "refill.as_needed": "필요시 약 칸",
    "refill.left": "지금 건드리지 않을 칸",
    "refill.empty": "비워 둘 칸",
    "refill.nothing": "지금 채울 칸이 없습니다.",
    "refill.by_label": "약포지에 적힌 대로",
    "refill.lid": "칸",
    "refill.day": "날과 때",
    "refill.pouch": "약포지에 든 약",
    "refill.done": "✓",
    # tables
    "dictionary.title": "복약 기록표 설명",
    "dictionary.intro": "파일은 UTF-8(BOM 포함)이며 쉼표로 나뉜 표입니다. 첫 줄은 열 이름, 빈 칸은 "
    "‘없음 또는 알 수 없음’입니다. 시각은 ISO 8601에 시차를 붙여 적습니다. 계산식으로 읽힐 수 있는 "
    "칸은 앞에 작은따옴표(')를 붙였습니다. 사람의 이름은 들어 있지 않습니다.",
    "doses": "복용 때마다 한 줄: 처방된 한 칸이 어떻게 되었는지.",
    "openings": "뚜껑이 열릴 때마다 한 줄.",
    "type": "형식 {type}",
    "required": "필수",
    "one_of": "다음 가운데 하나: {values}",
    "column.person": "사람의 번호. 이름이 아님.",
    "column.day": "그 복용이 속한 날(사는 곳의 날짜).",
    "column.index": "그날 계획에서 몇 번째 칸인지, 0부터.",
    "column.label": "복용 때: morning 아침, noon 점심, evening 저녁, bedtime 취침 전, as_needed "
    "필요시.",
    "column.as_needed": "필요시 약이면 true. 어떤 수치에도 들어가지 않음.",
    "column.due": "예정 시각.",
    "column.opens": "복용 시간대의 시작.",
    "column.closes": "복용 시간대의 끝.",
    "column.state": "약상자 기록으로 본 결과: taken 열림, missed 열리지 않음, skipped 건너뜀, "
    "doubtful 확인 필요, unknown 확인 불가, paused 외출 중; "
    "waiting, open, due, late는 아직 끝나지 않음.",
    "column.how": "taken일 때 어떻게: early 일찍, on_time 제때, late 늦게, by_word 사람의 말.",
    "column.reason": "그렇게 보는 이유(안부의 코드).",
    "column.opened": "열린 시각. 시각을 믿을 수 없으면 빈 칸.",
    "column.time_quality": "열린 시각을 얼마나 믿을 수 있는지: synced "
    "게이트웨이와 맞춘 시계, drifting "
    "오래 맞추지 못한 시계, reckoned 나중에 계산한 시각, unknown 알 수 없음.",
    "column.drugs": "그 칸의 약(번호, 이름, 함량), ‘ | ’로 나눔.",
    "column.monitored": "그날 살필 수 있었으면 true; 입원·외출 등으로 살피지 못했으면 false.",
    "column.corrected_taken": "사람이 바로잡은 복용 횟수: 0 복용하지 않음, "
    "1, 2 …; 빈 칸은 바로잡지 않음.",
    "column.corrected_by": "누가 바로잡았는지.",
    "column.corrected_why": "왜 그렇게 아는지.",
    "column.corrected_at": "언제 바로잡았는지.",
    "column.schedule_version": "그 칸이 들어 있던 일정의 번호.",
    "column.record": "약상자의 기록 번호: 약상자/기록 세대/순번.",
    "column.compartment": "칸 번호, 0부터.",
    "column.meaning": "약상자가 본 뜻: as_due 제 차례, wrong 다른 칸, refill 채우기 "
    "등(안부의 코드).",
    "column.at": "시각. 약상자가 시각을 몰랐으면 빈 칸.",
    "column.slot_day": "그 열림이 속한 복용 날; 어느 복용에도 속하지 않으면 빈 칸.",
    "column.slot_index": "그 복용이 그날 계획에서 몇 번째인지.",
}
