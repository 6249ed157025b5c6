// The items the story uses.

/** A permit of the real catalogue: two officers review it, one decides. */
export const PERMIT = { code: '11440000006940116U2440102013001', name: '高等学校教师资格认定', agency: '广东省教育厅' };

/** A worked example whose grant is written down as a certificate. */
export const CERTIFIED = { code: 'ex-small-restaurant', agency: '广东省市场监督管理局' };

