//go:build unix

package county

// The letter, what it takes along and how the parties agreed to it.
const letter = `{"at":"2026-09-01T16:30:00+08:00","kind":"delegate_pre","to":"990125101000-zt","letter_no":"（2026）样0125民诉前调318号","court_no":"（2026）样0125民诉前调318号","contact":"吴例静 000-0000-0021","why":"起诉材料，该纠纷适宜调解，经当事人同意","materials":[{"name":"起诉状","copies":3,"pages":3,"copy":"original","folder":"applicant"},{"name":"证据材料","copies":1,"pages":25,"copy":"copy","folder":"applicant"},{"name":"身份材料","copies":2,"pages":2,"copy":"copy","folder":"applicant"},{"name":"征求意见笔录","copies":1,"pages":2,"copy":"original","folder":"other"},{"name":"送达地址确认书（原告）","copies":1,"pages":1,"copy":"original","folder":"delivery"}],"consents":[{"who":"孙例强","how":"written","at":"2026-08-31"},{"who":"韩例宝","how":"phone_noted","at":"2026-09-01"}]}`

// toTown is how the wages case comes from the court to the township.
var toTown = []step{
	{day: "2026-08-31", who: "法院 吴例静", do: "case new", file: `{"category":"10a","source":"court","title":"孙例强与青禾县示例建筑劳务有限公司追索劳动报酬纠纷","received_at":"2026-08-31T10:00:00+08:00","facts":"孙例强自2025年10月至2026年5月在青禾县示例建筑劳务有限公司承接的“河湾桥头”项目做工。2026年6月10日公司出具盖章工资欠条，写明欠付工资23,600元。孙例强催款三次，公司以总包尾款未结为由未付。","claims":"支付2025年10月至2026年5月工资23,600元。","amount_fen":2360000,"place":"样例省青禾县清溪镇","tags":["migrant_workers","enterprise"],"parties":[{"side":"applicant","kind":"person","name":"孙例强","sex":"male","ethnicity":"01","birth_date":"1985-11-11","id_kind":"resident","id_number":"990125198511110091","phone":"000-0000-0011","address":"样例省样例市青禾县清溪镇河湾村3组20号","occupation":"农民工"},{"side":"respondent","kind":"organisation","name":"青禾县示例建筑劳务有限公司","id_kind":"uscc","id_number":"91990125MA0FAKE09D","phone":"000-0000-0012","address":"样例省样例市青禾县清溪镇示例路1号","legal_representative":"韩例宝"}]}`, tell: "孙例强到诉讼服务中心递交起诉状，立案人员登记"},
	{day: "2026-08-31", who: "法院 吴例静", do: "consent", file: `{"at":"2026-08-31","purpose":"share_referral","given":true,"by":["孙例强"],"how":"written"}`, then: "submitted", tell: "释明诉前调解，原告书面同意"},
	{day: "2026-09-01", who: "法院 吴例静", do: "consent", file: `{"at":"2026-09-01T10:15:00+08:00","purpose":"share_referral","given":true,"by":["韩例宝"],"how":"phone_noted"}`, then: "submitted", tell: "电话征询公司，法定代表人口头同意，记入笔录"},
}

var sending = []step{
	{day: "2026-09-01", who: "法院 吴例静", do: "refer", file: letter, then: "submitted/none/none/sent", tell: "委派调解函318号发出，案件从此对该镇开放"},
	{day: "2026-09-01", who: "镇", do: "sync", file: "法院 HTTPS", tell: "镇里收到函和案件", see: func(s *story) {
		s.inbox("镇", "letter sent 青禾县人民法院")
		s.dueOn("镇", "2026-09-02", "refer-receive", "2026-09-01", -1)
	}},
}

var received = []step{
	{day: "2026-09-02", who: "镇 周例计", do: "refer-receive", file: `{"at":"2026-09-02T09:20:00+08:00","name":"周例计","pages":33,"complete":true}`, then: "submitted/none/none/received", tell: "签收33页，核对无误；三十日从签收起算，末日10月2日逢国庆假期，顺延到10月8日", see: func(s *story) {
		s.clock("镇", "delegated", "2026-09-02", "2026-10-08")
		s.moved("镇", "delegated", "2026-10-02")
		s.clock("镇", "referral_answer", "2026-09-02", "2026-09-07")
		s.dueOn("镇", "2026-09-30", "delegated", "2026-10-08", 8)
	}},
	{day: "2026-09-02", who: "镇 郑例贤", do: "refer-accept", file: `{"at":"2026-09-02","mediators":["郑例贤"]}`, then: "submitted/none/none/accepted", tell: "接受委派"},
	{day: "2026-09-02", who: "镇 周例计", do: "accept", file: `{"at":"2026-09-02"}`, then: "accepted/none/none/in_work", tell: "自动编号", see: func(s *story) { s.value("镇", "number", "（2026）清溪人调字第41号") }},
	{day: "2026-09-02", who: "镇 郑例贤", do: "assign", file: `{"at":"2026-09-02","mediators":["郑例贤","周例计"],"by":"committee"}`, then: "assigned", tell: "郑例贤主持，周例计记录"},
}

