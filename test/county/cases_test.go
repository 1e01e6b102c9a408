//go:build unix

package county

// The units of the stories. All are invented: the division 990125 does not exist.
func (c *county) courtAndTown() (court, town *desk) {
	c.t.Helper()
	court = c.found("法院", "990125000000-fy", "青禾县人民法院", nil, person{"钱样明", "admin,director,judge"}, person{"吴例静", "clerk"})
	town = c.found("镇", "990125101000-zt", "清溪镇人民调解委员会", court, person{"周例计", "admin,clerk"}, person{"郑例贤", "director,mediator"})
	town.run("郑例贤", `{"abbr":"清溪","ranges.+":{"series":"volume","year":2026,"seat":"`+town.seats["周例计"]+`","from":41,"to":80}}`, "unit", "set", "--file", "-")
	return court, town
}

func (c *county) villages(town *desk) {
	c.t.Helper()
	hewan := c.found("河湾村", "990125101203-tw", "河湾村人民调解委员会", town, person{"赵示和", "director,mediator"}, person{"刘例芳", "clerk"})
	hewan.run("赵示和", `{"abbr":"河湾","ranges.+":{"series":"volume","year":2026,"seat":"`+hewan.seats["赵示和"]+`","from":1,"to":6}}`, "unit", "set", "--file", "-")
	hewan.run("赵示和", `{"ranges.+":{"series":"volume","year":2026,"seat":"`+hewan.seats["刘例芳"]+`","from":7,"to":20}}`, "unit", "set", "--file", "-")
	c.found("桥头村", "990125101204-tw", "桥头村人民调解委员会", town, person{"韩例平", "director,mediator"})
}

