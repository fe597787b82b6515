"""Each fault of a protocol gives exactly one line, which names the key and says what to do"""

import re

import pytest

from tests.spec.protocol.edits import GOOD, edited, edits
from trial.protocol import ProtocolError
from trial.services.protocol import check

BROKEN = edits(
    r'''
# keys: an unknown one, with a suggestion
- title = "Factual or
+ titel = "Factual or
= study.titel: is not a key here; did you mean title?

# keys: an unknown one, without
- registry = "none: a demonstration"
+ xxxx = "none: a demonstration"
= study.xxxx: is not a key here; docs/protocol.md lists those that are

# keys: an unknown one in a table of few
@ [[sites]]
- name = "North clinic"
+ xxxx = "North clinic"
= sites[0].xxxx: is not a key here; use code or name

# keys: an unknown table
- [debriefing]
+ [debriefings]
= debriefings: is not a key here; did you mean debriefing?

# keys: an odd one in quotation marks
- registry =
+ "a\tb c" = 1
+ registry =
= study."a\tb c": is not a key here; docs/protocol.md lists those that are

# keys: one that the format has no room for
- format = 1
+ format = 1
+ sha256 = "00"
= sha256: is not a key here; docs/protocol.md lists those that are

# keys: one is missing
- timezone = "Europe/Berlin"
= study.timezone: is missing; add it

# keys: one is missing in a list
@ code = "02"
- name = "Lake hospital"
= sites[1].name: is missing; add it

# types: a text instead of a number
- planned = 120
+ planned = "120"
= study.planned: must be a whole number

# types: a truth value is no number
@ code = "reassuring"
- ratio = 1
+ ratio = true
= arms[1].ratio: must be a whole number

# types: 1.0 is no whole number
- ratio = 1
+ ratio = 1.0
= arms[0].ratio: must be a whole number

# types: a number is no truth value
- reference = true
+ reference = 1
= arms[0].reference: must be true or false

# types: a number instead of a text
- label = "Factual wording"
+ label = 7
= arms[0].label: must be a text in quotation marks

# types: a date in quotation marks
- date = 2026-01-15
+ date = "2026-01-15"
= consent.date: must be a date such as 2026-01-15

# types: a date with a time
- date = 2026-01-15
+ date = 2026-01-15T10:00:00
= consent.date: must be a date such as 2026-01-15

# types: one table instead of a list
- [[sites]]
- code = "01"
- name = "North clinic"
-
- [[sites]]
- code = "02"
- name = "Lake hospital"
-
- [[sites]]
+ [sites]
= sites: must be a list of tables, each under [[…]]

# types: a text instead of a list
- block_sizes = [4, 6]
+ block_sizes = "4, 6"
= randomization.block_sizes: must be a list

# types: a text in a list of numbers
- block_sizes = [4, 6]
+ block_sizes = [4, "6"]
= randomization.block_sizes[1]: must be a whole number

# types: the cut of a level is no number
- below = 30
+ below = nan
= factors[0].levels[0].below: must be a finite number

# types: a truth value is no cut
- below = 30
+ below = true
= factors[0].levels[0].below: must be a number

# format: a later one
- format = 1
+ format = 2
= format: must be 1

# study: its code has a space
- code = "REASSURE"
+ code = "RE ASSURE"
= study.code: "RE ASSURE" must be 1 to 32 letters A to Z, digits, _ or -

# study: its code is not ASCII
- code = "REASSURE"
+ code = "BERUHIGÜ"
= study.code: "BERUHIGÜ" must be 1 to 32 letters A to Z, digits, _ or -

# study: a long code is not repeated whole
- code = "REASSURE"
+ code = "REASSUREREASSUREREASSUREREASSUREREASSUREREASSUREREASSUREREASSURE"
= study.code: "REASSUREREASSUREREASSUREREASSUREREASSUREREASSUREREASSUREREA…"
= must be 1 to 32 letters A to Z, digits, _ or -

# study: an empty title
- title = "Factual or reassuring wording of lumbar MRI reports: a randomized trial"
+ title = "  "
= study.title: is empty; give a text

# study: a title of two lines
- title = "Factual or reassuring
+ title = "Factual or\nreassuring
= study.title: must be one line without control characters

# study: a title that turns the line round
- title = "Factual or reassuring
+ title = "Factual or \u202Ereassuring
= study.title: must be one line without control characters

# study: a title with a space at its end
- a randomized trial"
+ a randomized trial "
= study.title: must not begin or end with a space

# study: an unknown kind
- kind = "synthetic"
+ kind = "demo"
= study.kind: "demo" is not known; use live, training or synthetic

# study: live, but not registered
- kind = "synthetic"
+ kind = "live"
= study.registry: a live study must be registered; give its number, such as NCT01234567

# study: a language that the pages do not speak
- language = "en"
+ language = "tlh"
= study.language: "tlh" is not known; use en

# study: no such time zone
- timezone = "Europe/Berlin"
+ timezone = "Europe/Berlinn"
= study.timezone: must be a time zone of the IANA list, such as Europe/Berlin

# study: a folder of time zones
- timezone = "Europe/Berlin"
+ timezone = "America/Argentina"
= study.timezone: must be a time zone of the IANA list, such as Europe/Berlin

# study: a file that is no time zone
- timezone = "Europe/Berlin"
+ timezone = "../../etc/passwd"
= study.timezone: must be a time zone of the IANA list, such as Europe/Berlin

# study: a time zone as the machine has it set
- timezone = "Europe/Berlin"
+ timezone = "localtime"
= study.timezone: must be a time zone of the IANA list, such as Europe/Berlin

# study: nobody is planned
- planned = 120
+ planned = 0
= study.planned: must lie between 1 and 1000000

# sites: a code of nine characters
- code = "03"
+ code = "northwest"
= sites[2].code: "northwest" must be 1 to 8 letters A to Z, digits, _ or -

# sites: one is there twice
- code = "03"
+ code = "01"
= sites[2].code: "01" is there twice; each may stand once

# arms: only one
- [[arms]]
- code = "reassuring"
- label = "Reassuring wording"
- ratio = 1
= arms: must be two or more

# arms: one is there twice
- code = "reassuring"
+ code = "factual"
= arms[1].code: "factual" is there twice; each may stand once

# arms: two of one name
- label = "Reassuring wording"
+ label = "Factual wording"
= arms[1].label: "Factual wording" is there twice; each may stand once

# arms: a ratio of nothing
- ratio = 1
+ ratio = 0
= arms[0].ratio: must lie between 1 and 20

# arms: no reference
- reference = true
+ reference = false
= arms: 0 are the reference; exactly one must have reference = true

# arms: two references
@ code = "reassuring"
- ratio = 1
+ ratio = 1
+ reference = true
= arms: 2 are the reference; exactly one must have reference = true

# eligibility: neither inclusion nor exclusion
@ id = "mri"
- kind = "inclusion"
+ kind = "inclusive"
= eligibility[2].kind: "inclusive" is not known; use inclusion or exclusion

# eligibility: a criterion is there twice
- id = "surgery"
+ id = "deficit"
= eligibility[6].id: "deficit" is there twice; each may stand once

# red flags: one is there twice
- id = "cord"
+ id = "cauda-equina"
= red_flags[1].id: "cauda-equina" is there twice; each may stand once

# consent: its text is empty
- text = """
- You have had an MRI of your lower back. We study how such reports are best written. You will read a \
- written version of your own report and answer questions about your pain four times in twelve weeks. \
- Your treatment does not change. You can have the full report at any time, and you can stop at any time \
- without giving a reason."""
+ text = " "
= consent.text: is empty; give a text

# consent: its text has a control character
- You have had an MRI
+ You have had\u0007 an MRI
= consent.text: must not hold control characters

# consent: a long version
- version = "1.0"
+ version = "the first of all versions"
= consent.version: must have 20 characters or fewer

# randomization: an unknown design
- design = "permuted-blocks"
+ design = "alternation"
= randomization.design: "alternation" is not known; use permuted-blocks, simple, biased-coin,
= big-stick, wei-urn, block-urn, maximal or minimization

# randomization: a block that the arms do not share evenly
- block_sizes = [4, 6]
+ block_sizes = [4, 5]
= randomization.block_sizes[1]: must be a multiple of 2, the sum of the arms' ratio

# randomization: a block that an unequal ratio does not share
@ code = "reassuring"
- ratio = 1
+ ratio = 2
= randomization.block_sizes[0]: must be a multiple of 3, the sum of the arms' ratio

# randomization: no block size
- block_sizes = [4, 6]
+ block_sizes = []
= randomization.block_sizes: is empty; give at least one

# randomization: a size twice
- block_sizes = [4, 6]
+ block_sizes = [4, 4]
= randomization.block_sizes[1]: "4" is there twice; each may stand once

# randomization: a block of one
- block_sizes = [4, 6]
+ block_sizes = [1, 4]
= randomization.block_sizes[0]: must lie between 2 and 200

# randomization: a parameter of another design
- block_sizes = [4, 6]
+ block_sizes = [4, 6]
+ limit = 3
= randomization.limit: is no parameter of permuted-blocks; leave it out

# randomization: a parameter of no design
- block_sizes = [4, 6]
+ block_sizes = [4, 6]
+ seed = 3
= randomization.seed: is not a key here; docs/protocol.md lists those that are

# randomization: simple randomization has no blocks
- design = "permuted-blocks"
+ design = "simple"
= randomization.block_sizes: is no parameter of simple; leave it out

# randomization: a biased coin without its bias
- design = "permuted-blocks"
- block_sizes = [4, 6]
+ design = "biased-coin"
= randomization.p: is missing; add it

# randomization: a fraction of one number
- design = "permuted-blocks"
- block_sizes = [4, 6]
+ design = "biased-coin"
+ p = [2]
= randomization.p: a numerator and a denominator, both whole numbers

# randomization: a fraction that is no whole numbers
- design = "permuted-blocks"
- block_sizes = [4, 6]
+ design = "biased-coin"
+ p = [0.67, 1]
= randomization.p[0]: must be a whole number

# randomization: a coin that favours nothing
- design = "permuted-blocks"
- block_sizes = [4, 6]
+ design = "biased-coin"
+ p = [1, 2]
= randomization.p: no more than what the smallest arm gets anyway; nothing would be favoured

# randomization: a stick of no length
- design = "permuted-blocks"
- block_sizes = [4, 6]
+ design = "big-stick"
+ limit = 0
= randomization.limit: a whole number from 1 to 1000

# randomization: an urn to which nothing is added
- design = "permuted-blocks"
- block_sizes = [4, 6]
+ design = "wei-urn"
+ start = 1
+ added = 0
= randomization.added: a whole number from 1 to 1000

# randomization: an urn whose start is not said
- design = "permuted-blocks"
- block_sizes = [4, 6]
+ design = "wei-urn"
+ added = 1
= randomization.start: is missing; add it

# randomization: an urn of no balls
- design = "permuted-blocks"
- block_sizes = [4, 6]
+ design = "block-urn"
+ sets = 0
= randomization.sets: a whole number from 1 to 1000

# randomization: a run that the ratio does not share
- design = "permuted-blocks"
- block_sizes = [4, 6]
+ design = "maximal"
+ length = 21
+ limit = 3
= randomization.length: a multiple of 2, the sum of the ratio, up to 1000

# randomization: a measure that there is not
- design = "permuted-blocks"
- block_sizes = [4, 6]
+ design = "minimization"
+ p = [4, 5]
+ measure = "entropy"
+ weights = { site = 1, catastrophizing = 1 }
= randomization.measure: one of range, variance

# randomization: minimization that weighs nothing
- design = "permuted-blocks"
- block_sizes = [4, 6]
+ design = "minimization"
+ p = [4, 5]
+ measure = "range"
+ weights = {}
+ within = ["site", "catastrophizing"]
= randomization.weights: one or more factors, each with a whole number from 1 to 1000

# randomization: minimization with a weight of nothing
- design = "permuted-blocks"
- block_sizes = [4, 6]
+ design = "minimization"
+ p = [4, 5]
+ measure = "range"
+ weights = { site = 1, catastrophizing = 0 }
= randomization.weights: one or more factors, each with a whole number from 1 to 1000

# randomization: minimization with a weight that is no whole number
- design = "permuted-blocks"
- block_sizes = [4, 6]
+ design = "minimization"
+ p = [4, 5]
+ measure = "range"
+ weights = { site = 1, catastrophizing = true }
= randomization.weights.catastrophizing: must be a whole number

# randomization: minimization that weighs what is no factor
- design = "permuted-blocks"
- block_sizes = [4, 6]
+ design = "minimization"
+ p = [4, 5]
+ measure = "range"
+ weights = { site = 1, catastrophizing = 1, age = 1 }
= randomization.weights.age: is not in stratify_by; add it there or drop it here

# randomization: minimization within what is no factor
- design = "permuted-blocks"
- block_sizes = [4, 6]
+ design = "minimization"
+ p = [4, 5]
+ measure = "range"
+ weights = { site = 1, catastrophizing = 1 }
+ within = ["centre"]
= randomization.within[0]: "centre" is not in stratify_by

# randomization: minimization that forgets a factor
- design = "permuted-blocks"
- block_sizes = [4, 6]
+ design = "minimization"
+ p = [4, 5]
+ measure = "range"
+ weights = { site = 1 }
= randomization.stratify_by[1]: "catastrophizing" is neither in weights nor in within

# randomization: stratified by what is no factor
- stratify_by = ["site", "catastrophizing"]
+ stratify_by = ["site", "age"]
= randomization.stratify_by[1]: "age" is neither "site" nor the code of a factor

# randomization: stratified twice by the same
- stratify_by = ["site", "catastrophizing"]
+ stratify_by = ["site", "site"]
= randomization.stratify_by[1]: "site" is there twice; each may stand once

# randomization: more strata than participants
- planned = 120
+ planned = 5
= randomization.stratify_by: makes 6 strata for 5 participants; use fewer or coarser factors

# factors: one that nothing is stratified by
- stratify_by = ["site", "catastrophizing"]
+ stratify_by = ["site"]
= factors[0].code: is not in randomization.stratify_by; add it or drop the factor

# factors: the name of the sites
- code = "catastrophizing"
+ code = "site"
= factors[0].code: "site" is taken: it stands for the sites; choose another code

# factors: measured after the randomization
- visit = "BL"
+ visit = "W1"
= factors[0].visit: must be BL, the visit before the randomization

# factors: measured at no visit
- visit = "BL"
+ visit = "W2"
= factors[0].visit: must be BL, the visit before the randomization

# factors: cut from a score that no questionnaire of the visit gives
- score = "PCSTOT"
+ score = "ODITOT"
= factors[0].score: "ODITOT" is not a score of any questionnaire of visit BL

# factors: a cut that nobody is under
- below = 30
+ below = 0
= factors[0].levels[0].below: must be above 0 and at most 52, the range of PCSTOT

# factors: one level
- { code = "low", label = "below 30", below = 30 },
= factors[0].levels: must be two or more

# factors: the last level does not take the rest
- label = "30 or more" }
+ label = "30 or more", below = 53 }
= factors[0].levels[1].below: leave it out: the last level takes all the rest

# factors: an earlier level takes all
- label = "below 30", below = 30 }
+ label = "below 30" }
= factors[0].levels[0].below: is missing; only the last level takes all the rest

# factors: the levels do not rise
- { code = "low", label = "below 30", below = 30 },
+ { code = "low", label = "below 30", below = 30 }, { code = "mid", label = "below 30", below = 30 },
= factors[0].levels[1].below: must be more than the level before it

# factors: a level twice
- code = "high"
+ code = "low"
= factors[0].levels[1].code: "low" is there twice; each may stand once

# visits: a code of nine characters
- code = "W12"
+ code = "week-12-of-12"
= visits[3].code: "week-12-of-12" must be 1 to 8 letters A to Z, digits, _ or -

# visits: one is there twice
@ label = "Week 1"
- code = "W6"
+ code = "W1"
= visits[2].code: "W1" is there twice; each may stand once

# visits: an unknown anchor
- anchor = "consent"
+ anchor = "screening"
= visits[0].anchor: "screening" is not known; use consent or randomization

# visits: no baseline
- anchor = "consent"
+ anchor = "randomization"
= visits: there is no baseline; give the first visit the anchor "consent"

# visits: a second baseline
@ code = "W6"
- anchor = "randomization"
+ anchor = "consent"
= visits[2].anchor: only the first visit may have the anchor "consent"

# visits: the baseline is not the first
- anchor = "consent"
- day = 0
- opens = 0
- closes = 14
- instruments = ["PCS", "NRS24H", "RMDQ24", "PSEQ2"]
-
- [[visits]]
- code = "W1"
- label = "Week 1"
- anchor = "randomization"
+ anchor = "randomization"
+ day = 0
+ opens = 0
+ closes = 1
+ instruments = ["PCS", "NRS24H", "RMDQ24", "PSEQ2"]
+
+ [[visits]]
+ code = "W1"
+ label = "Week 1"
+ anchor = "consent"
= visits[1].anchor: the baseline must be the first visit

# visits: no follow-up
- anchor = "consent"
- day = 0
- opens = 0
- closes = 14
- instruments = ["PCS", "NRS24H", "RMDQ24", "PSEQ2"]
-
- [[visits]]
- code = "W1"
- label = "Week 1"
- anchor = "randomization"
- day = 7
- opens = -2
- closes = 5
- instruments = ["PCS", "NRS24H", "RMDQ24", "PSEQ2"]
-
- [[visits]]
- code = "W6"
- label = "Week 6"
- anchor = "randomization"
- day = 42
- opens = -7
- closes = 7
- instruments = ["PCS", "NRS24H", "RMDQ24", "PSEQ2"]
-
- [[visits]]
- code = "W12"
- label = "Week 12"
- anchor = "randomization"
- day = 84
- opens = -7
- closes = 14
+ anchor = "consent"
+ day = 0
+ opens = 0
+ closes = 14
= visits: there is no follow-up; give one the anchor "randomization"

# visits: it opens after it is due
- opens = -2
+ opens = 2
= visits[1].opens: must be 0 or less: days before the due day, such as -2

# visits: it closes before it is due
- closes = 5
+ closes = -5
= visits[1].closes: must be 0 or more: days after the due day

# visits: it opens before the randomization
- opens = -2
+ opens = -8
= visits[1].opens: must not reach back before the randomization

# visits: the days do not rise
- day = 42
+ day = 7
= visits[2].day: must be after day 7, the visit before it

# visits: two windows overlap
- closes = 5
+ closes = 28
= visits[2].opens: the window opens on day 35, but the one before it closes on day 35

# visits: too far away
- day = 84
+ day = 84000
= visits[3].day: must lie between 0 and 3660

# visits: it never closes
@ day = 84
- closes = 14
+ closes = 99999
= visits[3].closes: must be 3660 or less

# visits: a questionnaire that the catalogue has not
- instruments = ["PCS", "NRS24H", "RMDQ24", "PSEQ2"]
+ instruments = ["PCS", "NRS24H", "ODI", "PSEQ2"]
= visits[0].instruments[2]: "ODI" is not in the catalogue; use NRS24H, PCS, PSEQ2 or RMDQ24

# visits: questions that look back before the randomization
- day = 7
- opens = -2
+ day = 2
+ opens = -2
= visits[1].instruments[1]: NRS24H looks back 24 hours, before the randomization
= when the visit opens on day 0; open it later

# visits: nothing is asked
@ code = "W1"
- instruments = ["PCS", "NRS24H", "RMDQ24", "PSEQ2"]
+ instruments = []
= visits[1].instruments: is empty; give at least one

# visits: a questionnaire twice
- instruments = ["PCS", "NRS24H", "RMDQ24", "PSEQ2"]
+ instruments = ["PCS", "NRS24H", "RMDQ24", "PCS"]
= visits[0].instruments[3]: "PCS" is there twice; each may stand once

# estimands: one is there twice
- id = "pain-6w"
+ id = "function-6w"
= estimands[2].id: "function-6w" is there twice; each may stand once

# estimands: without one of the five attributes
@ [[estimands]]
- summary = "Difference between arms in mean, adjusted for the baseline score and the site"
= estimands[0].summary: is missing; add it

# estimands: no intercurrent event was thought of
- intercurrent = [{ event = "Any", strategy = "treatment policy" }]
+ intercurrent = []
= estimands[1].intercurrent: is empty; give at least one

# estimands: no strategy of ICH E9(R1)
- { event = "Read the full radiology report", strategy = "treatment policy" }
+ { event = "Read the full radiology report", strategy = "ignore" }
= estimands[0].intercurrent[1].strategy: "ignore" is not known; use treatment policy,
= hypothetical, composite, while on treatment or principal stratum

# plan: no title
- title = "Analysis plan 1.0"
= plan.title: is missing

# plan: its own estimands
- [plan.data]
+ [[plan.estimands]]
+ id = "mine"
+
+ [plan.data]
= plan.estimands: must stand outside the plan, as [[estimands]]

# plan: an unknown key
- alpha = 0.05
+ alpha = 0.05
+ alhpa = 0.05
= plan.alhpa: this key is not known here

# plan: an odd key
- alpha = 0.05
+ alpha = 0.05
+ "\u000a\u0007" = 0.05
= plan.\n\x07: this key is not known here

# plan: alpha is no share
- alpha = 0.05
+ alpha = 5.0
= plan.alpha: must lie between 0 and 1, such as 0.05

# plan: a column that is named otherwise in the dataset
- participant = "USUBJID"
+ participant = "ID"
= plan.data.participant: must be USUBJID, as in the dataset

# plan: another name of the sites
- site = "SITEID"
+ site = "CENTRE"
= plan.data.site: must be SITEID, as in the dataset

# plan: an arm that is none of the protocol's
- arms = { factual = "Factual wording", reassuring = "Reassuring wording" }
+ arms = { factual = "Factual wording", soothing = "Soothing wording" }
= plan.data.arms: must be factual, reassuring, the arms in their order

# plan: another reference
- reference = "factual"
+ reference = "reassuring"
= plan.data.reference: must be factual, the reference arm

# plan: the visits in another order
- visits = ["BL", "W1", "W6", "W12"]
+ visits = ["BL", "W1", "W12", "W6"]
= plan.data.visits: must be BL, W1, W6, W12, the visits in their order

# plan: no baseline
- baseline_visit = "BL"  
= plan.data.baseline_visit: must be BL, the visit before the randomization

# plan: a row of the baseline table that is measured later
- baseline = ["AGE", "SEX", "PCSTOT_BL",
+ baseline = ["AGE", "SEX", "PCSTOT",
= plan.data.baseline[2]: "PCSTOT" is not known before the randomization

# plan: a label for no column
- labels = {
+ labels = { AGES = "Age",
= plan.data.labels: "AGES" is neither a column of the dataset nor a visit

# plan: a class that is no column
- [plan.data]
+ [plan.data]
+ categorical = ["AGEGR1"]
= plan.data.categorical[0]: "AGEGR1" is not known before the randomization

# plan: an outcome that is no score
@ id = "primary"
- outcome = "PCSTOT"
+ outcome = "PCSSUM"
= plan.analyses[0].outcome: "PCSSUM" is not a score of any questionnaire of visit W6

# plan: an outcome that is not measured at every visit
@ code = "W12"
- instruments = ["PCS", "NRS24H", "RMDQ24", "PSEQ2"]
+ instruments = ["NRS24H", "RMDQ24", "PSEQ2"]
= plan.analyses[4].outcome: "PCSTOT" is not a score of any questionnaire of visit W12

# plan: a covariate that is no column
- covariates = ["NRS24H_BL", "SITEID"]
+ covariates = ["NRS_BL", "SITEID"]
= plan.analyses[1].covariates[0]: "NRS_BL" is not known before the randomization

# plan: a covariate that the allocation may have moved
- covariates = ["NRS24H_BL", "SITEID"]
+ covariates = ["PCSTOT", "SITEID"]
= plan.analyses[1].covariates[0]: "PCSTOT" is not known before the randomization

# plan: a visit of no analysis
@ id = "function"
- visit = "W6"
+ visit = "W8"
= plan.analyses[2].visit: unknown visit after the baseline "W8"; known: W1, W6, W12, all

# plan: a primary without an estimand
@ role = "primary"
- estimand = "catastrophizing-6w"
= plan.analyses[0].estimand: is missing; an analysis names its estimand, outcome,
= visit and method

# plan: an estimand that is not described
@ role = "primary"
- estimand = "catastrophizing-6w"
+ estimand = "catastrophizing-8w"
= plan.analyses[0].estimand: unknown estimand "catastrophizing-8w"; known: catastrophizing-6w,
= pain-6w, function-6w, self-efficacy-6w

# plan: two primaries
- role = "secondary"
+ role = "primary"
= plan.analyses: 2 of them primary; there must be exactly one

# plan: a method that there is not
- method = "ancova"
+ method = "anova"
= plan.analyses[0].method: unknown method "anova"; known: ancova

# TOML: a string without its end
- code = "REASSURE"
+ code = "REASSURE
= line 12: is not valid TOML: illegal character '\n'

# TOML: a key twice
- name = "North clinic"
+ name = "North clinic"
+ name = "South clinic"
= line 26: is not valid TOML: cannot overwrite a value

# TOML: a table without its bracket
- [consent]
+ [consent
= line 105: is not valid TOML: expected ']' at the end of a table declaration

# TOML: no such day
- date = 2026-01-15
+ date = 2026-02-30
= line 107: is not valid TOML: invalid date or datetime
'''
)


