// Package station is the use cases of one data folder: it opens store and
// keys, makes operations of what people do, answers what they ask, and meets
// other stations.
//
// It is the one place that wires store, sync and casework together. It may
// hold no rule of mediation (casework has them), no HTTP and no screen (api,
// cli and desktop do), and it reads clock, randomness and files only through
// store/host. Main invariant: nothing is answered as saved before the store
// has made it durable, and nothing is signed but by the seat of the person who
// is present.
package station
