"""Who may what about whom; what may be given; when a sign-in waits and a session is over."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.access import (
    CARERS,
    GUARDIAN,
    OFFICER,
    SENIOR,
    SIGHT,
    TECHNICIAN,
    Account,
    Accounts,
    Grant,
    Role,
    codes,
    giving,
    manners,
    pace,
)
from gateway.access.accounts import grants_of, rows_of
from gateway.access.facts import AccountChanged, AccountClosed, AccountOpened
from gateway.events import TextDecided, from_json, to_json
from gateway.units import DAY_MS, HOUR_MS

PERSONS = ("a", "b")
GRANTS = st.builds(Grant, st.sampled_from(Role), st.sampled_from([None, *PERSONS]))
ACCOUNTS = st.builds(Account, st.just("x"), st.just("x"), st.lists(GRANTS, max_size=4).map(tuple))
HOUR = HOUR_MS


@given(ACCOUNTS, st.sampled_from(PERSONS))
def test_nothing_is_seen_without_a_grant_that_says_so(account: Account, person: str) -> None:
    """She sees whom a grant of a seeing role covers, and nobody else; a technician sees nobody."""
    covered = [g for g in account.grants if g.person_id in (None, person) and g.role in SIGHT]
    assert account.sees(person) == bool(covered)
    ids = account.persons()
    assert account.sees(person) == (ids is None or person in ids)
    assert not Account("t", "t", (Grant(TECHNICIAN),)).sees(person)


@given(ACCOUNTS, st.sampled_from(PERSONS), st.sampled_from(PERSONS), st.sampled_from(Role))
def test_a_narrowed_account_may_nothing_more(
    account: Account, about: str, person: str, role: Role
) -> None:
    """About its one person it may what the whole one may, about others and everybody nothing."""
    narrow = account.narrowed(about)
    assert narrow.may({role}, person) == (account.may({role}, person) and person == about)
    assert not narrow.may(set(Role))


@given(ACCOUNTS, GRANTS)
def test_nobody_gives_more_than_her_place(giver: Account, grant: Grant) -> None:
    """Officers of everybody give all but a person's role for all; guardians only for their own."""
    may = giving.may_give(giver, grant)
    for_all_of_one = grant.person_id is None and grant.role in {GUARDIAN, SENIOR}
    if for_all_of_one:
        assert not may
    elif not giver.may({OFFICER}):
        own = grant.person_id is not None and giver.may({GUARDIAN}, grant.person_id)
        assert may == (own and grant.role in {GUARDIAN, SENIOR})


def test_facts_make_accounts_and_come_back_from_the_log() -> None:
    """Opened, changed, closed; each fact is the same after it was written and read; ids stay."""
    rows = rows_of([Grant(GUARDIAN, "a")])
    more = rows_of([Grant(OFFICER), Grant(SENIOR, "b")])
    facts = [
        AccountOpened(1, "a1", "이지은", rows, "ko", "+821012345678", "g1", "x"),
        AccountChanged(2, "a1", "이지은", more, "en", None, None, "x"),
        AccountClosed(3, "a1", "x"),
    ]
    accounts = Accounts()
    for fact in facts[:2]:
        back = from_json(fact.kind, {**to_json(fact), "grants": list(to_json(fact)["grants"])})
        assert back == fact
        accounts.fold(back)
    account = accounts.named(" 이지 은")
    assert account is not None
    assert account.grants == grants_of(more)
    assert accounts.masters == (account,)
    accounts.fold(facts[2])
    assert not accounts.open
    assert accounts.known == {"a1"}


def test_the_last_officer_stays() -> None:
    """Whoever alone may open accounts cannot lose that; with a second one she can."""
    accounts = Accounts()
    accounts.fold(AccountOpened(1, "a1", "a", rows_of([Grant(OFFICER)]), "ko", None, None, ""))
    assert giving.leaves_nobody(accounts, "a1", [Grant(TECHNICIAN)])
    assert not giving.leaves_nobody(accounts, "a1", [Grant(OFFICER)])
    accounts.fold(AccountOpened(1, "a2", "b", rows_of([Grant(OFFICER)]), "ko", None, None, ""))
    assert not giving.leaves_nobody(accounts, "a1", [])
    assert {GUARDIAN, OFFICER} == CARERS


