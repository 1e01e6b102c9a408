//go:build !windows

package cli

// systemLanguage is empty where the environment tells the language.
func systemLanguage() string { return "" }
