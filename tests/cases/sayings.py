"""What people say, with the rule it is, and what is refused, with the word that is to blame."""

from typing import Any

from schedule_app.domain.saying import Vocabulary
from schedule_app.models.shift import SHIFT_TYPES

BOB, CAROL, DAVID, ZOE, KITCHEN, FRONT_DESK = 1, 2, 3, 5, 3, 4
VOCABULARY = Vocabulary(
    people={BOB: "Bob Worker", CAROL: "Carol Specialist", DAVID: "David Night", 4: "David Day", ZOE: "Dr. Zoë O'Neil"},
    departments={KITCHEN: "Kitchen", FRONT_DESK: "Front desk"},
    qualifications=("First aid", "Till", "Forklift, heavy"),
    shift_types=SHIFT_TYPES,
)

#: By type of rule: what is said, what the limits mean, and the rest of the rule.
UNDERSTOOD: dict[str, list[tuple[str, str, dict[str, Any]]]] = {
    "availability": [
        ("Bob never works Mondays", "Nobody works on Mondays.", {"employee_id": BOB}),
        (
            "Bob Worker does not work on Saturdays or Sundays",
            "Nobody works on Saturdays or Sundays.",
            {"employee_id": BOB},
        ),
        ("Nobody works on Sundays", "Nobody works on Sundays.", {}),
        ("nobody in the kitchen works weekends", "Nobody works on Saturdays or Sundays.", {"department_id": KITCHEN}),
        ("Carol is not available on Fridays", "Nobody works on Fridays.", {"employee_id": CAROL}),
        ("Carol has Wednesdays off", "Nobody works on Wednesdays.", {"employee_id": CAROL}),
        ("Keep Sundays free for Carol", "Nobody works on Sundays.", {"employee_id": CAROL}),
        ("No shifts on Sundays for the kitchen team", "Nobody works on Sundays.", {"department_id": KITCHEN}),
        (
            "Bob does not work on 24 December 2026",
            "Nobody works at all.",
            {"employee_id": BOB, "effective_from": "2026-12-24", "effective_until": "2026-12-24"},
        ),
        (
            "Nobody works from 24 December 2026 to 26 December 2026",
            "Nobody works at all.",
            {"effective_from": "2026-12-24", "effective_until": "2026-12-26"},
        ),
        (
            "Bob is on holiday from 2026-08-03 until 2026-08-16",
            "Nobody works at all.",
            {"employee_id": BOB, "effective_from": "2026-08-03", "effective_until": "2026-08-16"},
        ),
        ("People work only at times they are available", "People work only at times they are available.", {}),
        ("Everybody works only when they are available", "People work only at times they are available.", {}),
    ],
    "workload": [
        (
            "Carol at most 32 hours a week",
            "Nobody works more than 32 h a week or their own weekly maximum.",
            {"employee_id": CAROL},
        ),
        (
            "Carol may work up to 7.5 hours a day",
            "Nobody works more than 7 h 30 min a day or their own weekly maximum.",
            {"employee_id": CAROL},
        ),
        ("Nobody works more than 10 hours a day", "Nobody works more than 10 h a day or their own weekly maximum.", {}),
        (
            "Nobody works more than 10 hours a day or 48 hours a week",
            "Nobody works more than 10 h a day, 48 h a week or their own weekly maximum.",
            {},
        ),
        (
            "Everyone works at most five shifts per week",
            "Nobody works more than 5 shifts a week or their own weekly maximum.",
            {},
        ),
        (
            "Bob doesn't work more than one shift a day",
            "Nobody works more than 1 shift a day or their own weekly maximum.",
            {"employee_id": BOB},
        ),
        (
            "At most 40 hours a week for Bob",
            "Nobody works more than 40 h a week or their own weekly maximum.",
            {"employee_id": BOB},
        ),
        (
            "No more than 160 hours in 4 weeks",
            "Nobody works more than 160 h in 4 weeks or their own weekly maximum.",
            {},
        ),
        (
            "Carol works at least 20 hours a week",
            "Nobody works more than their own weekly maximum. Everybody works at least 20 h a week.",
            {"employee_id": CAROL},
        ),
        (
            "Everybody works at least 3 shifts a week",
            "Nobody works more than their own weekly maximum. Everybody works at least 3 shifts a week.",
            {},
        ),
        (
            "Bob works between 20 and 30 hours a week",
            "Nobody works more than 30 h a week or their own weekly maximum. Everybody works at least 20 h a week.",
            {"employee_id": BOB},
        ),
        (
            "Bob must work at least 20 hours a week and at most 30 hours a week",
            "Nobody works more than 30 h a week or their own weekly maximum. Everybody works at least 20 h a week.",
            {"employee_id": BOB},
        ),
        (
            "Nobody works more than their contract plus 5 hours a week",
            "Nobody works more than their contract plus 5 h a week or their own weekly maximum.",
            {},
        ),
        (
            "Nobody in the Kitchen works more than two shifts a day",
            "Nobody works more than 2 shifts a day or their own weekly maximum.",
            {"department_id": KITCHEN},
        ),
        (
            "Nobody works less than 10 shifts in 4 weeks",
            "Nobody works more than their own weekly maximum. Everybody works at least 10 shifts in 4 weeks.",
            {},
        ),
        (
            "Bob should work at most 4 shifts a week if possible",
            "Nobody works more than 4 shifts a week or their own weekly maximum.",
            {"employee_id": BOB, "strict": False},
        ),
    ],
    "qualification": [
        ("At least two with first aid every evening", "On evening shifts at least 2 people hold First aid.", {}),
        (
            "Every night shift needs at least one person with First aid",
            "On night shifts at least 1 person holds First aid.",
            {},
        ),
        ("Somebody with first aid on every shift", "On every shift at least 1 person holds First aid.", {}),
        (
            "On evening and night shifts at least 2 people hold Till",
            "On evening and night shifts at least 2 people hold Till.",
            {},
        ),
        ("Only people with Till work evening shifts", "Evening shifts are worked only by people who hold Till.", {}),
        (
            "Nobody works a night shift without First aid",
            "Night shifts are worked only by people who hold First aid.",
            {},
        ),
        (
            "Whoever works nights must hold First aid and Till",
            "Night shifts are worked only by people who hold First aid and Till.",
            {},
        ),
        (
            "Training shifts are worked only by people who hold Till and First aid",
            "Training shifts are worked only by people who hold Till and First aid.",
            {},
        ),
        (
            "at least 2 people trained in first aid or till on every shift",
            "On every shift at least 2 people hold any of First aid or Till.",
            {},
        ),
    ],
    "preference": [
        ("Bob likes mornings and Mondays", "Liked: morning shifts and Mondays.", {"employee_id": BOB}),
        ("Carol would rather not work nights", "Rather not: night shifts.", {"employee_id": CAROL}),
        ("David Night prefers nights", "Liked: night shifts.", {"employee_id": DAVID}),
        ("Bob doesn't like to work on Sundays", "Rather not: Sundays.", {"employee_id": BOB}),
        (
            "Bob wants to work on Saturdays",
            "Liked: Saturdays. On each of these days one is wished for.",
            {"employee_id": BOB},
        ),
        (
            "Carol wants a morning shift on 24 December 2026",
            "Liked: morning shifts. On every day one is wished for.",
            {"employee_id": CAROL, "effective_from": "2026-12-24", "effective_until": "2026-12-24"},
        ),
    ],
    "restriction": [
        ("Bob should not work evenings", "Nobody works evening shifts.", {"employee_id": BOB, "strict": False}),
        ("Nobody works emergency or training shifts", "Nobody works emergency or training shifts.", {}),
        ("Bob never works nights", "Nobody works night shifts.", {"employee_id": BOB}),
        ("No nights for Carol", "Nobody works night shifts.", {"employee_id": CAROL}),
        ("Nobody in Front desk works early shifts", "Nobody works morning shifts.", {"department_id": FRONT_DESK}),
        ("No night followed by a morning", "No morning shift begins within 24 h after a night shift.", {}),
        (
            "No night shift is followed by a morning shift within 12 hours",
            "No morning shift begins within 12 h after a night shift.",
            {},
        ),
        (
            "No morning within 11 hours after an evening shift",
            "No morning shift begins within 11 h after an evening shift.",
            {},
        ),
        ("After a night no morning", "No morning shift begins within 24 h after a night shift.", {}),
        ("Bob and Carol never together", "Bob Worker and Carol Specialist never work at the same time.", {}),
        (
            "Bob and Carol never work at the same time",
            "Bob Worker and Carol Specialist never work at the same time.",
            {},
        ),
        ("Keep Bob and Carol apart", "Bob Worker and Carol Specialist never work at the same time.", {}),
        ("Bob never works with Carol", "Bob Worker and Carol Specialist never work at the same time.", {}),
        ("Bob and Carol always work together", "Bob Worker and Carol Specialist always work at the same time.", {}),
        ("Dr. Zoë O'Neil never works nights", "Nobody works night shifts.", {"employee_id": ZOE}),
    ],
    "overtime": [
        ("Overtime begins after 40 hours a week", "Nobody works overtime, which begins after 40 h in a week.", {}),
        ("No overtime beyond 8 hours a day", "Nobody works overtime, which begins after 8 h in a day.", {}),
        ("More than 40 hours a week is overtime", "Nobody works overtime, which begins after 40 h in a week.", {}),
        (
            "Overtime begins after 8 hours a day or 40 hours a week",
            "Nobody works overtime, which begins after 8 h in a day or 40 h in a week.",
            {},
        ),
        (
            "Overtime begins after 40 hours a week and costs 25 % more",
            "Nobody works overtime, which begins after 40 h in a week. Overtime costs 25 % more.",
            {},
        ),
    ],
    "consecutive_days": [
        ("nobody more than 5 days in a row", "Nobody works more than 5 days in a row.", {}),
        ("No one works more than six consecutive days", "Nobody works more than 6 days in a row.", {}),
        ("At most 6 consecutive days", "Nobody works more than 6 days in a row.", {}),
        ("Carol works at most 4 days in a row", "Nobody works more than 4 days in a row.", {"employee_id": CAROL}),
        ("Everybody has at least 2 days off in a row", "Everybody has at least 2 days off in a row.", {}),
        ("Nobody works fewer than two days in a row", "Nobody works fewer than 2 days in a row.", {}),
        ("Nobody works more than 2 weekends in 4 weeks", "Nobody works more than 2 weekends in 4 weeks.", {}),
        ("Weekends whole or not at all", "Weekends are worked whole or not at all.", {}),
        ("Nobody works half a weekend", "Weekends are worked whole or not at all.", {}),
    ],
    "rest_period": [
        ("11 hours of rest between shifts", "Between two shifts everybody has at least 11 h of rest.", {}),
        ("At least 11 hours between two shifts", "Between two shifts everybody has at least 11 h of rest.", {}),
        (
            "Everybody rests at least 11 hours between shifts",
            "Between two shifts everybody has at least 11 h of rest.",
            {},
        ),
        ("35 hours of rest in a row each week", "Everybody has at least 35 h of rest in a row each week.", {}),
        ("Everybody has at least 35 hours off a week", "Everybody has at least 35 h of rest in a row each week.", {}),
    ],
    "fairness": [
        ("At most 2 nights apart over 4 weeks", "Over 4 weeks people's nights differ by at most 2.", {}),
        (
            "Everybody is at most 8 hours apart over 6 weeks",
            "Over 6 weeks people's hours beside their contract differ by at most 8 h.",
            {},
        ),
        (
            "Nobody has more than 1 weekend more than anybody else over 8 weeks",
            "Over 8 weeks people's weekends differ by at most 1.",
            {},
        ),
    ],
    "coverage": [
        ("At least 3 people every evening", "Evening shifts have at least 3 people.", {}),
        ("Every shift is fully staffed", "Every shift has at most 0 people missing.", {}),
        ("No shift is overstaffed", "Every shift has at most 0 people too many.", {}),
        ("At most 5 people on every shift", "Every shift has at most 5 people.", {}),
        ("Every evening on Saturdays has at least 3 people", "Evening shifts on Saturdays have at least 3 people.", {}),
        ("Night shifts have at most 1 person missing", "Night shifts have at most 1 person missing.", {}),
        (
            "At least 2 people between 18 and 22 o'clock",
            "Every shift between 18 and 22 o'clock has at least 2 people.",
            {},
        ),
        (
            "At least two people on Sundays in the Kitchen",
            "Every shift on Sundays has at least 2 people.",
            {"department_id": KITCHEN},
        ),
    ],
    "cost": [
        ("A week costs at most 5000", "A week costs at most 5000.", {}),
        ("Keep costs low", "A week costs as little as can be.", {}),
        ("at most 5,000 euros a week", "A week costs at most 5000.", {}),
        ("Keep the cost of a week under 5000", "A week costs at most 5000.", {}),
    ],
}

