// Package api is the one HTTP API of Hejie, served to the window, to browsers
// and to the local command line alike.
//
// It is for sign-in, the guards of a local web server (same origin, no request
// forgery, limits), typed JSON in and out, live hints, and the web interface's
// files. It holds no rule of mediation, keys or replication: what may be done
// is decided behind the Station interface, which this package declares and
// app/station implements. OpenAPI 3.1 is made from the Go types
// (openapi.json), the TypeScript client from that.
//
// Main invariant: a request reaches a Session only with that session's token,
// so that whatever it writes is signed by the seat whose secret was given.
package api
