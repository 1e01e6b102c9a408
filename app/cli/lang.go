package cli

import (
	"os"
	"strings"

	"hejie/app/casework/data"
)

// environmentLanguage is the language of the environment: what LC_ALL,
// LC_MESSAGES or LANG say, in this order, and where none does what the system
// says; English where that is neither.
func environmentLanguage() data.Lang {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := os.Getenv(name); v != "" {
			return languageOf(v)
		}
	}
	return languageOf(systemLanguage())
}

// languageOf reads a locale's name: zh_CN.UTF-8, zh-Hans, en_GB, C.
func languageOf(locale string) data.Lang {
	if strings.HasPrefix(strings.ToLower(locale), "zh") {
		return data.Chinese
	}
	return data.English
}
