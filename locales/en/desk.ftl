role-intake = Intake
role-review = Review
role-decide = Decision
view-mine = Mine
view-unclaimed = Unclaimed
view-all = All
views = Queues
desk-search = Number or service
desk-queue = Queue
col-due = Due
col-status = Status
col-officer = Officer
nobody = Nobody yet
queue-empty = Nothing is waiting.
queue-no-match = No such case.
desk-keys = Keys: use your browser's access key (often Alt and a letter, in Firefox Alt+Shift). S search, 1 2 3 queues, Q queue, X next case; each action shows its letter.
lights-red = { $n } late
lights-yellow = { $n } due soon
lights-green = { $n } in time
light-red = { $unit ->
    [workday] { $n ->
        [one] 1 working day late
       *[other] { $n } working days late
    }
   *[other] { $n ->
        [one] 1 day late
       *[other] { $n } days late
    }
}
light-yellow = { $unit ->
    [workday] { $n ->
        [one] Only 1 working day left
       *[other] Only { $n } working days left
    }
   *[other] { $n ->
        [one] Only 1 day left
       *[other] Only { $n } days left
    }
}
light-green = { $unit ->
    [workday] { $n ->
        [one] 1 working day left
       *[other] { $n } working days left
    }
   *[other] { $n ->
        [one] 1 day left
       *[other] { $n } days left
    }
}
light-still = Clock stopped
held-by = held by
next-case = Next case
application = Application
no-materials = This service asks for no documents.
excuse-given = The applicant says it does not apply:
what-now = What you can do now
reasons = Reason
words = In your words
which-materials = Documents to ask for
draft-notice = Notice to the applicant
second-title = { $n } officers are needed
second-done = Reviewed by
second-none = Nobody has reviewed it yet.
choose-agency = Choose an agency
choose-agency-hint = The number is how many items can be handled here.
other-agency = Another agency

action-claim = Claim
action-claim-hint = The case becomes yours.
action-release = Put back
action-release-hint = Somebody else can go on; nothing is lost.
action-accept = Accept
action-accept-hint = The documents are complete and in legal form. The clock starts tomorrow.
action-ask-correction = Ask for a correction
action-ask-correction-hint = You can ask only once, so name everything. The clock stops until the reply.
action-not-needed = No application needed
action-not-needed-hint = By law nothing need be applied for; the applicant is told at once.
action-not-ours = Not ours
action-not-ours-hint = Tell the applicant which agency is responsible.
action-review = Record the review
action-review-hint = Write what you looked at and what you found.
action-grant = Grant
action-grant-hint = Makes the decision and its document.
action-refuse = Refuse
action-refuse-hint = Reasons are required, and the applicant is told of review and court.
action-issue = Make the result
action-issue-hint = Makes the certificate or document.
action-deliver = Deliver
action-deliver-hint = Records that the applicant has it.

refusal-wrong-step = The case is not at this step; somebody may just have handled it. See what happened last.
refusal-not-your-desk = Your agency does not handle this case.
refusal-not-your-role = Your role does not allow this step.
refusal-own-case = This is your own application. The law asks you to leave it to somebody else.
refusal-already-corrected-once = A correction can be asked for only once, and it has been.
refusal-same-officer-twice = Two different officers must review, and you have done so already.
refusal-reasons-required = Fill in “In your words”, and choose an option where there is one.
refusal-not-your-case = This is not your application.
refusal-already-closed = This case is closed.
refusal-already-rated = You have rated this already.
refusal-not-rateable = You can rate once the case is closed.
refusal-nothing-to-correct = There is nothing to correct now.
refusal-claimed-by-other = Another officer has claimed this case.
refusal-bad-rating = Choose one of the five levels.
refusal-deemed-accepted = The time to accept is over, so the case counts as accepted. It can no longer be corrected or turned away.
refusal-already-decided = A decision was made and cannot be withdrawn from. You can ask for review or go to court.
refusal-form-invalid = Some answers are not right yet.
refusal-materials-missing = Some documents are missing.
refusal-already-submitted = This application was handed in before.
post-clerk = Clerk
post-colleague = Colleague, second officer
post-head = Head of section
reason-conditions-not-met = The legal conditions are not met
reason-materials-untrue = The documents are not true
reason-quota-exhausted = The quota is used up
reason-other-law = Another ground in law
finding-meets = Meets the conditions
finding-does-not-meet = Does not meet the conditions
desk-awaiting-correction = Waiting for the applicant
applicant-name = Name
applicant-number = Citizen number
desk-others-turn = This step ({ $step }) is for another role; you need do nothing now.
draft-decision-by = The decision is promised by { $due }.
