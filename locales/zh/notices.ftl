# 文书模板。可以用的字段：agency applicant item last_day number points remedies special
template-correction-materials-title = 补正：缺材料
template-correction-materials = { $applicant }：
    你申请的“{ $item }”（{ $number }）还缺下列材料，现一次告知：
    { $points }
    请在{ $last_day }前补交。等你补正的时间不计入办理时限。
template-correction-answers-title = 补正：填写有误
template-correction-answers = { $applicant }：
    你申请的“{ $item }”（{ $number }）有下列内容要改，现一次告知：
    { $points }
    请在{ $last_day }前改好。等你补正的时间不计入办理时限。
template-not-ours-title = 告知承办部门
template-not-ours = 你申请的“{ $item }”（{ $number }）不属于{ $agency }的职权范围，请向＿＿＿＿申请。
template-suspend-special-title = 特别程序告知
template-suspend-special = { $applicant }：
    办理“{ $item }”（{ $number }）需要{ $special }，预计需要＿＿＿＿个工作日。依照行政许可法第四十五条，这段时间不计入办理时限，结束后接着办。
template-suspend-hearing-title = 听证权利告知
template-suspend-hearing = { $applicant }：
    “{ $item }”（{ $number }）直接涉及你的重大利益。依照行政许可法第四十七条，你可以自收到告知之日起五个工作日内要求听证，不承担听证的费用。
template-hearing-notice-title = 听证通知
template-hearing-notice = { $applicant }：
    “{ $item }”（{ $number }）的听证在＿＿＿＿（地点）举行，时间＿＿＿＿。你可以申请主持人回避，可以陈述、申辩和质证。
template-resume-title = 恢复计时
template-resume = { $special }已经结束，结果是＿＿＿＿。办理时限接着走。
template-extension-title = 延长告知
template-extension = { $applicant }：
    “{ $item }”（{ $number }）原来最迟在{ $last_day }作出决定。因为＿＿＿＿，经负责人批准延长＿＿＿＿个工作日（行政许可法第四十二条）。
template-refusal-conditions-title = 不予：不符合条件
template-refusal-conditions = 经审查，“{ $item }”（{ $number }）的申请不符合下列条件：
    { $points }
    { $remedies }
template-refusal-materials-title = 不予：材料不真实
template-refusal-materials = 经核实，“{ $item }”（{ $number }）的申请材料中，下列内容与事实不符：
    { $points }
    { $remedies }
template-termination-title = 终止办理
template-termination = “{ $item }”（{ $number }）因为＿＿＿＿，终止办理。{ $remedies }