// mediated is the mediation, from the notices to the signed agreement.
var mediated = []step{
	{day: "2026-09-02", who: "镇", do: "sync", file: "法院 HTTPS", tell: "法院看到签收和接受", see: func(s *story) { s.same("镇", "法院") }},
	{day: "2026-09-04", who: "镇 周例计", do: "notice", file: `{"at":"2026-09-04","what":"rights","notified":["孙例强"],"how":"in_person","reading":"self"}`, then: "assigned", tell: "权利义务告知书"},
	{day: "2026-09-04", who: "镇 周例计", do: "case set", file: `{"parties.{青禾县示例建筑劳务有限公司}.agent":{"name":"黄例敏","kind":"employee","authority":"special","powers":["admit_change_waive","take_part_sign","receive"],"phone":"000-0000-0013"}}`, tell: "授权委托书：黄例敏，单位工作人员，特别授权，权限逐项勾选"},
	{day: "2026-09-04", who: "镇 周例计", do: "notice", file: `{"at":"2026-09-04","what":"rights","notified":["黄例敏"],"how":"in_person","reading":"self"}`, then: "assigned", tell: "公司代理人到场"},
	{day: "2026-09-04", who: "镇 周例计", do: "consent", file: `{"at":"2026-09-04","purpose":"mediation","given":true,"by":["黄例敏"],"how":"written"}`, then: "assigned", tell: "公司同意调解", see: func(s *story) { s.ended("镇", "ask_other_party", "2026-09-04") }},
	{day: "2026-09-07", who: "镇 郑例贤", do: "investigate", file: `{"at":"2026-09-07T14:00:00+08:00","place":"清溪镇综治中心调解室","what":"被调查人黄例敏：欠条金额属实，是公司公章；因总包尾款未结；预计10月有一笔回款12,000元左右","present":["黄例敏","郑例贤","周例计"]}`, then: "assigned", tell: "调查记录"},
	{day: "2026-09-08", who: "法院 吴例静", do: "notice", file: `{"at":"2026-09-08","what":"limitation","notified":["孙例强"],"how":"phone"}`, then: "assigned", tell: "法院同时在自己的电脑上登记：告知诉讼时效"},
	{day: "2026-09-09", who: "镇 郑例贤", do: "start-session", file: `{"at":"2026-09-09T09:30:00+08:00","place":"镇调解室","present":["孙例强","黄例敏","郑例贤","周例计"]}`, then: "mediating", tell: "第一次调解"},
	{day: "2026-09-09", who: "镇 郑例贤", do: "undisputed", file: `{"at":"2026-09-09","undisputed_facts":[{"fact":"孙例强自2025年10月至2026年5月在公司承接的“河湾桥头”项目做工"},{"fact":"截至2026年6月10日公司欠付工资23,600元"},{"fact":"公司已收到孙例强催款三次"}],"confirmed_by":["孙例强","黄例敏"]}`, then: "mediating", tell: "无争议事实，双方确认；只有这一页可以随反馈移送法院"},
	{day: "2026-09-09", who: "镇 周例计", do: "case set", file: `{"parties.{孙例强}.delivery":{"address":"样例省样例市青禾县清溪镇河湾村3组20号","phone":"000-0000-0011","electronic":true,"electronic_to":"000-0000-0011","confirmed_on":"2026-09-09"},"parties.{青禾县示例建筑劳务有限公司}.delivery":{"address":"样例省样例市青禾县清溪镇示例路1号","phone":"000-0000-0012","electronic":true,"electronic_to":"000-0000-0012","confirmed_on":"2026-09-09"}}`, tell: "送达地址确认书，同意短信送达"},
	{day: "2026-09-09", who: "镇 郑例贤", do: "end-session", file: `{"at":"2026-09-09T11:00:00+08:00","result":"continue","next_at":"2026-09-16T09:00:00+08:00"}`, then: "mediating", tell: "孙要一次付清，公司只能分期；约定9月16日"},
	{day: "2026-09-10", who: "镇", do: "sync", file: "法院 HTTPS", tell: "两边对上", see: func(s *story) { s.same("镇", "法院") }},
	{day: "2026-09-16", who: "镇 郑例贤", do: "start-session", file: `{"at":"2026-09-16T09:00:00+08:00","place":"镇调解室","present":["孙例强","黄例敏","韩例宝","郑例贤","周例计"]}`, then: "mediating", tell: "第二次调解，法定代表人到场"},
	{day: "2026-09-16", who: "镇 郑例贤", do: "agree", file: `{"form":"written","at":"2026-09-16","copies":4,"acceleration":true,"interest_bp":300,"facts":"孙例强2025年10月至2026年5月为公司提供劳动，双方2026年6月10日确认欠付工资23,600元。双方对金额无争议，对付款时间有争议。工伤、社会保险等不在本协议范围。双方同意共同向青禾县人民法院申请司法确认。","terms":[{"who":"青禾县示例建筑劳务有限公司","to":"孙例强","what":"签订协议时支付工资","kind":"pay","amount_fen":500000,"due":"2026-09-16","how":"银行转账"},{"who":"青禾县示例建筑劳务有限公司","to":"孙例强","what":"支付工资（第二期）","kind":"pay","amount_fen":1000000,"due":"2026-10-15","how":"银行转账"},{"who":"青禾县示例建筑劳务有限公司","to":"孙例强","what":"支付工资（第三期）","kind":"pay","amount_fen":860000,"due":"2026-11-16","how":"银行转账"}]}`, then: "agreed/none", tell: "分三期，任何一期逾期的，余款一次到期，年利率3%"},
	{day: "2026-09-16", who: "镇 郑例贤", do: "end-session", file: `{"at":"2026-09-16T10:30:00+08:00","result":"agreed"}`, then: "agreed", tell: "调解成功"},
	{day: "2026-09-16", who: "镇 周例计", do: "sign", file: `{"at":"2026-09-16","by":["孙例强","韩例宝","郑例贤","周例计"],"seal":true,"how":"mixed"}`, then: "effective/performing/none/in_work", tell: "签章齐全，当日生效；共同申请司法确认到10月16日止", see: func(s *story) {
		s.value("镇", "agreement.effective_on", "2026-09-16")
		s.clock("镇", "confirmation_apply", "2026-09-16", "2026-10-16")
		s.ended("镇", "delegated", "2026-09-16")
		s.days("镇", 14)
	}},
	{day: "2026-09-16", who: "镇 周例计", do: "perform", file: `{"term":1,"at":"2026-09-16","amount_fen":500000,"proof":"银行转账回单","received_by":"孙例强"}`, then: "effective/performing", tell: "第一期当场付清"},
}

