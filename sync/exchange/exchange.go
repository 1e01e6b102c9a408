// Package exchange is one sync session between two nodes, without sockets.
//
// It is for bringing what two units share to the same state: logs first, then
// wraps, digests and cases, then receipts (DESIGN 8). The initiator runs Run
// over a Conn, the other side answers each message by Server.Serve and keeps
// nothing between two messages but a budget for each peer. It may not open
// connections, read clocks but the given one, or know what a frame means.
// Main invariant: what is acknowledged was durable before, "in step" is said
// only when the other side proved equal sets and receipts, and no bad frame,
// liar or cut keeps good frames from passing. The bytes are in
// docs/format-exchange.md.
package exchange

import "context"

// Conn carries one request and brings its response. Every request is safe to
// send twice. The road below proves who the other side is and encrypts.
type Conn interface {
	Roundtrip(ctx context.Context, request []byte) ([]byte, error)
}
