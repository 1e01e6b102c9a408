package desktop

import (
	"errors"
	"html/template"
	"net/http"

	"hejie/store"
)

// advice is what a person can do about a folder that does not open.
type advice struct{ Zh, En string }

// advices are tried in order; the last one fits every error.
var advices = []struct {
	is func(error) bool
	advice
}{
	{is(store.ErrInUse), advice{
		"另一个程序正在使用这个数据文件夹。请关闭它（或等它结束），再点“重试”。",
		"Another program is using this data folder. Close it, or wait until it has ended, then try again.",
	}},
	{is(store.ErrDiskFull), advice{
		"磁盘空间不足。请清理出一些空间，再点“重试”。数据没有改动。",
		"The disk is nearly full. Free some space, then try again. Nothing was changed.",
	}},
	{is(store.ErrWrongKey), advice{
		"密钥与这个数据文件夹不符。请确认打开的是正确的文件夹；如曾更换设备，请用恢复单恢复。",
		"The key does not fit this data folder. Check that it is the right folder; after a change of machine use the recovery sheet.",
	}},
	{isNewer, advice{
		"这个数据文件夹由更新版本的程序写入。请安装新版本后再打开。数据没有改动。",
		"A newer version of the program wrote this data folder. Install the newer version, then open it. Nothing was changed.",
	}},
	{isOld, advice{
		"这个数据文件夹由格式定稿前的试用版建立，本程序打不开其中任何内容。请换一个文件夹开始。数据没有改动。",
		"A trial edition made this data folder before the lasting format; nothing of it can be opened. Begin in another folder. Nothing was changed.",
	}},
	{is(errClosing), advice{"窗口正在关闭。", "The window is closing."}},
	{func(error) bool { return true }, advice{
		"请确认磁盘已连接、您有权读写这个文件夹，再点“重试”。仍打不开时，请把下面的原文告诉管理员；不要删除文件夹中的任何文件。",
		"Check that the disk is connected and that you may read and write the folder, then try again. " +
			"If it still does not open, tell your administrator the sentence below; delete nothing in the folder.",
	}},
}

func is(target error) func(error) bool {
	return func(err error) bool { return errors.Is(err, target) }
}

func isNewer(err error) bool {
	var newer *store.NewerFormatError
	return errors.As(err, &newer)
}

func isOld(err error) bool {
	var old *store.OldFormatError
	return errors.As(err, &old)
}

func adviceFor(err error) advice {
	for _, a := range advices {
		if a.is(err) {
			return a.advice
		}
	}
	return advice{}
}

// The pages need neither script libraries nor fonts of the interface: they are
// what is shown when nothing else can be.
const pageHead = `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>和解 Hejie</title>
<style>
body { margin: 0; font: 1rem/1.7 "Noto Sans SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; color: #1f2421; background: #faf8f4; }
main { max-width: 44rem; margin: 12vh auto 0; padding: 0 2rem; }
h1 { font-size: 1.6rem; line-height: 1.4; margin: 0 0 1rem; }
h1 small { display: block; font-size: 1rem; font-weight: normal; }
code { overflow-wrap: anywhere; }
.why { margin: 1.5rem 0; padding: 0.75rem 1rem; background: #fff; border-left: 4px solid #a32018; overflow-wrap: anywhere; }
a { display: inline-block; min-height: 2.75rem; line-height: 2.75rem; padding: 0 1.5rem; color: #fff; background: #0f5c5c; border-radius: 6px; text-decoration: none; }
a:focus-visible { outline: 3px solid #8a5a00; outline-offset: 2px; }
</style>
`

var openingPage = template.Must(template.New("opening").Parse(pageHead + `
<script>setTimeout(function () { location.replace("/"); }, 400);</script>
</head>
<body><main role="status">
<h1>正在打开数据文件夹… <small lang="en">Opening the data folder…</small></h1>
</main></body>
</html>
`))

var failurePage = template.Must(template.New("failure").Parse(pageHead + `</head>
<body><main role="alert">
<h1>数据文件夹打不开 <small lang="en">The data folder could not be opened</small></h1>
<p><code>{{.Folder}}</code></p>
<p>{{.Advice.Zh}}</p>
<p lang="en">{{.Advice.En}}</p>
<p class="why" lang="en">{{.Err}}</p>
<p><a href="{{.Retry}}" autofocus>重试 <span lang="en">Try again</span></a></p>
</main></body>
</html>
`))

func writeOpening(w http.ResponseWriter) {
	writePage(w, openingPage, nil)
}

func writeFailure(w http.ResponseWriter, folder string, err error) {
	writePage(w, failurePage, struct {
		Folder, Retry string
		Advice        advice
		Err           string
	}{folder, pathRetry, adviceFor(err), err.Error()})
}

// writePage answers with 503, so that a request for data that comes meanwhile
// fails instead of taking the page for its answer.
func writePage(w http.ResponseWriter, page *template.Template, data any) {
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusServiceUnavailable)
	// The only error is a window that went away, and then nobody reads it.
	_ = page.Execute(w, data)
}
