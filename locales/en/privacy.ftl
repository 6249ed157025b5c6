# My data
privacy = My data
privacy-says = Your data are encrypted with a key that is yours alone. Only those who handle your applications see them, and everybody who looks is listed here.
privacy-held = What we keep
held-profile = Name, citizen number and how it was checked
held-cases = What you applied for
held-cases-says = What you filled in and handed in, what happened, and drafts
held-certificates = Certificates issued to you, and their use
held-messages = News of your applications
held-sessions = The devices you signed in on
held-passkeys = The public part of your passkeys; never your fingerprint or face
held-relatives = Who may act for you, and for whom you may
held-permissions = Which agencies may look at a certificate
held-authorisations = Which applications you sign in to from here
reads = Who looked at my data
reads-says = Each time an officer opens your application, somebody acts for you or your certificate is checked, it is listed here. The same person looking at the same thing within ten minutes is listed once.
reads-none = Nobody has looked yet.
reads-all = All looks
reads-older = Earlier looks
read-why = Why
read-for = For
read-step = the step “{ $step }”
read-window = identity checked at a window
looked-case = Application opened
looked-file = File opened
looked-profile = Identity data read
looked-certificate = Certificate seen
looked-unmasked = Masked data shown in full
looked-export = All data downloaded
reader-officer = Officer
reader-agent = Somebody acting for you
reader-verifier = Verifier
reader-partner = Application you agreed to
reader-oneself = Yourself
masked = masked
unmask = Show what is masked
unmask-says = Citizen numbers, mobile numbers, addresses and sensitive answers are masked. Each time they are shown is recorded: the applicant and your supervisor see who it was and why.
unmask-why = Why you need to see them
unmask-words = In words
unmask-do = Show this once
unmask-error = Choose a reason; “other” takes words.
unmask-shown = Shown in full on this page only. It has been recorded.
unmask-compare = To compare with documents
unmask-contact = To reach the applicant
unmask-deliver = To make out or deliver the result
unmask-complaint = For a complaint, review or court
unmask-other = Other
unmasked-here = Who saw it in full
unmaskings = Masked data shown in full
unmaskings-says = What officers of your agency had shown in full, the latest first.
unmaskings-none = Nobody had anything shown in full.
tab-unmaskings = Data shown
consents = What I consented to
consent-title = This takes your separate consent
consent-fields = Sensitive information
consent-purpose = What it is used for
consent-days = { $n ->
    [one] Holds for one day. You may withdraw it at any time under “My data”.
   *[other] Holds for { $n } days. You may withdraw it at any time under “My data”.
}
consent-missing = The box is not ticked. If you do not consent, go back, leave these answers empty and hand in again.
consent-tick = I consent to this use of these answers
consent-stands = Stands
consent-over = Over
consent-withdrawn = Withdrawn
consent-given = given { $given }, until { $until }
consent-withdraw = Withdraw
consent-ends-case = These answers are used no more, and the application, which is not decided yet, is withdrawn with them.
consent-from-now = These answers are used no more; what was done before stays valid.
notice-consent-withdrawn = Withdrawn. These answers are used no more.
export = Download all my data
export-says = One archive: your identity data, applications and documents, certificates, messages, consents, and who looked. Each download is listed under “Who looked at my data”.
export-care = It holds your whole citizen number and your files. Keep it where only you can open it.
export-do = Download
export-mobile = Mobile number
export-address = Address
export-whole = This is everything that we keep about you.
export-cut = There was too much for one archive, and the rest is left out. Ask at a window for it.
delete = Delete my data
delete-says = This cannot be undone: the key that your data are encrypted with is destroyed, and what stays on record no longer tells who you are.
delete-at-once = Gone at once: drafts, passkeys, who may act for you, what applications may see, mobile number and address. You are signed out everywhere.
delete-kept = What the law makes us keep
keep-open = { $n ->
    [one] One application under way, until it is closed
   *[other] { $n } applications under way, until they are closed
}
keep-record = { $n ->
    [one] One closed case, kept for { $years } years
   *[other] { $n } closed cases, kept for { $years } years
}
keep-certificate = { $n ->
    [one] One certificate in force: whoever checks it must get an answer
   *[other] { $n } certificates in force: whoever checks them must get an answer
}
keep-until = until { $day }
delete-then = Everything else goes by itself when these terms are over. Until then you may sign in to follow your applications, or take this back.
delete-nothing-kept = Nothing must be kept: everything goes now.
delete-sure = I know that this cannot be undone
delete-error = Tick the box to say that you are sure.
delete-do = Delete
delete-asked = You have asked for this already.
leaving = You asked us to delete your data. An application is under way or a certificate has no end; the rest goes when they have ended.
leaving-on = You asked us to delete your data. What the law makes us keep is kept until { $day }; then everything goes.
leaving-stay = Keep my data after all
notice-erased = Everything is deleted, and you are signed out.
notice-erasure-asked = What could go is deleted, and you are signed out. The rest goes by itself.
notice-staying = Your data stay. What was deleted cannot be brought back.
