// Package county drives the two example cases from the first word to the
// archived file, as people of two villages, a township and a court do: the real
// program, a folder for each station, and meetings hours apart, one leg over
// libp2p and one over HTTPS.
//
// It is for seeing that the parts carry a whole case. What each step allows and
// refuses is tried in app/casework; what a killed process loses in test/hostile.
//
// The stories are tables of steps. docs/stories.md is written from them and from
// what the program answered, so that the walk-through never says what it does
// not do.
package county
