package identity

import (
	"fmt"
	"strings"
)

// SheetPage is what stands on a printed recovery sheet besides the groups.
type SheetPage struct {
	UnitName, UnitCode, SeatName string
	Day                          string // ISO; a field that a person confirmed
}

// Print is the recovery sheet as text for paper, in Chinese, or in English.
func (s Sheet) Print(p SheetPage, english bool) string {
	t := sheetChinese
	if english {
		t = sheetEnglish
	}
	groups := s.Groups()
	var rows strings.Builder
	for i, g := range groups {
		label := fmt.Sprint(i + 1)
		if i >= sheetGroups {
			label = t.check + fmt.Sprint(i-sheetGroups+1)
		}
		fmt.Fprintf(&rows, "  %s  %s\n", label, g)
	}
	return fmt.Sprintf(t.page, p.UnitName, p.UnitCode, p.SeatName, p.Day, rows.String())
}

type sheetText struct{ page, check string }

var sheetChinese = sheetText{check: "校验", page: `和解 恢复单

单位：%s（%s）
开设人：%s
日期：%s

%s
用途：忘记密码、电脑丢失或损坏时，凭此单恢复本单位的数据和密钥。
保管：打印后放入保险柜或档案柜，由负责人保管；不要拍照，不要发送，不要存入电脑。
凡持有此单的人都能打开本单位的数据。遗失后请立即告知上级单位。
`}

var sheetEnglish = sheetText{check: "check ", page: `Hejie recovery sheet

Unit: %s (%s)
Set up by: %s
Day: %s

%s
For: a forgotten secret, a lost or broken computer. It opens the unit's data and keys.
Keep it on paper in a safe, with the person in charge. Take no photo, send it nowhere,
store it in no computer. Whoever has it can open the unit's data. If it is lost, tell
the unit above at once.
`}
