//go:build unix

package county

import "strings"

// What must not be done in the course of the wages case.

var notSent = []step{
	{day: "2026-09-01", who: "法院 吴例静", do: "refer", file: letter, no: [2]string{"不在本院特邀调解组织名册", "was not on this court’s roster"}, tell: "名册以外的组织"},
	{day: "2026-09-01", who: "法院 钱样明", do: "roster set", file: `{"roster.+":{"unit":"990125101000-zt","name":"清溪镇人民调解委员会"}}`, tell: "列入特邀调解组织名册"},
	{day: "2026-09-01", who: "法院 吴例静", do: "refer", file: strings.Replace(letter, "990125101000-zt", "990125101999-zt", 1), no: [2]string{"没有“990125101999-zt”这个单位", "no unit 990125101999-zt"}, tell: "系统里没有的单位"},
	{day: "2026-09-01", who: "法院 吴例静", do: "refer", file: letter[:strings.Index(letter, `,"consents"`)] + "}", no: [2]string{"须经各方当事人同意", "the parties have to agree"}, tell: "没有当事人的同意"},
}

var notReceived = []step{
	{day: "2026-09-02", who: "镇 周例计", do: "accept", file: `{"at":"2026-09-02"}`, no: [2]string{"先签收并接受", "signs for it"}, tell: "没有签收和接受就受理"},
	{day: "2026-09-02", who: "镇 周例计", do: "refer-receive", file: `{"at":"2026-08-31","name":"周例计"}`, no: [2]string{"at：日期 2026-08-31 早于 2026-09-01（发出移送函）；请核对日期", "at: the date 2026-08-31 lies before 2026-09-01 (Send a letter); check the dates"}, tell: "签收日早于发函日"},
}

var notApplied = []step{
	{day: "2026-10-17", who: "镇 周例计", do: "confirm-apply", file: application("2026-10-17", ownCourt), no: [2]string{"最后期限是 2026-10-16", "was 2026-10-16"}, tell: "假如拖到10月17日，超过三十日"},
	{day: "2026-09-18", who: "镇 周例计", do: "confirm-apply", file: application("2026-09-18", "990125101203-tw"), no: [2]string{"不是人民法院", "is no court"}, tell: "不是法院"},
	{day: "2026-09-18", who: "镇 周例计", do: "confirm-apply", file: application("2026-09-18", otherCourt), no: [2]string{"作出委派的人民法院", "the court that delegated"}, tell: "不是作出委派的法院"},
	{day: "2026-09-18", who: "镇 周例计", do: "confirm-apply", file: strings.Replace(application("2026-09-18", ownCourt), `"孙例强","韩例宝"`, `"孙例强"`, 1), no: [2]string{"青禾县示例建筑劳务有限公司", "青禾县示例建筑劳务有限公司"}, tell: "只有一方申请"},
	{day: "2026-09-18", who: "镇 周例计", do: "refer-report", file: `{"at":"2026-09-18","result":"agreed"}`, no: [2]string{"调解员", "Mediator"}, tell: "工作人员不能反馈结果"},
}

var notRuled = []step{
	{day: "2026-09-24", who: "法院 吴例静", do: "confirm-rule", file: `{"at":"2026-09-24"}`, no: [2]string{"法官", "Judge"}, tell: "书记人员不能裁定"},
	{day: "2026-09-24", who: "镇 郑例贤", do: "confirm-rule", file: `{"at":"2026-09-24"}`, no: [2]string{"只有收到申请的法院可以办理", "only the court to which the application went"}, tell: "镇里不能裁定"},
	{day: "2026-09-24", who: "法院 钱样明", do: "confirm-rule", file: `{"at":"2026-09-20"}`, no: [2]string{"早于", "lies before"}, tell: "裁定日早于受理日"},
}
