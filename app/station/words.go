package station

import (
	"hejie/store"
	"hejie/sync/identity"
)

// showWords writes each of the six words in both languages, as people say them
// over the telephone.
func showWords(w identity.SixWords) []string {
	out := make([]string, len(w))
	for i := range w {
		out[i] = w[i].Chinese + " " + w[i].English
	}
	return out
}

func requestWords(r *identity.Request) []string { return showWords(identity.RequestWords(r)) }

// treeWords are the words of a root (unit = root) or of a parent in its tree.
func treeWords(root, unit store.ID) []string { return showWords(identity.JoinWords(root, unit)) }