// answers are those of the pre-check; court is where the application goes.
func application(at, court string) string {
	return `{"at":"` + at + `","court":"` + court + `","by":["孙例强","韩例宝"],"answers":[{"question":"signed","answer":true},{"question":"in_time","answer":true},{"question":"both","answer":true},{"question":"right_court","answer":true},{"question":"scope","answer":true},{"question":"status","answer":false},{"question":"ownership","answer":false},{"question":"special_procedure","answer":false},{"question":"clear","answer":true},{"question":"third_party","answer":false},{"question":"lawful","answer":false},{"question":"morals","answer":false},{"question":"capacity","answer":true},{"question":"agents","answer":true},{"question":"willing","answer":true},{"question":"materials","answer":true}],"materials":["application","agreement","proof","identity","attorney","receipts","delivery"]}`
}

const ownCourt, otherCourt = "990125000000-fy", "990126000000-fy"

// confirmed is the way from the joint application to the ruling.
var confirmed = []step{
	{day: "2026-09-18", who: "镇 周例计", do: "confirm-apply", file: application("2026-09-18", ownCourt), then: "effective/performing/applied/in_work", tell: "申请前自查逐项回答，双方共同申请"},
	{day: "2026-09-18", who: "镇 郑例贤", do: "refer-report", file: `{"at":"2026-09-18","result":"agreed","materials":[{"name":"调解协议","copies":2,"pages":4,"copy":"original","folder":"agreement"},{"name":"司法确认申请书","copies":1,"pages":3,"copy":"original","folder":"confirmation"},{"name":"调解笔录","copies":1,"pages":6,"copy":"copy","folder":"minutes"},{"name":"权利义务告知书","copies":1,"pages":2,"copy":"copy","folder":"rights"},{"name":"其他材料","copies":1,"pages":26,"copy":"copy","folder":"other"}],"letter_no":"移送函"}`, then: "effective/performing/applied/reported", tell: "移送函：调解成功，材料共41页；无争议事实随之移送，让步和方案不在其中"},
	{day: "2026-09-18", who: "镇", do: "sync", file: "法院 HTTPS", tell: "申请和反馈到了法院", see: func(s *story) {
		s.inbox("法院", "answer reported 清溪镇人民调解委员会; application applied 清溪镇人民调解委员会")
		s.value("法院", "referrals.0.report.undisputed_facts.1.fact", "截至2026年6月10日公司欠付工资23,600元")
		s.same("镇", "法院")
	}},
	{day: "2026-09-21", who: "法院 吴例静", do: "confirm-receive", file: `{"at":"2026-09-21","name":"吴例静"}`, then: "effective/performing/received", tell: "法院收到申请，三日内决定是否受理", see: func(s *story) { s.clock("法院", "confirmation_intake", "2026-09-21", "2026-09-24") }},
	{day: "2026-09-21", who: "法院 吴例静", do: "confirm-accept", file: `{"at":"2026-09-21","court_no":"（2026）样0125诉前调确27号"}`, then: "effective/performing/accepted", tell: "受理；法院的案号只登记，不编排"},
}

