# Drafted notices. Fields: agency applicant item last_day number points remedies special
template-correction-materials-title = Correction: documents missing
template-correction-materials = { $applicant },
    Your application for “{ $item }” ({ $number }) lacks the following, all named here at once:
    { $points }
    Please send them by { $last_day }. Time until your reply does not count.
template-correction-answers-title = Correction: answers to change
template-correction-answers = { $applicant },
    In your application for “{ $item }” ({ $number }) the following needs changing, all named here at once:
    { $points }
    Please change it by { $last_day }. Time until your reply does not count.
template-not-ours-title = Which agency is responsible
template-not-ours = “{ $item }” ({ $number }) is not for { $agency } to decide. Please apply to ＿＿＿＿.
template-suspend-special-title = Special procedure
template-suspend-special = { $applicant },
    Your application for “{ $item }” ({ $number }) needs this first: { $special }. It takes about ＿＿＿＿ working days. Under Licensing Law art. 45 this time does not count towards the limit; the case goes on afterwards.
template-suspend-hearing-title = Right to a hearing
template-suspend-hearing = { $applicant },
    “{ $item }” ({ $number }) concerns your important interests directly. Under Licensing Law art. 47 you may ask for a hearing within five working days of this notice. It costs you nothing.
template-hearing-notice-title = Hearing
template-hearing-notice = { $applicant },
    The hearing on “{ $item }” ({ $number }) is held at ＿＿＿＿ (place), at ＿＿＿＿ (time). You may object to whoever presides, and you may speak, defend yourself and question the evidence.
template-resume-title = The clock goes on
template-resume = { $special }: it is over, and its result is ＿＿＿＿. The time to decide goes on.
template-extension-title = Extension
template-extension = { $applicant },
    “{ $item }” ({ $number }) was to be decided by { $last_day }. Because of ＿＿＿＿ the head of the agency has extended the time by ＿＿＿＿ working days (Licensing Law art. 42).
template-refusal-conditions-title = Refusal: conditions not met
template-refusal-conditions = The application for “{ $item }” ({ $number }) does not meet these conditions:
    { $points }
    { $remedies }
template-refusal-materials-title = Refusal: documents not true
template-refusal-materials = In the documents for “{ $item }” ({ $number }) the following was found untrue:
    { $points }
    { $remedies }
template-termination-title = Ending the case
template-termination = “{ $item }” ({ $number }) is ended because of ＿＿＿＿. { $remedies }
