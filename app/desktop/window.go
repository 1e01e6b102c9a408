//go:build desktop

package desktop

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"

	"github.com/wailsapp/wails/v2"
	"github.com/wailsapp/wails/v2/pkg/logger"
	"github.com/wailsapp/wails/v2/pkg/options"
	"github.com/wailsapp/wails/v2/pkg/options/assetserver"
	"github.com/wailsapp/wails/v2/pkg/options/linux"
	"github.com/wailsapp/wails/v2/pkg/options/windows"

	"hejie/build/icons"
)

// The sizes in pixels. The start fits the 1366×768 screens of most offices;
// below the least one the case page no longer shows its columns.
const (
	startWidth, startHeight = 1366, 768
	leastWidth, leastHeight = 1024, 700
)

// Main shows the data folder that open opens, until the window is closed, and
// returns the exit status: 0, or 1 with a sentence on stderr when there can be
// no window. The folder's name only tells one window from another and says on
// the page of a failure which folder it was.
func Main(folder string, open Open) int {
	contents := newOpening(folder, open)
	native := &Native{}
	// There is no display in a console or a remote shell: say so, instead of
	// the panic of the window library.
	if err := displayMissing(); err != nil {
		fmt.Fprintln(os.Stderr, "hejie-desktop:", err)
		return 1
	}
	err := wails.Run(windowOptions(folder, contents, native))
	if closing := contents.Close(); err == nil {
		err = closing
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "hejie-desktop:", err)
		return 1
	}
	return 0
}

func windowOptions(folder string, contents *opening, native *Native) *options.App {
	return &options.App{
		Title:     Title,
		Width:     startWidth,
		Height:    startHeight,
		MinWidth:  leastWidth,
		MinHeight: leastHeight,
		// The colour of the page, so that nothing flashes before it is drawn.
		BackgroundColour:   options.NewRGB(0xfa, 0xf8, 0xf4),
		AssetServer:        &assetserver.Options{Handler: contents},
		Bind:               []any{native},
		LogLevelProduction: logger.ERROR,
		// Copy and paste by mouse belong to office work.
		EnableDefaultContextMenu: true,
		// Wails itself ends the window in good order on SIGTERM and Ctrl-C.
		OnStartup: native.start,
		SingleInstanceLock: &options.SingleInstanceLock{
			UniqueId:               instanceID(folder),
			OnSecondInstanceLaunch: func(options.SecondInstanceData) { native.raise() },
		},
		Linux: &linux.Options{
			Icon:        icons.PNG,
			ProgramName: "hejie",
			// Old office machines have graphics drivers that break accelerated
			// web views; pages of text and tables don't need them.
			WebviewGpuPolicy: linux.WebviewGpuPolicyNever,
		},
		Windows: &windows.Options{
			Theme:    windows.Light,
			Messages: windowsMessages(),
		},
	}
}

// instanceID gives each data folder its own lock: a second launch on the same
// folder raises the first window, one on another folder gets its own.
func instanceID(folder string) string {
	sum := sha256.Sum256([]byte(folder))
	return "hejie_" + hex.EncodeToString(sum[:8])
}

// windowsMessages are what the window says before it can show a page.
func windowsMessages() *windows.Messages {
	return &windows.Messages{
		InstallationRequired: "需要安装 WebView2 运行时才能显示窗口。按“确定”下载并安装。\nThe WebView2 runtime is needed. Press OK to download and install it.",
		UpdateRequired:       "需要更新 WebView2 运行时。按“确定”下载并安装。\nThe WebView2 runtime needs an update. Press OK to download and install it.",
		MissingRequirements:  "缺少组件 Missing component",
		Webview2NotInstalled: "没有安装 WebView2 运行时。WebView2 runtime not installed.",
		Error:                "错误 Error",
		FailedToInstall:      "安装失败，请联系管理员。The installation failed; ask your administrator.",
		DownloadPage:         "需要 WebView2 运行时。按“确定”打开下载页面，版本不低于 ",
		PressOKToInstall:     "按“确定”安装。Press OK to install.",
		ContactAdmin:         "需要 WebView2 运行时，请联系管理员。The WebView2 runtime is needed; ask your administrator.",
		InvalidFixedWebview2: "指定的 WebView2 运行时无效。The WebView2 runtime given is not usable.",
		WebView2ProcessCrash: "页面进程意外退出，请重新打开窗口；已保存的内容不受影响。\nThe page's process ended; open the window again. What was saved is safe.",
	}
}
