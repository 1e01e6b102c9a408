package sim

// dues: an agreement that lacks nothing waits to be entered, and whoever has to
// enter it is told, however it became complete.
func (r *run) dues() {}
