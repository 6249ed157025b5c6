view-mine = Mine
view-unclaimed = Unclaimed
view-all = All
view-todo = My turn
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

post-clerk = Clerk
post-colleague = Colleague, second officer
post-head = Head of section
post-chief = Head of the body
post-operator = Operator
post-specialist = Specialist
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
action-correct-on-spot = Correct on the spot
action-correct-on-spot-hint = For errors that can be put right at once, the applicant being there (Licensing Law art. 32). Write how the applicant agreed.
action-do = Do this step
action-do-hint = Choose an outcome; the case goes to the step it leads to.
action-forward = Pass to a higher body
action-forward-hint = The opinion and all documents go up for decision (Licensing Law art. 43). Write to whom and with what opinion.
action-suspend = Stop the clock
action-suspend-hint = A hearing, inspection or test does not count towards the limit, and the applicant is told in writing how long it takes (Licensing Law art. 45).
action-schedule-hearing = Set the hearing
action-schedule-hearing-hint = Time and place are told seven days before; whoever reviewed does not preside (Licensing Law art. 48).
action-resume = Let the clock go on
action-resume-hint = The special procedure is over; write its result. The time to decide goes on tomorrow.
action-extend = Extend the limit
action-extend-hint = Once, by the head, and the applicant is told why (Licensing Law art. 42).
action-record-fee = Record the fee
action-record-fee-hint = As the guide publishes it; any other amount shows a card.
action-check = Check the promise
action-check-hint = If it was kept, the case closes. If not, the decision is revoked, with reasons.
action-terminate = End the case
action-terminate-hint = Without a decision, and only where the law wants it ended. Write the reasons; the applicant is told the remedies.
action-reopen = Take up again
action-reopen-hint = After a review decision, a judgment or an error of our own, the case goes back to review. Write the document's number and what it says.
action-confirm = Confirm
action-confirm-hint = The records show that you qualify; confirm, and it is done.
action-decline = Decline
action-decline-hint = You can still apply later.
action-correct = Correct
action-correct-hint = Change what the notice names and send it again.
action-supply = Send documents
action-supply-hint = What you promised to send later.
action-request-hearing = Ask for a hearing
action-request-hearing-hint = Free of charge, held within twenty working days.
action-waive-hearing = Do without a hearing
action-waive-hearing-hint = The clock goes on at once.
action-withdraw = Withdraw
action-withdraw-hint = You can apply again.
action-rate = Rate
action-rate-hint = One case, one rating.
action-end-branch = End of a part
action-end-branch-hint = One agency of a joint case has ended its part.
action-tell-stops = Clock of a part
action-tell-stops-hint = The clock of one part of a joint case stands still or goes on.
action-lapse = Time takes effect
action-lapse-hint = A clock has run out, and the law says what follows.
kept = It was kept
not-kept = It was not kept
more-actions = More actions
input-days = Working days
input-date = Day
input-host = Who presides
input-fee = Amount taken
input-hint-days = At most { $limit }
input-hint-fee = The guide publishes { $yuan } yuan
input-hint-host = Those who reviewed the case are left out.
choose-template = Use a draft
draft-hint = You can change it; fill in the blanks ＿＿＿＿.
correct-answers = What to put right
tabs = Desk
tab-todo = To do
tab-waiting = Waiting
tab-supervision = Supervision
tab-dead = Dead letters
queue-pick = Pick
claim-picked = Claim those picked
claim-picked-hint = 50 at a time
claimed-done = { $n ->
    [one] One case is yours.
   *[other] { $n } cases are yours.
}
claimed-refused = Not claimed:
waiting-empty = Nothing is being waited for.
waiting-hint = These wait for the applicant, a special procedure, other agencies or the end of a period. You need do nothing now.
desk-awaiting-confirmation = Waiting for the applicant to confirm
supervision-title = Supervision
supervision-hint = Cards follow from rules; nobody gives or takes them by hand.
supervision-rules = Cards on this page
supervision-empty = No case has a card.
col-cards = Cards
cards-title = Supervision cards of this case
dead-title = Notices and effects that could not be carried out
dead-hint = They failed many times and wait here for somebody. The cases themselves are whole.
dead-empty = No dead letters.
dead-attempts = { $n ->
    [one] Tried once
   *[other] Tried { $n } times
}
dead-since = since { $since }
dead-given-up = stopped { $at }
dead-error = Last error
dead-retry = Try again
dead-drop = Give up
dead-drop-why = Why it is given up
dead-drop-hint = It will not be sent again; tell the applicant another way first.
effect-notice = Notice to the applicant
effect-deliver = Delivery of the result
effect-open-part = Opening a part
effect-end-part = Telling the joint case of an end
effect-tell-stops = Telling the joint case of a stopped clock
effect-drop-parts = Withdrawing the parts
parts-title = How far each agency has come
part-of = Part of
part-opening = On its way to the agency
ruling-title = What the rules say
ruling-sampled = Sampled
ruling-sampled-says = This case was drawn for a quality check; review it as usual.
ruling-rules = Rules that matched
ruling-model = Model
ruling-version = Version
ruling-inputs = What it went by
ruling-no-words = The rule gives no explanation.
held-title = Clock stopped: { $special }
held-since = Since { $since }
held-until-special = The applicant was told it takes until { $until }
held-until-told = The applicant can ask for a hearing until { $until }
held-until-requested = To be held by { $until }
held-until-scheduled = The hearing is on { $on }
held-left-workday = { $n ->
    [one] 1 working day is left when it goes on
   *[other] { $n } working days are left when it goes on
}
held-left-natural-day = { $n ->
    [one] 1 day is left when it goes on
   *[other] { $n } days are left when it goes on
}
conflict-title = Somebody was faster
conflict-what = Since you opened this page:
conflict-kept = “{ $action }” was not done. What you wrote is kept here:
conflict-kept-nothing = “{ $action }” was not done.
conflict-do = Look at what happened, then choose from what you can do now.
owed-by-applicant = Promised by the applicant for later
notice-claimed-many = Claimed.
notice-retried = It will be tried again.
notice-given-up = Taken off the list, and noted in the log.
tab-done = Finished
done-hint = Finished cases, the latest application first. The head can lawfully take a decided one up again from its page.
done-empty = Nothing is finished yet.

certificate-do-revoke = Revoke the certificate
certificate-hint-revoke = It ends at once and for good. The holder reads the reason.
certificate-do-replace = Replace it
certificate-hint-replace = Issues the next version with the holder’s verified name and number of today; the old one ends. The holder reads the reason.
certificate-why = Reason
effect-issue-certificate = Issue a certificate
effect-webhook = Telling the agency’s own system
certificates-issued = Certificates issued
