"""Korean words. Knows: every text. May not know: when it is said."""

LABELS = {
    "morning": "아침약",
    "noon": "점심약",
    "evening": "저녁약",
    "bedtime": "취침약",
    "as_needed": "필요시약",
}

TEXTS = {
    "dose_missed": "[안부 {n}] {name}님 {label} {time}까지 안 열림. 가시면 1 답장",
    "dose_unconfirmed": "[안부 {n}] {name}님 {label} {time}까지 확인 불가. 가시면 1 답장",
    "dose_doubtful": "[안부 {n}] {name}님 {label} {time} 복용 불분명. 물어보고 1 답장",
    "double_dose": "[안부 {n}] {name}님 {label} {time} 또 열림. 물어보고 1 답장",
    "dose_too_soon": "[안부 {n}] {name}님 {label} {time} 일찍 열림. 물어보고 1 답장",
    "help_pressed": "[안부 {n}] {name}님 도움 버튼 누름 {time}. 가시면 1 답장",
    "missed_after_all": "[안부 {n}] {name}님 {label} {time} 안 열림 확인. 가시면 1 답장",
    "doubtful_after_all": "[안부 {n}] {name}님 {label} 드셨는지 불분명. 물어보고 1 답장",
    "correction": "[안부 {n}] 정정: {name}님 {label} {time} 제때 열림",
    "opened_late": "[안부 {n}] {name}님 {label} {time} 늦게 열림. 종료",
    "by_word": "[안부 {n}] {name}님 {label} 복용했다고 알려 옴. 종료",
    "not_by_word": "[안부 {n}] {name}님 {label} 안 드셨다고 알려 옴. 종료",
    "not_due": "[안부 {n}] 정정: {name}님 {label} 드실 차례 아니었음. 종료",
    "thanks": "[안부 {n}] 맡아 주셔서 감사합니다. 끝나면 {n} 완료 라고 답장",
    "done": "[안부 {n}] 감사합니다. 이 알림을 끝냈습니다.",
    "over": "[안부 {n}] 이미 끝난 알림입니다. 감사합니다.",
    "help": "[안부] 가시면 1, 또는 알림 번호와 1 (예: 12 1) 답장",
}

OTHER_DAY = "{day}일"
REPEAT_MARK = "재"

STATES = {
    "waiting": "기다림",
    "open": "복용 가능",
    "due": "복용 시간",
    "late": "제때 열리지 않음",
    "taken": "열림",
    "taken_early": "일찍 열림",
    "taken_on_time": "제때 열림",
    "taken_late": "늦게 열림",
    "taken_by_word": "복용했다고 함",
    "missed": "열리지 않음",
    "skipped": "건너뜀",
    "doubtful": "확인 필요",
    "unknown": "확인 불가",
    "paused": "외출 중",
}
