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

// Print is the sheet as text for paper, in Chinese, or in English.
func (s Sheet) Print(p SheetPage, english bool) string {
	t := sheetChinese
	switch {
	case s.second && english:
		t = secondEnglish
	case s.second:
		t = secondChinese
	case english:
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
用途：忘记口令、电脑丢失或损坏时，凭此单恢复本单位的数据和密钥。
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

var secondChinese = sheetText{check: "校验", page: `和解 第二张单（更换签发密钥用）

单位：%s（%s）
开设人：%s
日期：%s

%s
用途：本单位签发密钥被盗或丢失时，凭此单更换；它打不开任何案卷。没有它，就再没有办法更换。
保管：打印后与恢复单分开存放，由两个人各管一处；不要拍照，不要发送，不要存入电脑。
`}

var secondEnglish = sheetText{check: "check ", page: `Hejie second sheet (to replace the issuing key)

Unit: %s (%s)
Set up by: %s
Day: %s

%s
For: a stolen or lost issuing key of this unit is replaced with it; it opens no files.
Without it there is no way to replace the key.
Keep it on paper, apart from the recovery sheet, with another person. Take no photo,
send it nowhere, store it in no computer.
`}
