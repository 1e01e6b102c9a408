//go:build later

package seal

import "github.com/klauspost/compress/zstd"

// laterPhrase stands in the later program's dictionary and in no other: a
// content that bears it is shortest under compression 3.
const laterPhrase = "双方同意由村民委员会指派专人每季度上门查看一次墙体与排水沟的状况并当面记录"

// laterCompressions: see later_off.go.
func laterCompressions() []compression {
	dictionary := append([]byte(laterPhrase), dictionary1...)
	return []compression{newCompression(3, []zstd.EOption{zstd.WithEncoderDictRaw(0, dictionary)}, []zstd.DOption{zstd.WithDecoderDictRaw(0, dictionary)})}
}