// wall is the first example case: neighbours and a wall, from the sweep to the
// archived file.
var wall = []step{
	{day: "2026-03-08", who: "河湾村 刘例芳", do: "sweep add", file: `{"day":"2026-03-08","area":"河湾村3组","kind":"routine","who":"孙例强","households":12,"found":1}`, tell: "网格员走访，发现一件"},
	{day: "2026-03-08", who: "河湾村 刘例芳", do: "case lead", file: `{"at":"2026-03-08T16:20:00+08:00","brief":"王家翻建围墙，李家认为占其滴水沟，双方发生口角","place":"河湾村3组","people":["李大样","王小例"],"found":"grid","finder":"孙例强","level":"yellow","risks":["crime"],"measures":"劝停施工，告知可以申请调解","category":"02"}`, tell: "线索还不是案件，只有登记的人和指导站看得到内容", see: func(s *story) { s.state("河湾村", "lead/none/none/none") }},
	{day: "2026-03-08", who: "河湾村", do: "sync", file: "镇 libp2p", tell: "镇里当晚看到线索"},
	{day: "2026-03-08", who: "镇 周例计", do: "risk", file: `{"at":"2026-03-08T21:00:00+08:00","level":"yellow","risks":["crime"],"people":6,"measures":"请网格员次日再去，防止再起争执"}`, then: "lead", tell: "指导站直接在案件上登记，村里下次同步看到"},

	{day: "2026-03-09", who: "河湾村 刘例芳", do: "make-case", file: `{"at":"2026-03-09","source":"application","reason":"李大样口头申请，代书并宣读"}`, then: "submitted", tell: "李大样前来申请，线索转为案件，来源改为当事人申请；诉讼时效自申请之日中断"},
	{day: "2026-03-09", who: "河湾村 刘例芳", do: "case set", file: `{"title":"李大样与王小例围墙边界邻里纠纷","facts":"李大样与王小例两家东西相邻，中间原有一道1998年砌的土墙，墙西侧有李家屋檐滴水沟约40厘米。2026年3月5日王小例拆除旧土墙，在偏西位置开挖新围墙地基，长约12米。李大样认为新地基移了约25厘米，占了滴水沟。3月7日双方争吵。","claims":"一、停止占用滴水沟砌墙，按原墙中心线退回；二、保证屋檐滴水排水畅通；三、赔偿排水瓦管损失300元。","amount_fen":30000,"place":"样例省青禾县清溪镇河湾村3组","tags.+":"elderly","parties.{李大样}":{"sex":"male","ethnicity":"01","birth_date":"1955-03-12","id_kind":"resident","id_number":"990125195503120018","phone":"000-0000-0001","contact":"村干部刘例芳可代联系","address":"样例省样例市青禾县清溪镇河湾村3组12号","occupation":"务农"},"parties.{王小例}":{"sex":"male","ethnicity":"01","birth_date":"1962-07-08","id_kind":"resident","id_number":"990125196207080036","phone":"000-0000-0002","address":"样例省样例市青禾县清溪镇河湾村3组13号","occupation":"务农"}}`, tell: "照申请书补齐当事人、事实、请求和金额"},
	{day: "2026-03-09", who: "河湾村 刘例芳", do: "proxy", file: `{"at":"2026-03-09","for":"李大样","name":"刘例芳","relation":"调委会委员","reading":"read_aloud","confirmed":"fingerprint","what":"人民调解申请书：本人口述，代书，逐句宣读，捺右手食指印"}`, then: "submitted", tell: "谁代的笔、怎么读给他听、怎么确认，都有记录"},
	{day: "2026-03-10", who: "河湾村 刘例芳", do: "consent", file: `{"at":"2026-03-10T10:00:00+08:00","purpose":"mediation","given":true,"by":["王小例"],"how":"oral_noted"}`, then: "submitted", tell: "征求对方意见，对方同意"},
	{day: "2026-03-10", who: "河湾村 刘例芳", do: "accept", file: `{"at":"2026-03-08"}`, no: [2]string{"日期 2026-03-08 早于 2026-03-09", "lies before 2026-03-09"}, tell: "受理日写成申请之前"},
	{day: "2026-03-10", who: "河湾村 刘例芳", do: "accept", file: `{"at":"2026-03-10","number":"（2026）河湾人调字第6号","series":"volume","year":2026,"n":6}`, no: [2]string{"6 号不在这台电脑卷宗 2026 年的号段（7–20）之内", "the number 6 is not among this desk"}, tell: "号码不在本席位的号段内"},
	{day: "2026-03-10", who: "河湾村 刘例芳", do: "accept", file: `{"at":"2026-03-10"}`, then: "accepted", tell: "自动取本席位号段里的下一个号，调解期限到4月9日", see: func(s *story) {
		s.value("河湾村", "number", "（2026）河湾人调字第7号")
		s.clock("河湾村", "mediation", "2026-03-10", "2026-04-09")
		s.clock("河湾村", "limitation", "2026-03-09", "2029-03-09")
		s.dueOn("河湾村", "2026-04-02", "mediation", "2026-04-09", 7)
	}},
	{day: "2026-03-10", who: "河湾村 刘例芳", do: "notice", file: `{"at":"2026-03-10","what":"rights","notified":["李大样"],"how":"read_aloud","reading":"read_aloud","reader":"刘例芳"}`, then: "accepted", tell: "宣读后捺印"},
	{day: "2026-03-10", who: "河湾村 刘例芳", do: "notice", file: `{"at":"2026-03-10","what":"rights","notified":["王小例"],"how":"in_person","reading":"self"}`, then: "accepted", tell: "自阅后签名"},
	{day: "2026-03-10", who: "河湾村 刘例芳", do: "consent", file: `{"at":"2026-03-10","purpose":"open","given":false,"by":["李大样","王小例"],"how":"written"}`, then: "accepted", tell: "双方选择不公开"},
	{day: "2026-03-10", who: "河湾村 刘例芳", do: "consent", file: `{"at":"2026-03-10","purpose":"mediator","given":true,"by":["李大样","王小例"],"how":"written"}`, then: "accepted", tell: "双方接受指定的调解员"},
	{day: "2026-03-10", who: "河湾村 刘例芳", do: "assign", file: `{"at":"2026-03-10","mediators":["赵示和","刘例芳"],"by":"committee"}`, no: [2]string{"需要以下身份之一：调解员、主任", "one of these roles is needed: Mediator, Director"}, tell: "工作人员不能指定调解员"},
	{day: "2026-03-10", who: "河湾村 赵示和", do: "assign", file: `{"at":"2026-03-10","mediators":["赵示和","刘例芳"],"by":"committee"}`, then: "assigned", tell: "赵示和主持，刘例芳记录"},
	{day: "2026-03-11", who: "河湾村 赵示和", do: "investigate", file: `{"at":"2026-03-11T09:00:00+08:00","place":"纠纷现场","what":"围墙地基位置：新地基中心线较旧墙中心线北端偏西6厘米、南端偏西22厘米，断瓦管一节0.8米","present":["赵示和","刘例芳","孙例强","李大样","王小例"]}`, then: "assigned", tell: "调查（一）：双方对测量没有意见"},
	{day: "2026-03-11", who: "河湾村 赵示和", do: "investigate", file: `{"at":"2026-03-11T15:00:00+08:00","place":"村委会","what":"原村会计陈例公：1998年分宅以墙中心为界，登记册第14页有记载","present":["赵示和","刘例芳","陈例公"]}`, then: "assigned", tell: "调查（二）"},
	{day: "2026-03-11", who: "河湾村", do: "sync", file: "镇 libp2p", tell: "村里三天的办理和镇里的登记对上", see: func(s *story) { s.same("河湾村", "镇") }},
	{day: "2026-03-12", who: "河湾村 赵示和", do: "helper", file: `{"at":"2026-03-12","name":"李样文","role":"relative","consent_by":["李大样","王小例"],"what":"李大样之子，帮助沟通"}`, then: "assigned", tell: "经双方同意邀请儿子参加"},
	{day: "2026-03-12", who: "河湾村 赵示和", do: "start-session", file: `{"at":"2026-03-12T19:30:00+08:00","place":"河湾村人民调解室","present":["李大样","王小例","李样文","孙例强","赵示和","刘例芳"],"open":false}`, then: "mediating", tell: "第一次调解"},
	{day: "2026-03-12", who: "河湾村 赵示和", do: "end-session", file: `{"at":"2026-03-12T20:50:00+08:00","result":"continue","next_at":"2026-03-17T09:00:00+08:00","note":"期间王小例暂停施工"}`, then: "mediating", tell: "有待继续调解，约定3月17日", see: func(s *story) { s.dueOn("河湾村", "2026-03-16", "start-session", "2026-03-17", 1) }},
	{day: "2026-03-13", who: "镇 周例计", do: "risk", file: `{"at":"2026-03-13","level":"green","measures":"电话回问网格员，双方未再争吵","prevented":true}`, then: "assigned", tell: "镇里还没有同步，看到的是“已指派”，照样能登记；两边互不妨碍"},
	{day: "2026-03-17", who: "河湾村 赵示和", do: "helper", file: `{"at":"2026-03-17","name":"周例","role":"experienced","consent_by":["李大样","王小例"],"what":"泥瓦匠，估算返工约800元"}`, then: "mediating", tell: "经双方同意邀请泥瓦匠"},
	{day: "2026-03-17", who: "河湾村 赵示和", do: "start-session", file: `{"at":"2026-03-17T09:00:00+08:00","place":"纠纷现场及调解室","present":["李大样","王小例","李样文","孙例强","周例","赵示和","刘例芳"],"open":false}`, then: "mediating", tell: "第二次调解"},
	{day: "2026-03-17", who: "河湾村 赵示和", do: "agree", file: `{"form":"written","at":"2026-03-17","terms":[{"who":"","what":"换新瓦管","due":"2026-03-20"}]}`, no: [2]string{"terms[0].who", "terms[0].who"}, tell: "没有写明谁履行"},
	{day: "2026-03-17", who: "河湾村 赵示和", do: "agree", file: `{"form":"written","at":"2026-03-17","terms":[{"who":"王小例","what":"支付排水瓦管损失","kind":"pay","due":"2026-03-20"}]}`, no: [2]string{"没有写明金额", "no amount is given"}, tell: "付款没有写明金额"},
	{day: "2026-03-17", who: "河湾村 赵示和", do: "agree", file: `{"form":"written","at":"2026-03-17","terms":[{"who":"王小例","what":"换新瓦管"}]}`, no: [2]string{"terms[0].due", "terms[0].due"}, tell: "没有写明时间"},
	{day: "2026-03-17", who: "河湾村 赵示和", do: "agree", file: `{"form":"written","at":"2026-03-17","copies":3,"facts":"2026年3月5日王小例翻建围墙，新地基中心线较旧土墙中心线北端偏西6厘米、南端偏西22厘米，影响李大样屋檐滴水及排水，并挖断排水瓦管一节（0.8米）。偏移系施工放线误差，王小例认可。","clauses":[{"clause":"李大样不再主张赔偿300元。"},{"clause":"本协议仅解决相邻围墙施工、排水问题，不作为宅基地使用权权属的确认。"},{"clause":"双方今后互不因此事再起争执。"}],"terms":[{"who":"王小例","what":"被挖断的排水瓦管（0.8米）换新并恢复流水","kind":"act","due":"2026-03-20"},{"who":"王小例","what":"新建围墙以旧土墙中心线为墙体中心线，墙厚24厘米，高不超过2.2米，拆除已浇超出部分的垫层，费用自担","kind":"act","due":"2026-04-20"},{"who":"王小例","what":"围墙完工后2日内清理余土；施工期间李大样允许工人从其院外侧通行","kind":"act","due":"2026-04-20"},{"who":"双方","what":"屋檐滴水沟（旧墙中心线西侧38厘米范围）保持现状，不得堆物、封堵，围墙不向该侧设置排水口","kind":"refrain","due":"2026-04-20"}]}`, then: "agreed", tell: "协议六项：有义务的列为条款，其余列为其他约定"},
	{day: "2026-03-17", who: "河湾村 赵示和", do: "end-session", file: `{"at":"2026-03-17T10:20:00+08:00","result":"agreed"}`, then: "agreed", tell: "调解成功"},
	{day: "2026-03-17", who: "河湾村 刘例芳", do: "sign", file: `{"at":"2026-03-17","by":["李大样"],"how":"fingerprint","reading":"read_aloud","reader":"刘例芳"}`, then: "agreed/none", tell: "宣读后捺印；还缺对方、调解员和印章，协议没有生效", see: func(s *story) { s.value("河湾村", "agreement.effective_on", "") }},
	{day: "2026-03-17", who: "河湾村 刘例芳", do: "sign", file: `{"at":"2026-03-17","by":["王小例","赵示和","刘例芳"],"seal":true,"how":"mixed"}`, then: "effective/performing/none/none", tell: "签章齐全，当日生效；司法确认可以申请到4月16日，双方表示暂不申请", see: func(s *story) {
		s.value("河湾村", "agreement.effective_on", "2026-03-17")
		s.clock("河湾村", "confirmation_apply", "2026-03-17", "2026-04-16")
		s.ended("河湾村", "mediation", "2026-03-17")
		s.days("河湾村", 7)
	}},
	{day: "2026-03-17", who: "河湾村 赵示和", do: "close", file: `{"at":"2026-03-17"}`, no: [2]string{"履行", "perform"}, tell: "还没有履行，不能结案"},
	{day: "2026-03-17", who: "桥头村", do: "sync", file: "镇 HTTPS", tell: "另一个村同步，看不到这件案子", see: func(s *story) { s.absent("桥头村") }},
	{day: "2026-03-18", who: "河湾村", do: "sync", file: "镇 libp2p", tell: "协议到了镇里，镇里的风险登记到了村里", see: func(s *story) { s.same("河湾村", "镇") }},
	{day: "2026-03-18", who: "镇", do: "sync", file: "法院 HTTPS", tell: "法院只得到统计用的摘要，没有姓名", see: func(s *story) { s.digest("法院") }},
	{day: "2026-03-19", who: "河湾村 刘例芳", do: "perform", file: `{"term":1,"at":"2026-03-19","proof":"瓦管更换照片1张，李大样捺印“已通水”","received_by":"李大样"}`, then: "effective/performing", tell: "提前一日履行", see: func(s *story) { s.dueOn("河湾村", "2026-04-17", "perform", "2026-04-20", 3) }},
	{day: "2026-04-18", who: "河湾村 刘例芳", do: "perform", file: `{"term":2,"at":"2026-04-18","proof":"围墙验收单：北、中、南三点偏差不超过1厘米，赵示和、李大样、王小例签名"}`, then: "effective/performing", tell: "围墙验收"},
	{day: "2026-04-18", who: "河湾村 刘例芳", do: "perform", file: `{"term":3,"at":"2026-04-18","proof":"围墙验收单：余土已清"}`, then: "effective/performing", tell: "余土清理"},
	{day: "2026-04-18", who: "河湾村 刘例芳", do: "perform", file: `{"term":4,"at":"2026-04-18","proof":"围墙验收单：滴水沟保持现状，未设排水口"}`, then: "effective/performed", tell: "全部履行"},
	{day: "2026-04-18", who: "镇", do: "sync", file: "河湾村 libp2p", tell: "这一次由镇里连到村里"},
	{day: "2026-04-27", who: "河湾村 赵示和", do: "follow-up", file: `{"at":"2026-04-27","how":"visit","visited":["李大样","王小例"],"satisfied":"satisfied","performed":"all","by":"赵示和","note":"3月28日、4月12日两次大雨排水正常；无激化和遗留隐患","hidden_danger":false}`, then: "effective/performed", tell: "回访满意"},
	{day: "2026-04-28", who: "河湾村 赵示和", do: "archive", file: `{"at":"2026-04-28","retention":"60y"}`, no: [2]string{"先办理：结案", "first do: Close"}, tell: "没有结案不能归档"},
	{day: "2026-04-28", who: "河湾村 赵示和", do: "close", file: `{"at":"2026-04-28"}`, then: "closed/performed", tell: "结案"},
	{day: "2026-04-28", who: "河湾村 刘例芳", do: "archive", file: `{"at":"2026-04-28","retention":"60y","number":"（2026）河湾人调字第7号","pages":28,"by":"刘例芳","checker":"赵示和"}`, then: "archived/performed", tell: "归档，保管期限长期（60年）"},
	{day: "2026-04-28", who: "河湾村", do: "sync", file: "镇 libp2p", tell: "镇里看到归档"},
	{day: "2026-04-28", who: "镇", do: "sync", file: "法院 HTTPS", tell: "法院的摘要到此为止"},
	{day: "2026-04-29", who: "桥头村", do: "sync", file: "镇 libp2p", tell: "桥头村仍然看不到", see: func(s *story) {
		s.same("河湾村", "镇")
		s.absent("桥头村")
		s.digest("法院")
		s.value("镇", "source", "application")
		s.value("镇", "category", "02")
		s.value("镇", "agreement.form", "written")
		s.value("镇", "outcome", "agreed")
		s.value("镇", "care.satisfaction", "satisfied")
		s.value("镇", "received_on", "2026-03-09")
	}},
}

// neighbour is a court of another county in the same tree; it takes no part.
func (c *county) neighbour(court *desk) {
	c.t.Helper()
	c.found("邻县法院", otherCourt, "样邻县人民法院", court, person{"冯样平", "admin,director,judge"})
}
