// Package desktop shows Hejie in a window of its own.
//
// It is for the window, for the few things that a browser can't do (choosing
// files, printing, the window's title), and for a page that says what failed
// when the data folder does not open. It may not know cases, operations or
// rules: it shows the http.Handler that it is given, the same that
// `hejie serve` listens with. Invariant: the window always shows a page; what
// goes wrong while opening is on it, in Chinese and English, with what to do.
//
// Only files with the build tag desktop touch Wails and thereby a C library or
// WebView2; the rest is ordinary Go and is tested without a display.
package desktop
