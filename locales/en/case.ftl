# Statuses
status-draft = Draft
status-received = Received
status-awaiting-correction = Waiting for you
status-in-review = In review
status-awaiting-decision = Awaiting decision
status-issuing = Making the result
status-delivering = On its way
status-closed-granted = Granted
status-closed-refused = Refused
status-closed-not-needed = Not needed
status-closed-not-ours = Not this agency's
status-closed-withdrawn = Withdrawn
now-received = The agency has it and is checking whether the documents are complete.
now-awaiting-correction = Something is missing. It goes on when you have sent it.
now-in-review = Accepted, and now in review.
now-awaiting-decision = The review is done; a decision comes next.
now-issuing = Decided. The result is being made.
now-delivering = The result is on its way to you.
now-closed-granted = Done. The result is below.
now-closed-refused = Not granted this time. The reasons and your remedies are below.
now-closed-not-needed = By law you need no application for this. You can go ahead.
now-closed-not-ours = This agency is not responsible. Where to go is written below.
now-closed-withdrawn = You withdrew this application. You can apply again.
# What happened
event-submitted = Application handed in
event-claimed = Taken up by an officer
event-released = Put back in the queue
event-correction-asked = Correction asked for
event-corrected = Correction received
event-accepted = Accepted
event-deemed-accepted = No answer in time: deemed accepted
event-not-needed = No application needed
event-not-ours = Not this agency's
event-reviewed = Review done
event-granted = Granted
event-refused = Refused
event-issued = Result made
event-delivered = Delivered
event-withdrawn = Withdrawn by the applicant
event-closed = Closed
event-rated = Rated
# Clocks
clock-acceptance = Time to accept
clock-decision = Time to decide
clock-issue = Time to deliver
clock-left-workday = { $n ->
    [one] 1 working day left
   *[other] { $n } working days left
}
clock-left-natural-day = { $n ->
    [one] 1 day left
   *[other] { $n } days left
}
clock-late-workday = { $n ->
    [one] 1 working day late
   *[other] { $n } working days late
}
clock-late-natural-day = { $n ->
    [one] 1 day late
   *[other] { $n } days late
}
clock-due = By { $due }
clock-was-due = It was due by { $due }
clock-stopped = Stopped
clock-stopped-why = It waits for your documents. This time does not count.
clock-remains-workday = { $n ->
    [one] 1 working day remains after your reply
   *[other] { $n } working days remain after your reply
}
clock-remains-natural-day = { $n ->
    [one] 1 day remains after your reply
   *[other] { $n } days remain after your reply
}
clock-provisional = That year's holidays are not published yet; the date counts weekends only.
# Five levels
rating-1 = Very satisfied
rating-2 = Satisfied
rating-3 = Fairly satisfied
rating-4 = Dissatisfied
rating-5 = Very dissatisfied
correction-answers = Change my answers
