package main

import (
	"slices"
	"testing"
)

func TestWhoIsAffected(t *testing.T) {
	listed := `hejie/store  fmt
hejie/sync/replica  hejie/store fmt
hejie/sync/replica.test hejie/sync/replica hejie/test/process hejie/sync/replica
hejie/app/station  hejie/store hejie/sync/replica
hejie/app/casework  fmt
hejie/app/cli_test [hejie/app/cli.test] hejie/app/cli hejie/app/casework
hejie/app/cli  fmt
hejie/test/process  hejie/app/casework
hejie/test/review  hejie/app/station hejie/test/process
hejie/test/review.test  hejie/test/review hejie/store`
	for _, test := range []struct {
		name  string
		files []string
		want  []string
	}{
		{"a package and those above it, whole programs left out", []string{"store/store.go"}, []string{"hejie/app/station", "hejie/store", "hejie/sync/replica"}},
		{"what is embedded counts for its package", []string{"app/casework/data/messages.json"}, []string{"hejie/app/casework", "hejie/app/cli"}},
		{"tests of whole programs that were changed", []string{"test/review/a_test.go"}, []string{"hejie/test/review"}},
		{"what a test alone needs", []string{"test/process/desk.go"}, []string{"hejie/sync/replica", "hejie/test/process"}},
		{"no package", []string{"README.md"}, nil},
	} {
		if got := affectedBy(listed, test.files); !slices.Equal(got, test.want) {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
}
