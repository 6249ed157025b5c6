role-intake = 受理
role-review = 审查
role-decide = 决定
view-mine = 我的
view-unclaimed = 待领
view-all = 全部
views = 队列
desk-search = 编号、事项
desk-queue = 待办
col-due = 到期
col-status = 状态
col-officer = 经办
nobody = 还没人领
queue-empty = 没有待办的件。
queue-no-match = 没有找到这样的件。
desk-keys = 快捷键：按浏览器的访问键组合（常见是 Alt 加字母，Firefox 是 Alt+Shift）。S 搜索，1 2 3 换队列，Q 回待办，X 下一件，各动作的字母写在按钮上。
lights-red = 超期 { $n }
lights-yellow = 将到期 { $n }
lights-green = 正常 { $n }
light-red = { $unit ->
    [workday] 超期 { $n } 个工作日
   *[other] 超期 { $n } 天
}
light-yellow = { $unit ->
    [workday] 只剩 { $n } 个工作日
   *[other] 只剩 { $n } 天
}
light-green = { $unit ->
    [workday] 还有 { $n } 个工作日
   *[other] 还有 { $n } 天
}
light-still = 时限暂停
held-by = 经办
next-case = 下一件
application = 申请内容
no-materials = 这个事项不要材料。
excuse-given = 申请人说不适用：
what-now = 现在可以做
reasons = 理由
words = 具体说明
which-materials = 要补的材料
draft-notice = 将发给申请人的通知
second-title = 需要 { $n } 名工作人员
second-done = 已审查：
second-none = 还没有人审查。
choose-agency = 选部门
choose-agency-hint = 数字是可以在这里办理的事项数。
other-agency = 换个部门

action-claim = 领办
action-claim-hint = 领办后由你处理。
action-release = 退回待办
action-release-hint = 别人可以接着办，已做的都保留。
action-accept = 受理
action-accept-hint = 材料齐全、符合法定形式。办理时限从今天的次日起算。
action-ask-correction = 一次告知补正
action-ask-correction-hint = 只能告知一次，要补的请一次写全。时限暂停，等申请人答复。
action-not-needed = 不需要申请
action-not-needed-hint = 依法不需要办理，即时告知申请人。
action-not-ours = 不归本部门
action-not-ours-hint = 告诉申请人该向哪个部门申请。
action-review = 记录审查
action-review-hint = 写明看了什么、结论是什么。
action-grant = 准予
action-grant-hint = 作出准予决定，生成决定文书。
action-refuse = 不予
action-refuse-hint = 必须说明理由，并告知复议和诉讼的权利。
action-issue = 制作结果
action-issue-hint = 生成证件或文书。
action-deliver = 送达
action-deliver-hint = 登记已经送到申请人手里。

refusal-wrong-step = 这件不在这一步，可能刚被别人办过。请看最新的经过。
refusal-not-your-desk = 这件不归你的部门办。
refusal-not-your-role = 你的岗位不能做这一步。
refusal-own-case = 这是你自己的申请，依法回避，由别人办理。
refusal-already-corrected-once = 补正只能告知一次，这件已经告知过了。
refusal-same-officer-twice = 审查要两名不同的工作人员，你已经审查过。
refusal-reasons-required = 请写“具体说明”；有选项的，也要选一项。
refusal-not-your-case = 这不是你的申请。
refusal-already-closed = 这件已经办结。
refusal-already-rated = 你已经评价过了。
refusal-not-rateable = 办结之后才能评价。
refusal-nothing-to-correct = 现在没有需要补正的内容。
refusal-claimed-by-other = 这件已由别人领办。
refusal-bad-rating = 请在五个等级里选一个。
refusal-deemed-accepted = 受理时限已过，视为受理，不能再补正或不受理。
refusal-already-decided = 已经作出决定，不能撤回。不服可以申请行政复议或提起行政诉讼。
refusal-form-invalid = 有内容没有填对。
refusal-materials-missing = 材料还不齐。
refusal-already-submitted = 这份申请已经交过了。
post-clerk = 经办
post-colleague = 同事，第二人
post-head = 科长
reason-conditions-not-met = 不符合法定条件、标准
reason-materials-untrue = 申请材料不真实
reason-quota-exhausted = 数量已满
reason-other-law = 法律、法规规定的其他情形
finding-meets = 符合条件
finding-does-not-meet = 不符合条件
desk-awaiting-correction = 等申请人补正
applicant-name = 姓名
applicant-number = 公民身份号码
desk-others-turn = 这一步（{ $step }）由别的岗位办，现在不用你做什么。
draft-decision-by = 承诺最晚 { $due } 作出决定。
