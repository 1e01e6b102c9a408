package api

import (
	"context"
	"net/http"
	"sync"
	"time"

	"hejie/store/host"
)

// Limits of tickets.
const (
	ticketLife = 30 * time.Second // a page opens its stream at once
	maxTickets = 1024
)

// tickets let EventSource, which sends no headers, open one stream each. The
// session's own token never stands in an address.
type tickets struct {
	random host.Random

	mu  sync.Mutex
	all map[string]ticket
}

type ticket struct {
	login   *login
	expires time.Time
}

func newTickets(random host.Random) *tickets {
	return &tickets{random: random, all: map[string]ticket{}}
}

func (t *tickets) issue(n *login) (string, error) {
	token, err := newToken(t.random)
	if err != nil {
		return "", err
	}
	now := time.Now()
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.all) >= maxTickets {
		for k, v := range t.all {
			if now.After(v.expires) {
				delete(t.all, k)
			}
		}
		if len(t.all) >= maxTickets {
			return "", newProblem(http.StatusServiceUnavailable, CodeBusy, "too many streams are being opened: try again in a moment")
		}
	}
	t.all[token] = ticket{login: n, expires: now.Add(ticketLife)}
	return token, nil
}

// redeem takes a ticket; it counts once.
func (t *tickets) redeem(token string) (*login, *Problem) {
	t.mu.Lock()
	k, ok := t.all[token]
	delete(t.all, token)
	t.mu.Unlock()
	if !ok || time.Now().After(k.expires) {
		return nil, newProblem(http.StatusUnauthorized, CodeNotSignedIn, "the ticket was used or is too old: ask for another")
	}
	select {
	case <-k.login.done:
		return nil, newProblem(http.StatusLocked, CodeLocked, "the session was locked: sign in again")
	default:
		return k.login, nil
	}
}

func (s *Server) newTicket(ctx context.Context, _ *none) (Ticket, error) {
	t, err := s.tickets.issue(loginOf(ctx))
	if err != nil {
		return Ticket{}, err
	}
	return Ticket{Ticket: t, Expires: seconds(ticketLife)}, nil
}
