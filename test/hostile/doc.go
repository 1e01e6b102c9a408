// Package hostile attacks the program from outside: real processes that are
// killed, a disk that is full, a folder that is read by somebody without its
// key. What a modified program of an enrolled station may send is tried in
// sync/replica and app/station, where it can be made.
//
// Its tests need Linux: it mounts a small disk.
package hostile
