# Words every page needs
skip = Skip to content
demo-word = Demonstration
demo-says = The people are made up and nothing here is official or has legal effect.
desk = Desk
nav-you = Your settings
nav-site = Site
nav-back = Back
elders-version = Large type
standard-version = Normal type
other-language = 中文
other-language-tag = zh-CN
mine = My cases
unread-messages = unread messages
sign-in = Sign in
sign-out = Sign out
officer-sign-in = Officer sign-in
help = Help
about = About
themes = Themes
agencies = Agencies
areas = Areas
search = Search
search-placeholder = 社保, shebao or sb
back = Back
optional = optional
required = required
remove = Remove
change = Change
print = Print
colon = :{" "}
full-stop = .
list-comma = ,{" "}
yuan = yuan
pages = Pages
previous-page = Previous
next-page = Next
page-of = Page { $page } of { $pages }
to-home = Go to the home page
error-prefix = Error:
materials = Documents
item = Service
applicant = Applicant
case-number = Case number
item-code = Service code
receipt = Receipt
name = Name
citizen-number = Citizen ID number
remedies = If you disagree

limit-now = On the spot
limit-workday = { $n ->
    [one] 1 working day
   *[other] { $n } working days
}
limit-natural-day = { $n ->
    [one] 1 day
   *[other] { $n } days
}

errors-title = { $n ->
    [one] One thing needs changing
   *[other] { $n } things need changing
}
errors-kept = Everything you typed is still here. Change it and continue.

notice-saved = Saved.
notice-withdrawn = Your application is withdrawn.
notice-corrected = Your reply is in. The time to accept starts anew.
notice-rated = Thank you for your rating.
notice-signed-in = You are signed in.
notice-signed-out = You are signed out.
notice-claimed = This case is yours.
notice-released = The case is back in the queue.
notice-done = Done, and on the record.
notice-draft-deleted = The draft is deleted.
notice-already-submitted = You handed this in before. This is the receipt from then.

# Kinds, levels, audiences
kind-permit = Administrative permit
kind-confirmation = Administrative confirmation
kind-benefit = Administrative benefit
kind-award = Administrative award
kind-ruling = Administrative ruling
kind-other-power = Other administrative power
kind-public-service = Public service
level-nation = national
level-province = provincial
level-city = city
level-county = county
level-town = town
level-village = village
audience-person = People
audience-enterprise = Companies
audience-institution = Public institutions
audience-social-organisation = Social organisations
audience-unincorporated-enterprise = Unincorporated businesses
audience-administration = Government bodies
audience-other-organisation = Other organisations
audience-thing = Devices
source-real-name = your sign-in
audience-organisation = Organisations
