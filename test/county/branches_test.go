//go:build unix

package county

import "slices"

// pick are the steps of a story of these kinds, without what was looked at.
func pick(from []step, kinds ...string) []step {
	var out []step
	for _, p := range from {
		if slices.Contains(kinds, p.do) {
			p.see = nil
			out = append(out, p)
		}
	}
	return out
}

// unpaid is what follows where the second instalment does not come.
var unpaid = []step{
	{day: "2026-10-15", who: "镇 郑例贤", do: "default", file: `{"at":"2026-10-15","term":2}`, no: [2]string{"第 2 项到 2026-10-15 才到期", "term 2 is due on 2026-10-15 only"}, tell: "当日还没有过完，不算逾期"},
	{day: "2026-10-16", who: "镇 郑例贤", do: "enforce", file: `{"at":"2026-10-16","by":["周例计"],"court":"990125000000-fy"}`, no: [2]string{"周例计", "周例计"}, tell: "不是当事人不能申请执行"},
	{day: "2026-10-16", who: "镇 郑例贤", do: "default", file: `{"at":"2026-10-16","term":2,"reason":"公司称回款未到"}`, then: "effective/partly/confirmed", tell: "第二期没有付：由人登记逾期，时钟不会自己改变案件"},
	{day: "2026-10-16", who: "镇 周例计", do: "urge", file: `{"at":"2026-10-16","how":"phone","notified":["韩例宝"],"until":"2026-10-20","note":"答应10月20日前付"}`, then: "effective/urged", tell: "第一次督促"},
	{day: "2026-10-21", who: "镇 周例计", do: "urge", file: `{"at":"2026-10-21","how":"visit","notified":["韩例宝"],"until":"2026-10-25"}`, then: "effective/urged", tell: "第二次督促"},
	{day: "2026-10-26", who: "镇 郑例贤", do: "accelerate", file: `{"at":"2026-10-26","by":["孙例强"],"note":"协议第三项"}`, then: "effective/urged", tell: "孙例强主张余款一次到期，未付18,600元，另计年利率3%的利息", see: func(s *story) {
		s.dueOn("镇", "2026-10-27", "perform", "2026-10-26", -1)
		s.clock("镇", "enforcement", "2026-11-16", "2028-11-16")
		s.clock("镇", "enforcement_hastened", "2026-10-26", "2028-10-26")
	}},
	{day: "2026-10-28", who: "镇 周例计", do: "enforce", file: `{"at":"2026-10-28","by":["孙例强"],"court":"990125000000-fy"}`, then: "effective/enforcement", tell: "凭裁定书向法院申请执行；期间二年，自最后一期届满之日起算，加速到期的另列", see: func(s *story) {
		s.ended("镇", "enforcement", "2026-10-28")
		s.ended("镇", "enforcement_hastened", "2026-10-28")
	}},
	{day: "2026-10-28", who: "镇", do: "sync", file: "法院 HTTPS", tell: "法院看到督促和申请的经过", see: func(s *story) { s.same("镇", "法院") }},
	{day: "2026-11-02", who: "镇 郑例贤", do: "close", file: `{"at":"2026-11-02"}`, then: "closed/enforcement", tell: "已进入执行，调解结案"},
	{day: "2026-11-02", who: "镇", do: "sync", file: "法院 libp2p", tell: "对上", see: func(s *story) { s.same("镇", "法院") }},
}

// refuses is what follows where the company does not want mediation.
var refuses = []step{
	{day: "2026-09-03", who: "镇 周例计", do: "stop", file: `{"at":"2026-09-03","by":["韩例宝"],"choice":"refuse","how":"phone_noted","note":"公司不同意调解"}`, then: "terminated/none/none/in_work", tell: "当事人不愿调解：一步登记，随时可以，不算调解员的失败", see: func(s *story) {
		s.value("镇", "outcome", "refused")
		s.ended("镇", "delegated", "2026-09-03")
	}},
	{day: "2026-09-03", who: "镇 郑例贤", do: "agree", file: `{"form":"oral","at":"2026-09-03","terms":[{"who":"青禾县示例建筑劳务有限公司","what":"付清","amount_fen":2360000,"due":"2026-09-30"}]}`, no: [2]string{"案件现在是“已终止”，已经了结", "the case is Terminated already"}, tell: "终止之后不能再登记协议"},
	{day: "2026-09-03", who: "镇 周例计", do: "advise", file: `{"at":"2026-09-03","routes":["judicial"],"notified":["孙例强","韩例宝"],"how":"phone"}`, then: "advised", tell: "终止调解告知书：可以起诉"},
	{day: "2026-09-03", who: "镇 郑例贤", do: "refer-report", file: `{"at":"2026-09-03","result":"refused","why":"公司明确拒绝调解，即日退回全部材料共33页","materials":[{"name":"起诉材料","copies":1,"pages":33,"copy":"original","folder":"other"}]}`, then: "advised/none/none/reported", tell: "即日退回材料", see: func(s *story) { s.clock("镇", "docketing", "2026-09-03", "2026-09-10") }},
	{day: "2026-09-03", who: "镇", do: "sync", file: "法院 HTTPS", tell: "退回到了法院", see: func(s *story) {
		s.inbox("法院", "answer reported 清溪镇人民调解委员会")
		s.dueOn("法院", "2026-09-04", "docketing", "2026-09-10", 6)
	}},
	{day: "2026-09-04", who: "镇 郑例贤", do: "reopen", file: `{"at":"2026-09-04","reason":"再试一次"}`, no: [2]string{"此案不由本单位办理", "the case is not this unit’s to handle"}, tell: "已经退回，镇里不能再办"},
	{day: "2026-09-04", who: "法院 吴例静", do: "docket", file: `{"at":"2026-09-04","court_no":"（2026）样0125民初1024号","court":"990125000000-fy"}`, then: "advised", tell: "登记立案，不得以调解拖延", see: func(s *story) { s.ended("法院", "docketing", "2026-09-04") }},
	{day: "2026-09-04", who: "法院 吴例静", do: "refer-close", file: `{"at":"2026-09-04","outcome":"docketed","court_no":"（2026）样0125民初1024号"}`, then: "advised/none/none/closed", tell: "委派办结"},
	{day: "2026-09-04", who: "法院 钱样明", do: "close", file: `{"at":"2026-09-04"}`, then: "closed", tell: "调解结案"},
	{day: "2026-09-04", who: "法院 吴例静", do: "archive", file: `{"at":"2026-09-04","retention":"60y"}`, then: "archived", tell: "归档"},
	{day: "2026-09-04", who: "镇", do: "sync", file: "法院 HTTPS", tell: "镇里看到立案", see: func(s *story) {
		s.same("镇", "法院")
		s.value("镇", "suit.number", "（2026）样0125民初1024号")
		s.inbox("法院", "")
	}},
}
