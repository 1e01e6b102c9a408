package api

// DecodeJSON is the strict decoder, for fuzzing it without a server.
var DecodeJSON = decodeJSON
