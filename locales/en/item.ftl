also-called = Also called
worked-example-says = Worked example: the public data hold no such entry. The form and rules show how it could work under the law; there is no official code.
q-can = Can I do it here?
q-long = How long does it take?
q-cost = What does it cost?
a-can-online = Yes, online
a-no-errand = No visit to an office
recipients-title = Which agencies handle it
recipients = Each of these agencies gets its part of the application and sees only the answers and documents it needs:
recipient-perhaps = only if you ask for it
a-instant = Granted at once by rule if you qualify
a-visits = { $n ->
    [one] One visit to an office
   *[other] { $n } visits to an office
}
a-can-look-up = Yes, at once
a-not-connected = Not yet
a-not-connected-sub = No register is connected
a-by-things = By devices alone
a-by-things-sub = Stations registered for this organisation report by themselves; nobody fills anything in.
a-guide-only = No, guide only
a-guide-only-sub = The published guide is not complete
a-promised = Promised, from acceptance
a-statutory = Statutory, from acceptance
a-no-limit = Not stated
guide-silent = The guide gives no limit
a-yuan = { $yuan } yuan
a-free = Nothing
a-no-fee-known = Not stated
a-no-fee-known-sub = The guide does not mention fees
apply-now = Start
go-on = Continue my draft
look-up-title = Why there is no look-up
look-up-says = This service reads a register held elsewhere. None is connected here, so no result is shown and none is made up.
look-up-where = The published look-up system:
guide-only-title = Why you cannot apply here
guide-only-says = The published guide lacks:
guide-only-where = Please apply to the responsible agency.
guide-only-system = The published system for it:
a-on-the-spot = If your documents are complete
missing-statutory-limit = the statutory time limit
missing-promised-limit = the promised time limit
missing-materials = the documents to hand in
missing-conditions = the conditions
who = Who can apply
conditions = Conditions
conditions-legal = Conditions as published
steps = How it goes
within-workday = { $n ->
    [one] within 1 working day
   *[other] within { $n } working days
}
within-natural-day = { $n ->
    [one] within 1 day
   *[other] within { $n } days
}
within-item-limit = within the time limit
officers-agree = { $n } officers must agree
limits = Time limits
limit-promised = Promised
limit-statutory = Statutory
limits-workday = Weekends and public holidays are not working days.
limits-natural-day = These days include weekends and holidays; a last day that is a holiday moves to the next working day.
limits-stop = Time spent waiting for your documents does not count.
limit-example = Statutory; made up where the law sets none
conditions-show = Show the conditions
conditions-first = The public data may hold only the first paragraph of the conditions; the agency’s own guide governs.
ask = Questions and complaints
ask-says = The public data hold no telephone numbers. For real matters, call 12345, the government service line, to ask or to complain.
windows = In person
express-yes = The published guide says that documents may be sent by post.
law = Legal basis
about-item = About this service
kind = Kind
area = Area
parent = Part of
theme = Theme
co-agencies = Together with
system = Handled today in
example-code = Example id
source = Data source
