"""What people say of rules: for each type the phrases it is said in. See `pattern` for how they are written.

Fields are those of the limits of the type. Beside them: `employee`, `department`, `effective_from`, `effective_until`,
`strict` and `priority` of the rule, and `_` fields, of which `building` makes limits.
"""

from typing import Final

from schedule_app.domain.saying.pattern import Patterns


def _several(item: str, joined_by: str, most: int = 8) -> str:
    """A list of something, with commas or a word between."""
    made = item
    for _ in range(most):
        made = f"{item} [[({joined_by})] {made}]"
    return made


_IN_DEPARTMENT: Final = "[(in|of|from|at) [the] {department:department} [(department|team)]]"
_A_DAY, _A_WEEK = ("[on] (a|per|each|every|in a|in one|in any|any)", "(a|per|each|every|in a|in one|in any|any)")

_PARTS: Final = {
    "everybody": "(everybody|everyone|anybody|anyone|people|staff|all people|all staff|all employees|each person"
    f"|every employee) {_IN_DEPARTMENT}"
    "|{person:employee} [alone]|[the] {department:department} (staff|people|team)",
    "nobody": f"(nobody|no one|no employee|no person|none) {_IN_DEPARTMENT}",
    "must": "[(must|may|can|shall|will|has to|have to|needs to|need to|should {no:strict})]",
    "never": "(never|does not|do not|doesn't|don't|must not|mustn't|may not|cannot|can not|can't|will not|won't"
    "|must never|may never|can never|should not {no:strict}|shouldn't {no:strict}|should never {no:strict})",
    "work": "(work|works|be working|take|takes|get|gets|do|does)",
    "for": "[for <everybody>]",
    "at_most": "(at most|no more than|not more than|never more than|up to|a maximum of|maximum|at maximum|max)",
    "at_least": "(at least|no less than|no fewer than|not less than|not fewer than|a minimum of|minimum|min)",
    "fewer": "(fewer than|less than|under|below)",
    "more": "(more than|over|above|longer than|beyond)",
    "a_day": f"({_A_DAY} day|daily)",
    "a_week": f"({_A_WEEK} week|weekly)",
    "weeks": "(in|per|every|over|within|across|in any|any) {n:period_weeks} weeks",
    "shifts": "(shift|shifts)",
    "shift": "[(shift|shifts)]",
    "of_four": "(in|of|out of) (4 weeks|four weeks|4|four)",
    "in_a_row": "(in a row|on end|running|straight|in succession|consecutively|one after another)",
    "successive": "(consecutive|successive|straight)",
    "people": "[(person|people|persons|employees|of them)]",
    "holding": "(with|holding|who hold|who holds|holding a|hold|holds|trained in|certified in|qualified in"
    "|qualified for|who have|who has|having)",
    "on": "[(on|in|at|during|for|of)]",
    "when": "from {date:effective_from} [(until|till|to|through) {date:effective_until}]"
    "|(until|till) {date:effective_until}|between {date:effective_from} and {date:effective_until}",
    "softly": "(if possible|where possible|when possible|preferably|ideally|if it can be had) {no:strict}",
    "most": "{length:max_minutes_per_day} [of work] <a_day>|{length:max_minutes_per_week} [of work] <a_week>"
    "|{n:max_shifts_per_day} <shifts> <a_day>|{n:max_shifts_per_week} <shifts> <a_week>"
    "|{length:max_minutes_per_period} <weeks>|{n:max_shifts_per_period} <shifts> <weeks>"
    "|(their|the) contract (plus {length:max_over_contract} [<a_week>]|{zero:max_over_contract})"
    "|{length:max_over_contract} [<a_week>] (over|above|beyond|more than) (their|the) contract"
    "|their own [weekly] maximum",
    "least": "{length:min_minutes_per_day} a day worked|{length:min_minutes_per_day} on [(a|any|every)] day worked"
    "|{length:min_minutes_per_week} [of work] <a_week>|{n:min_shifts_per_week} <shifts> <a_week>"
    "|{length:min_minutes_per_period} <weeks>|{n:min_shifts_per_period} <shifts> <weeks>"
    "|(their|the) contract (less {length:max_under_contract} [<a_week>]|{zero:max_under_contract})",
    "most_all": _several("<most>", "and|or|nor"),
    "least_all": _several("<least>", "and|or"),
    "after": "{length:daily_minutes} <overtime_day>|{length:weekly_minutes} <overtime_week>",
    "overtime_day": "(a|per|each|every|in a|in one) day|daily",
    "overtime_week": "(a|per|each|every|in a|in one) week|weekly",
    "after_all": _several("<after>", "and|or", 1),
    "every_shift": "(every shift|each shift|all shifts|any shift|a shift|shifts)",
    "which": "(<every_shift>|[(every|each|all)] {kinds:shift_types})",
    "which_on": "<which> [[on] {days:weekdays}] [<hours>]|[on] {days:weekdays} <which>"
    "|[on] {days:weekdays} [<hours>]|<hours>",
    "hours": "(between {hour:from_hour} and {hour:until_hour}|from {hour:from_hour} (to|until) {hour:until_hour})"
    " [o'clock]",
    "staffed": "<at_least> {n:min_people} (person|people|persons|employees)"
    "|<at_most> {n:max_people} (person|people|persons|employees)"
    "|<at_most> {n:max_short} (person|people|persons|employees) missing"
    "|<at_most> {n:max_over} (person|people|persons|employees) too many",
    "staffed_all": _several("<staffed>", "and", 3),
    "apart": "[hours] beside their contract [(differ|differs)] by at most {length:max_minutes_apart}"
    "|nights [(differ|differs)] by at most {n:max_nights_apart}"
    "|weekends [(differ|differs)] by at most {n:max_weekends_apart}"
    "|unpopular <shifts> [(differ|differs)] by at most {n:max_unpopular_apart}",
    "apart_all": _several("<apart>", "and", 3),
    "over_weeks": "(over|in|within|across) {n:weeks} (week|weeks)",
    "measure": "{length:max_minutes_apart} [beside their contract]|{n:max_nights_apart} (night|nights)"
    "|{n:max_weekends_apart} (weekend|weekends)",
}