var ruled = []step{
	{day: "2026-09-24", who: "法院 钱样明", do: "confirm-rule", file: `{"at":"2026-09-24","note":"9月23日双方到场核实（视频1人、到场1人）"}`, then: "effective/performing/confirmed", tell: "裁定确认有效，不收费；从此可以申请强制执行"},
	{day: "2026-09-24", who: "法院 吴例静", do: "refer-close", file: `{"at":"2026-09-24","outcome":"confirmed","court_no":"（2026）样0125诉前调确27号"}`, then: "effective/performing/confirmed/closed", tell: "委派办结"},
	{day: "2026-09-24", who: "法院", do: "sync", file: "镇 libp2p", tell: "裁定到了镇里", see: func(s *story) {
		s.same("镇", "法院")
		s.inbox("镇", "")
		s.inbox("法院", "")
		s.value("镇", "judicial_confirmation.number", "（2026）样0125诉前调确27号")
		s.clock("镇", "enforcement", "2026-11-16", "2028-11-16")
	}},
}

var performed = []step{
	{day: "2026-10-12", who: "镇 周例计", do: "remind", file: `{"at":"2026-10-12","term":2,"how":"phone","notified":["黄例敏"]}`, then: "effective/performing", tell: "第二期到期前三日提醒", see: func(s *story) { s.dueOn("镇", "2026-10-12", "perform", "2026-10-15", 3) }},
	{day: "2026-10-15", who: "镇 周例计", do: "perform", file: `{"term":2,"at":"2026-10-15","amount_fen":1000000,"proof":"银行回单","received_by":"孙例强"}`, then: "effective/performing", tell: "第二期付清"},
	{day: "2026-11-13", who: "镇 周例计", do: "remind", file: `{"at":"2026-11-13","term":3,"how":"phone","notified":["黄例敏"]}`, then: "effective/performing", tell: "第三期到期前三日提醒", see: func(s *story) { s.dueOn("镇", "2026-11-13", "perform", "2026-11-16", 3) }},
	{day: "2026-11-16", who: "镇 周例计", do: "perform", file: `{"term":3,"at":"2026-11-16","amount_fen":860000,"proof":"银行回单","received_by":"孙例强"}`, then: "effective/performed", tell: "第三期付清，全部履行"},
	{day: "2026-11-20", who: "镇 郑例贤", do: "follow-up", file: `{"at":"2026-11-20","how":"phone","visited":["孙例强","青禾县示例建筑劳务有限公司"],"satisfied":"satisfied","performed":"all","by":"郑例贤","note":"孙例强：全部收到；公司：已履行"}`, then: "effective/performed", tell: "电话回访"},
	{day: "2026-11-20", who: "镇 郑例贤", do: "close", file: `{"at":"2026-11-20"}`, then: "closed/performed/confirmed/closed", tell: "结案"},
	{day: "2026-11-20", who: "镇 周例计", do: "archive", file: `{"at":"2026-11-20","retention":"60y","number":"（2026）清溪人调字第41号","by":"周例计","checker":"郑例贤"}`, then: "archived/performed/confirmed/closed", tell: "归档，目录另加司法确认有关材料"},
	{day: "2026-11-20", who: "镇", do: "sync", file: "法院 HTTPS", tell: "法院看到履行和归档", see: func(s *story) {
		s.same("镇", "法院")
		s.value("法院", "source", "court")
		s.value("法院", "category", "10a")
		s.value("法院", "care.satisfaction", "satisfied")
	}},
	{day: "2026-11-20", who: "河湾村", do: "sync", file: "镇 libp2p", tell: "两个村都看不到这件案子", see: func(s *story) { s.absent("河湾村") }},
	{day: "2026-11-20", who: "桥头村", do: "sync", file: "镇 HTTPS", tell: "案件不在其范围", see: func(s *story) { s.absent("桥头村") }},
}