@pytest.mark.parametrize("edit", BROKEN, ids=lambda edit: edit.why)
def test_the_line_names_the_key_and_says_what_to_do(edit):
    with pytest.raises(ProtocolError) as error:
        check(edit.broken.encode(), "broken.toml")

    assert str(error.value) == f"broken.toml:{edit.line}"


EMPTY_LISTS = {
    "sites": "sites: is empty; give at least one",
    "arms": "arms: must be two or more",
    "eligibility": "eligibility: is empty; give at least one",
    "red_flags": "red_flags: is empty; give at least one",
    "visits": 'visits: there is no baseline; give the first visit the anchor "consent"',
    "estimands": "estimands: is empty; give at least one",
}


@pytest.mark.parametrize("key", EMPTY_LISTS)
def test_an_empty_list_is_refused(key):
    tables = re.compile(rf"^\[\[{key}\]\].*?(?=^\[)", re.MULTILINE | re.DOTALL)
    broken = f"{key} = []\n{tables.sub('', GOOD)}"

    with pytest.raises(ProtocolError) as error:
        check(broken.encode(), "broken.toml")

    assert str(error.value) == f"broken.toml:{EMPTY_LISTS[key]}"


def test_a_text_is_no_table():
    broken = f'debriefing = "Thank you."\n{GOOD[: GOOD.index("[debriefing]")]}'

    with pytest.raises(ProtocolError) as error:
        check(broken.encode(), "broken.toml")

    assert str(error.value) == "broken.toml:debriefing: must be a table"


def test_a_day_of_the_plan_is_the_visits_day():
    without = re.sub(r"^days = .*\n", "", GOOD, flags=re.MULTILINE)
    broken = edited("[plan.data]", "[plan.data]\ndays = { BL = 0, W1 = 7, W6 = 40, W12 = 84 }", without)

    with pytest.raises(ProtocolError) as error:
        check(broken.encode(), "broken.toml")

    assert str(error.value) == "broken.toml:plan.data.days.W6: must be 42, the day of the visit"


def test_there_are_as_many_different_faults_as_drawings():
    assert len({edit.line for edit in BROKEN}) > 60
    assert len({edit.broken for edit in BROKEN} | {GOOD}) == len(BROKEN) + 1
