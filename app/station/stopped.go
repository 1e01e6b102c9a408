package station

import (
	"fmt"
	"strconv"

	"hejie/app/api"
	"hejie/sync/identity"
)

// stopReason says in words what a newer program's item in a unit's log holds up.
func (ss *Session) stopReason(s identity.Stop) api.Reason {
	return stopReason(s, ss.unitName(hexID(s.Unit)))
}

func stopReason(s identity.Stop, unit string) api.Reason {
	if unit == "" {
		unit = hexID(s.Unit)[:8]
	}
	return api.Reason{
		Code:   CodeStopped,
		Detail: fmt.Sprintf("a newer program wrote something into the log of %s that this one does not understand (item %d): what its people wrote since waits here and nothing is saved with it; nothing is lost. Update this program, or let the unit above declare the item void", unit, s.Type),
		Texts: &api.Label{
			ZH: fmt.Sprintf("%s 的单位日志里有本程序看不懂的内容（条目 %d，由较新版本的程序写入）：此后写的内容在这里等待，暂不能据此保存，什么都没有丢失。请更新程序，或由上级单位宣布该条目无效", unit, s.Type),
			EN: fmt.Sprintf("a newer program wrote something into the log of %s that this one does not understand (item %d): what its people wrote since waits here and nothing is saved with it; nothing is lost. Update this program, or let the unit above declare the item void", unit, s.Type),
		},
		Params: map[string]string{"unit": unit, "item": strconv.Itoa(int(s.Type))},
	}
}

// logReasons are what newer programs wrote into the logs here, and rules that
// this program does not know.
func (ss *Session) logReasons() []api.Reason {
	var out []api.Reason
	seen := map[identity.Stop]bool{}
	for _, s := range ss.registry().Stops() {
		if key := (identity.Stop{Unit: s.Unit, Type: s.Type}); !seen[key] {
			seen[key] = true
			out = append(out, ss.stopReason(s))
		}
	}
	if r := ss.rules(); r.Newer() {
		out = append(out, rulesReason(r))
	}
	for _, s := range ss.registry().Told() {
		if key := (identity.Stop{Unit: s.Unit, Type: s.Type}); !seen[key] {
			seen[key] = true
			out = append(out, ss.toldReason(s))
		}
	}
	return out
}

func rulesReason(r api.Rules) api.Reason {
	return api.Reason{
		Code:   "newer_rules",
		Detail: fmt.Sprintf("the tree goes by rules %d and this program knows %d: work, saving and synchronising go on, but what is shown here may differ from what others see. Update this program", r.Tree, r.Known),
		Texts: &api.Label{
			ZH: fmt.Sprintf("全县已改用第 %d 号规则，本程序只懂到第 %d 号：照常工作、保存和同步，但这里显示的可能与别处不同。请更新程序", r.Tree, r.Known),
			EN: fmt.Sprintf("the tree goes by rules %d and this program knows %d: work, saving and synchronising go on, but what is shown here may differ from what others see. Update this program", r.Tree, r.Known),
		},
		Params: map[string]string{"tree": strconv.FormatUint(r.Tree, 10), "known": strconv.FormatUint(r.Known, 10)},
	}
}

func (ss *Session) toldReason(s identity.Stop) api.Reason {
	unit := ss.unitName(hexID(s.Unit))
	return api.Reason{
		Code:   "told",
		Detail: fmt.Sprintf("a newer program wrote into the log of %s (item %d): it has no effect here; update this program to see what it is", unit, s.Type),
		Texts: &api.Label{
			ZH: fmt.Sprintf("较新版本的程序在 %s 的单位日志里写了内容（条目 %d）：在这里不起作用；更新程序后可以看到", unit, s.Type),
			EN: fmt.Sprintf("a newer program wrote into the log of %s (item %d): it has no effect here; update this program to see what it is", unit, s.Type),
		},
		Params: map[string]string{"unit": unit, "item": strconv.Itoa(int(s.Type))},
	}
}
