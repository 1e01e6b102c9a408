// Package docket makes what a court needs to docket a case without typing
// anything again: a folder of papers in the court's own layout, a cover sheet
// that a machine reads (cover.json, cover.schema.json), the same for people, and
// a list of the papers.
//
// It is for laying out what casework chose (casework.DocketOf) and may not read
// a case by itself: no notes, sessions, proposals or steps come here, so that
// none can go out. It is pure: no clock, disk or network. Main invariant: the
// same input gives the same bytes, every file but the cover itself stands in the
// cover with its hash, and every listed paper stands there once, whether its
// file is here, on paper or missing.
//
// The cover's `case` is a case document as `import` takes it: a court that has
// Hejie and not the case takes it from there.
package docket
