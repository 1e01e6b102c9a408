// Package liar is a second writer of Hejie's bytes, made from FORMAT.md and its
// pages alone: whoever has a folder's keys and secret can sign any header over
// any body with it and push it to a served folder over HTTPS.
//
// It is for test/review, which plays modified and newer programs of enrolled
// stations. It imports nothing of the program, so that no fault of the
// program's own encoders hides here, and it judges nothing: what became of a
// frame the tests ask the real program. Main invariant: a frame is sealed,
// hashed and signed as the pages say, with whatever the caller put in its place.
//
// It speaks both editions of the bytes, so that the same tests show what fell
// before the second (HEJIE_EDITION=1 with HEJIE_PROGRAM).
package liar