PHRASES: Final[dict[str, tuple[str, ...]]] = {
    "availability": (
        "<everybody> <must> <work> only (at times|when) [they are|she is|he is] available {yes:weekly_times}",
        "<everybody> <must> only <work> (at times|when) [they are|she is|he is] available {yes:weekly_times}",
        "<nobody> <must> <work> when [they are] (not available|unavailable) {yes:weekly_times}",
        "times they would rather not work are pointed out {yes:warn_disliked}",
        "<everybody> <never> <work> [on] {days:closed_weekdays}",
        "<nobody> <must> <work> [on] {days:closed_weekdays}",
        "no (work|shifts) on {days:closed_weekdays} <for>",
        "<everybody> (is|are) (not available|unavailable|off|never available|free) [on] {days:closed_weekdays}",
        "<everybody> (has|have) {days:closed_weekdays} off",
        "keep {days:closed_weekdays} free <for>",
        "<everybody> <never> <work> at all {all:closed_weekdays}",
        "<nobody> <must> <work> at all {all:closed_weekdays}",
        "<everybody> <never> <work> {all:closed_weekdays} (on {date:_on}|<when>)",
        "<nobody> <must> <work> {all:closed_weekdays} (on {date:_on}|<when>)",
        "<everybody> (is|are) (not available|unavailable|off|away|on holiday|on leave) {all:closed_weekdays}"
        " (on {date:_on}|<when>)",
    ),
    "workload": (
        "<everybody> <must> [<work>] <at_most> <most_all>",
        "<everybody> <never> <work> <more> <most_all>",
        "<nobody> <must> [<work>] <more> <most_all>",
        "<at_most> <most_all> <for>",
        "<everybody> <must> [<work>] <at_least> <least_all>",
        "<everybody> <never> <work> <fewer> <least_all>",
        "<nobody> <must> [<work>] <fewer> <least_all>",
        "<at_least> <least_all> <for>",
        "<everybody> <must> [<work>] <at_least> <least_all> and <at_most> <most_all>",
        "<everybody> <must> [<work>] between {n:min_shifts_per_week} and {n:max_shifts_per_week} <shifts> <a_week>",
        "<everybody> <must> [<work>] between {hourcount:min_minutes_per_week} and {length:max_minutes_per_week}"
        " <a_week>",
    ),
    "qualification": (
        "(every shift is|{kinds:shift_types} are) worked only by people who hold {quals:_quals}",
        "only people <holding> {quals:_quals} <must> <work> (<every_shift>|{kinds:shift_types})",
        "<nobody> <must> <work> (<every_shift>|{kinds:shift_types}) without {quals:_quals}",
        "(everybody|everyone|whoever is|whoever works) [(on|who works|working)] (<every_shift>|{kinds:shift_types})"
        " (needs|must hold|must have|has to hold|holds) {quals:_quals}",
        "on <which> <at_least> {n:min_people} <people> <holding> {quals:_quals}",
        "<at_least> {n:min_people} <people> <holding> {quals:_quals} <on> <which>",
        "<which> <must> (needs|need|has|have|hold|requires|require) <at_least> {n:min_people} <people> <holding>"
        " {quals:_quals}",
        "(somebody|someone) <holding> {quals:_quals} <on> <which> {one:min_people}",
        "<which> <must> (needs|need|has|have|requires|require) (somebody|someone) <holding> {quals:_quals}"
        " {one:min_people}",
    ),
    "preference": (
        "liked {liked:_wanted}",
        "rather not {liked:_unwanted}",
        "on each of these days one is wished for {yes:wants_each}",
        "on every day one is wished for {yes:wants_each}",
        "no wishes are set",
        "<everybody> (likes|like|prefers|prefer|would like|enjoys) [to] [(work|working)] [on] {liked:_wanted}",
        "<everybody> (dislikes|dislike|hates|would rather not|would prefer not to|prefers not to|does not like"
        "|doesn't like) [to] [(work|working)] [on] {liked:_unwanted}",
        "<everybody> (wants|want|wishes|wish) [to] [(work|for)] {kind:_wanted_kind} on {days:wanted_weekdays}"
        " {yes:wants_each}",
        "<everybody> (wants|want|wishes|wish) to work on {days:wanted_weekdays} {yes:wants_each}",
        "<everybody> (wants|want|wishes|wish) to work on {date:_on} {yes:wants_each}",
        "<everybody> (wants|want|wishes|wish) [to] [(work|for)] {kind:_wanted_kind} on {date:_on} {yes:wants_each}",
    ),
    "restriction": (
        "<everybody> <never> <work> {kinds:forbidden_shift_types}",
        "<nobody> <must> <work> {kinds:forbidden_shift_types}",
        "no {kinds:forbidden_shift_types} for <everybody>",
        "no {kind:_before} [(may be|can be|must be|is)] [(directly|immediately)] (followed by|then|before)"
        " {kind:_after} [(the next day|the day after)] [within {length:_within}]",
        "no {kind:_after} [(begins|starts)] [(right|directly|immediately)] [(within|less than) {length:_within}]"
        " after {kind:_before}",
        "(never|no) {kind:_after} (the day after|after) {kind:_before} [within {length:_within}]",
        "<nobody> <must> <work> {kind:_after} [(right|directly)] [(within|less than) {length:_within}] after"
        " {kind:_before}",
        "after {kind:_before} no {kind:_after} [within {length:_within}]",
        "{person:_one} and {person:_other} <never> [<work>] (together|at the same time|with each other) {no:_together}",
        "{person:_one} <never> <work> ([together] with|at the same time as|alongside) {person:_other} {no:_together}",
        "keep {person:_one} and {person:_other} apart {no:_together}",
        "{person:_one} and {person:_other} (always|only|must|must always) [<work>] (together|at the same time)"
        " {yes:_together}",
        "keep {person:_one} and {person:_other} together {yes:_together}",
    ),
    "overtime": (
        "<nobody> works overtime which (begins|starts) after <after_all>",
        "overtime (begins|starts|counts) (after|beyond|from|at) <after_all> <for>",
        "no overtime [(after|beyond|above)] <after_all> <for>",
        "more than <after_all> (is|are|counts as) overtime",
        "(overtime|it) costs {n:premium_percent} (%|percent) (more|extra)",
        "overtime (begins|starts|counts) (after|beyond|from|at) <after_all> and costs {n:premium_percent} (%|percent)"
        " (more|extra)",
        "everything (over|above|beyond) <after_all> (is|counts as) overtime",
    ),
    "consecutive_days": (
        "<nobody> <must> [<work>] <more> {n:max_days} (day|days) <in_a_row>",
        "<nobody> <must> [<work>] <more> {n:max_days} <successive> days",
        "<everybody> <never> <work> <more> {n:max_days} (day|days) <in_a_row>",
        "<everybody> <must> [<work>] <at_most> {n:max_days} (day|days) <in_a_row>",
        "<everybody> <must> [<work>] <at_most> {n:max_days} <successive> days",
        "<at_most> {n:max_days} (day|days) <in_a_row> <for>",
        "<at_most> {n:max_days} <successive> days [<in_a_row>] <for>",
        "<nobody> <must> [<work>] <fewer> {n:min_days} days <in_a_row>",
        "<everybody> <must> [<work>] <at_least> {n:min_days} days <in_a_row>",
        "<everybody> <must> (has|have|gets|get) <at_least> {n:min_days_off} (days off|free days) [<in_a_row>]",
        "<at_least> {n:min_days_off} (days off|free days) <in_a_row> <for>",
        "<nobody> <must> [<work>] <more> {n:max_weekends} (weekend|weekends) <of_four>",
        "<everybody> <must> [<work>] <at_most> {n:max_weekends} (weekend|weekends) <of_four>",
        "<at_most> {n:max_weekends} (weekend|weekends) <of_four> <for>",
        "weekends are worked whole or not at all {yes:whole_weekends}",
        "<everybody> <must> <work> [(whole weekends|weekends whole)] or not at all {yes:whole_weekends}",
        "(only whole weekends|whole weekends only|no half weekends|weekends whole or not at all) {yes:whole_weekends}",
        "<nobody> <must> <work> (half a weekend|half weekends) {yes:whole_weekends}",
    ),
    "rest_period": (
        "a shift may begin when another ends {zero:min_minutes}",
        "between [two] shifts <everybody> (has|have|rests|gets|needs) [<at_least>] {length:min_minutes} [of] [rest]",
        "[<at_least>] {length:min_minutes} [of] [(rest|off)] between [two|any two] shifts <for>",
        "<everybody> <must> (has|have|rests|rest|gets|get|needs|need) [<at_least>] {length:min_minutes} [of]"
        " [(rest|off)] between [two|any two] shifts",
        "<everybody> <must> (has|have|gets|get|needs|need|rests|rest) [<at_least>] {length:weekly_minutes} [of]"
        " [(rest|free|off)] [in a row] <a_week>",
        "[<at_least>] {length:weekly_minutes} [of] (rest|free|off) [in a row] <a_week> <for>",
        "(weekly rest|weekly rest of|a weekly rest of) [<at_least>] {length:weekly_minutes} <for>",
    ),
    "fairness": (
        "<over_weeks> people's <apart_all>",
        "unpopular are {kinds:unpopular_shift_types}",
        "<everybody> <must> (is|are|be) <at_most> <measure> apart [<over_weeks>]",
        "<at_most> <measure> apart [<over_weeks>] <for>",
        "<nobody> <must> [<work>] (has|have|works|work|gets|get) more than <measure> more than"
        " (anybody else|anyone else|others|somebody else|another) [<over_weeks>]",
    ),
    "coverage": (
        "<which_on> <must> (has|have|needs|need|requires|require) <staffed_all>",
        "<staffed_all> <on> <which_on>",
        "<which_on> <must> (is|are|be) (fully staffed|filled|full|fully covered) {zero:max_short}",
        "no (shift is|shifts are) (understaffed|short|short of people) {zero:max_short}",
        "(nobody|no one) is missing <on> <which_on> {zero:max_short}",
        "no (shift is|shifts are) overstaffed {zero:max_over}",
        "never more than {n:max_people} people <on> <which_on>",
        "never fewer than {n:min_people} people <on> <which_on>",
    ),
    "cost": (
        "(a|the|each|every) week costs at most {money:max_per_week}",
        "(a|the|each|every) week costs as little as (can be|possible)",
        "(spend|pay) <at_most> {money:max_per_week} <a_week>",
        "<at_most> {money:max_per_week} [(euros|euro|dollars|pounds)] <a_week>",
        "keep [the] (cost|costs) [(of a week|of the week|of each week)] (below|under|at most|at|to)"
        " {money:max_per_week} [<a_week>]",
        "keep [the] (cost|costs) (low|down|as low as possible)",
        "as cheap as (can be|possible)",
    ),
}

#: What is said of any rule: for whom it is, since when, and how hard.
OF_ANY: Final = (
    "applies to (everyone|everybody) [in {department:department}] [<when>]",
    "applies to {person:employee} alone [<when>]",
    "blocks {yes:strict}",
    "must hold for each week {yes:strict}",
    "warns with weight {n:priority} of 10 {no:strict}",
    "warns {no:strict}",
)

PATTERNS: Final = Patterns(_PARTS)
#: Said at the end of any phrase.
AFTER: Final = "[in [the] {department:department}] [<when>] [<softly>]"
