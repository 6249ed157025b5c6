step-of = { $step } of { $steps }
only-when = Only if you chose “{ $answer }” for “{ $question }”.
prefilled-from = Filled in from
save-continue = Save and continue
saved-at = Draft saved at { $at }.
saved-each-step = Every step is saved. Going back loses nothing.
autosaved = Draft saved.
later = Finish later
discard-draft = Delete draft
materials-lead = PDF, JPG or PNG, up to { $mb } MB a file and { $files } files in one application. Photos are fine if they can be read.
upload-choose = Choose files or take a photo
upload-more = Add files
upload-stay = Upload and stay here
upload-limits = PDF, JPG or PNG, up to { $mb } MB a file.
excuse-summary = I do not have this
excuse-label = Why it does not apply to you
not-answered = Not answered
check-title = Check your answers
check-problems = Some things are still missing
check-next = After you submit
check-goes-to = Your application goes to
check-limit = Promised limit after acceptance:
check-declare = By submitting you confirm that your answers and documents are true.
submit = Submit

rule-required = answer this
rule-too-short = { $min ->
    [one] write at least 1 character
   *[other] write at least { $min } characters
}
rule-too-long = write at most { $max } characters
rule-not-integer = give a whole number, such as 12
rule-not-money = give an amount with at most two decimals, such as 1200.50
rule-out-of-range = give a number from { $min } to { $max }
rule-out-of-range-money = give an amount from { $min } to { $max } yuan
rule-not-date = give a date, such as 2026-03-01
rule-not-past = the date cannot be after today
rule-not-future = the date cannot be before today
rule-not-listed = choose from the list
rule-citizen-number-shape = a citizen ID number has 18 digits; the last may be X
rule-citizen-number-birthday = the date of birth in this number does not exist; compare it with the card
rule-citizen-number-check = the last character does not fit this number; compare it with the card
rule-credit-code-shape = a unified social credit code has 18 digits and capital letters
rule-credit-code-check = the last character does not fit this code; compare it with the business licence
rule-mobile = a mobile number has 11 digits and begins with 13 to 19

file-too-large = Larger than { $max } MB, not saved: { $file }. Make it smaller or split it.
file-kind = Only PDF, JPG and PNG; not saved: { $file }.
file-empty = The file is empty; not saved: { $file }.
file-too-many = At most { $max } files; the rest were not saved.
material-missing = Upload this document.
material-missing-or-excuse = Upload it, or say why it does not apply.
file-disk-full = The server has no room, so the file was not saved. Everything else is. Please try again in a while.

receipt-done = We have your application
receipt-done-says = This receipt stays in “My cases”. You can read or print it at any time.
received-at = Received
received-by = Received by
not-handed-in = Not handed in
receipt-next = What happens next
receipt-acceptance = By { $by } you are told whether it is accepted, or once and completely what is missing. If you hear nothing by then, it counts as accepted.
receipt-limit = Promised limit after acceptance:
receipt-decided = It is decided already. Follow the case to see the result.
receipt-messages = You get a message at every step.
receipt-demo = Demonstration receipt without legal effect.
receipt-follow = Follow the case
material-always-needed = Everybody hands this in; please upload it.
material-unknown = The list of documents has no such entry.
