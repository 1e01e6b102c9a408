package replica

import "context"

// MatchingKey is the tree's matching key (FORMAT.md 6, item 11), as it was handed
// to this node's unit. false: the tree has none yet, nobody handed it on so far,
// or the unit's reading key is not here. Who has it must not show it, keep it
// elsewhere or write it down: with it numbers can be tried.
func (r *Replica) MatchingKey(context.Context) ([]byte, bool) {
	for _, m := range r.registry.MatchingFor(r.self.Unit) {
		if key, ok := r.keys.known(m.Key); ok {
			return key[:], true
		}
		private := r.keys.privateKey(m.For)
		if private == nil {
			continue
		}
		key, err := m.Open(r.self.Tree, r.self.Unit, private)
		if err != nil {
			continue // an item that opens to something else hands nothing on
		}
		r.keys.note(key)
		return key[:], true
	}
	return nil, false
}