@given(st.lists(st.integers(0, 3 * HOUR), max_size=60), st.integers(0, 3 * HOUR))
def test_waiting_grows_and_never_locks(wrong: list[int], now: int) -> None:
    """Few wrong tries cost nothing; never more than a quarter of an hour; an hour forgets all."""
    wrong = [ms for ms in wrong if ms <= now]
    wait = manners.wait_ms(wrong, now)
    assert 0 <= wait <= manners.LONGEST_WAIT_MS
    assert wait == 0 or len(wrong) >= manners.FREE_TRIES
    assert manners.wait_ms(wrong, now + wait) == 0
    assert manners.wait_ms(wrong, 4 * HOUR) == 0


def test_the_fifth_wrong_try_begins_to_cost() -> None:
    """5 s, then twice as long each time, up to a quarter of an hour."""
    waits = [manners.wait_ms(range(n), n) for n in range(1, 16)]
    assert waits[:4] == [0, 0, 0, 0]
    assert [round(w / 1000) for w in waits[4:8]] == [5, 10, 20, 40]
    assert round(waits[-1] / 60_000) == 15


def test_who_never_stops_gets_four_tries_an_hour() -> None:
    """A whole day of guessing at each instant it may: no more than the first, then four an hour."""
    tries, now = list[int](), 0
    while now < DAY_MS:
        wait = manners.wait_ms(tries, now)
        tries += [] if wait else [now]
        now += wait or 1
    assert len(tries) <= manners.FREE_TRIES + 8 + 24 * 4


@pytest.mark.parametrize(
    ("idle_ms", "age_ms", "over"),
    [
        (0, 0, False),
        (manners.IDLE_MS - 1, manners.IDLE_MS, False),
        (manners.IDLE_MS, manners.IDLE_MS, True),
        (0, manners.WHOLE_MS, True),
        (-8 * DAY_MS, 0, True),
    ],
)
def test_a_session_ends(idle_ms: int, age_ms: int, over: bool) -> None:
    """Unused for a month, after half a year, and when a clock jumped back behind it."""
    now = 10 * manners.WHOLE_MS
    assert manners.over(manners.Session("a", now - age_ms, now - idle_ms), now) == over


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short1234", "short"),
        ("x" * 201, "long"),
        ("aaaabbbbcccc", "simple"),
        ("이지은의 비밀번호 1", "name"),
        ("말이 많은 참새 네 마리", None),
    ],
)
def test_a_password_has_to_be_worth_something(password: str, why: str | None) -> None:
    """Length and different characters count; nothing else is asked."""
    assert manners.weak(password, "이지은") == why


@given(st.lists(st.integers(0, 5000), min_size=1, max_size=200))
def test_a_bucket_lets_through_what_its_pace_says(gaps: list[int]) -> None:
    """In any time no more than so many at once and so many a minute."""
    allowed = pace.Pace(at_once=5, a_minute=60)
    bucket, now, through = None, 0, 0
    for gap in gaps:
        now += gap
        bucket, may = pace.taken(bucket, allowed, now)
        through += may
    assert through <= 5 + now / 1000 + 1
    assert through >= min(len(gaps), 5)


@given(st.text(codes.ALPHABET, min_size=10, max_size=10), st.integers(1, 10**6))
def test_a_text_bears_a_mark_until_it_leaves(code: str, opening: int) -> None:
    """The mark names the opening; filled, the whole link is there; no other text is touched."""
    body = f"[안부] 초대 링크: https://anbu.example.org/join/{codes.mark(opening)}"
    assert codes.marked(body) == opening
    assert codes.filled(body, code).endswith(f"/join/{code}")
    assert codes.marked("[안부 3] 김순자님 아침약 07:30까지 안 열림 (1)") is None
    assert codes.read(codes.spaced(code).upper()) == code


def test_invitations_are_counted_by_number_and_day() -> None:
    """Three a day to one number, fifty in all; tomorrow again; a clock set back counts them too."""
    accounts, number = Accounts(), "+821012345678"

    def invite(to: str, at_ms: int) -> None:
        text = ("a", to, "invitation", "…", "invitation", 0, at_ms)
        accounts.fold(TextDecided(at_ms, 1, None, *text))

    for n in range(3):
        assert accounts.invites(number, n)
        invite(number, n)
    assert not accounts.invites(number, HOUR)
    assert accounts.invites("+821099999999", HOUR)
    assert accounts.invites(number, DAY_MS + 3)
    for n in range(50):
        invite(f"+8210{n:08}", HOUR)
    assert not accounts.invites("+821099999999", HOUR)
    assert not accounts.invites("+821099999999", 0)
