# Clocks
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
clock-provisional = That year's holidays are not published yet; the date counts weekends only.
# Five levels
rating-1 = Very satisfied
rating-2 = Satisfied
rating-3 = Fairly satisfied
rating-4 = Dissatisfied
rating-5 = Very dissatisfied
correction-answers = Change my answers
# What is wanted of you, what is waited for
clock-stopped-correction = It waits for your documents. This time does not count, and the time to accept starts anew with your reply.
held-why-hearing = A hearing comes before the decision. The time for it does not count towards the limit (Licensing Law art. 45).
held-why-other = { $special }: the time it needs does not count towards the limit (Licensing Law art. 45).
held-part = It waits for:
held-mine-special = The agency says it takes until { $until }.
held-mine-told = You can ask for a hearing until { $until }.
held-mine-requested = You asked for a hearing. It is held by { $until }, and you are told the day seven days before.
held-mine-scheduled = The hearing is on { $on }.
held-mine-left-workday = { $n ->
    [one] 1 working day is left when it goes on.
   *[other] { $n } working days are left when it goes on.
}
held-mine-left-natural-day = { $n ->
    [one] 1 day is left when it goes on.
   *[other] { $n } days are left when it goes on.
}
wanted-hearing = A hearing, if you want one
wanted-hearing-says = At a hearing you can explain your side and question the evidence. It is free. If you do not ask by { $by }, there is none.
hearing-request = Ask for a hearing
hearing-waive = Go on without one
wanted-owed = Send what you promised for later
wanted-owed-says = Nothing can be decided until it is there.
owed-send = Send the documents
wanted-offer = You qualify: confirm, and it is done
wanted-offer-says = This is what the records show. Confirm if it is right, or decline.
offer-confirm = Confirm
offer-decline = Decline
wanted-task = This step is yours: { $title }
task-send = Send
parts-mine = How far each agency has come
part-of-mine = Part of
ruling-auto-title = This was decided automatically
ruling-auto-says = Your answers and the registers meet all conditions, so the rules granted it at once. No person used discretion.
ruling-auto-rule = Rules { $rules }, version { $version }.
ruling-auto-ask = If you think it is wrong, you can have a person look at it: { $remedies }
ruling-auto-person = The rules did not decide for you; a person does.
later-tick = I will send this later
later-hint = It is accepted now; send it in time.
later-title = To be sent later
me-parts = Parts of it
owed-materials = To be sent later
correction-by-law = Without a reply by that day, the rules count the application as withdrawn.
file-nameless = File { $n }