#: What is said, the word or words to blame, and a part of what is told about them.
REFUSED: list[tuple[str, str, str]] = [
    ("", "", "Please say a rule"),
    ("hello", "hello", "not understood"),
    ("make a good plan", "make", "no rule begins with it"),
    ("Zed never works Mondays", "Zed", "nobody's name"),
    ("David never works nights", "David", "More than one person"),
    ("Keep Bob and David apart", "David", "More than one person"),
    ("Bob never works Funday", "Funday", "not understood"),
    ("Bob never works", "works", "Something is missing"),
    ("Bob works", "works", "Something is missing"),
    ("Bob works Mondays", "Mondays", "not understood"),
    ("Bob never works nights or Mondays", "or", "not understood"),
    ("Bob never works Monday nights", "nights", "not understood"),
    ("Bob never never works nights", "never", "not understood"),
    ("Nobody in the cellar works Sundays", "cellar", "not understood"),
    ("Bob does not work on 24 December", "24", "A date has a day, a month and a year"),
    ("Bob does not work on 31 February 2026", "31", "A date has"),
    ("Bob does not work on Mon 24 December 2026", "24", "not understood"),
    ("Nobody works from 24 December 2026 to 20 December 2026", "*", "The last day comes before the first."),
    ("At least two with juggling every evening", "juggling", "no qualification"),
    ("Every shift needs first aid", "first", "not understood"),
    ("at least two first aid evening people", "first", "not understood"),
    ("Nobody works more than many days in a row", "many", "how many"),
    ("Nobody works more than 0 days in a row", "0", "from 1 to 14"),
    ("Nobody works more than 50 days in a row", "50", "from 1 to 14"),
    ("Nobody works more than 25 hours a day", "25", "from 1 min to 24 h"),
    ("At most 160 hours in 9 weeks", "9", "from 2 to 4"),
    ("At least -2 people every evening", "-", "not understood"),
    ("Carol at most 32 hours", "hours", "Something is missing"),
    ("Carol at most 32 a week", "a", "not understood"),
    ("Carol works between 40 and 30 hours a week", "40", "The least cannot be more than the most."),
    ("At least 3 people and at most 2 people every evening", "3", "The least cannot be more than the most."),
    ("Nobody works more than 5 days in a row. Nobody works more than 6 days in a row.", "6", "said twice"),
    ("Nobody works more than 5 days in a row. At least 11 hours of rest between shifts.", "At", "one at a time"),
    ("Nobody works more than 5 days in a row. Blocks. Warns.", "Warns", "in two ways"),
    ("Bob never works Mondays. Applies to everyone in Kitchen.", "*", "not both"),
    ("Bob and Bob never together", "*", "two people"),
    ("Bob and Carol never together. Bob and Carol always together.", "together", "either together or apart"),
    ("no night followed by a banana", "banana", "A kind of shift is"),
    ("no banana followed by a night", "banana", "A kind of shift is"),
    ("Bob likes Mondays. Bob dislikes Mondays.", "Mondays", "either liked or not"),
    ("11 hours", "hours", "Something is missing"),
    ("Overtime", "Overtime", "Something is missing"),
    ("Overtime costs 50 % more", "*", "After how many hours"),
    ("Share the nights fairly", "Share", "no rule begins with it"),
    ("Applies to everyone.", "*", "does not say what the rule is"),
    ("Warns, with weight 30 of 10. At most 5 days in a row", "*", "A weight is from 1 to 10."),
    ("At most 5,000.50 euros a week", "5,000.50", "not understood"),
    ("'; drop table rules; --", "'", "not understood"),
]
