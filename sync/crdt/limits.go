package crdt

// Limits of one body, checked where an operation is made (EncodeBody) and again
// where it arrives (DecodeBody). They bound what one signed frame can cost.
const (
	// MaxBody bounds a body's bytes: what FORMAT.md 5 lets an operation carry
	// before compression, so that it fits in a frame even uncompressed.
	MaxBody = 900_000
	// MaxChanges bounds the changes of one operation: an import of a case with
	// 500 parties of ten fields each fits.
	MaxChanges = 10_000
	// MaxPath bounds a path's segments: four maps inside each other, twice
	// what any record of ours uses.
	MaxPath = 8
	// MaxFieldName bounds a field's name in bytes.
	MaxFieldName = 64
	// MaxRefs bounds the references of one change. A removal that must name
	// more is written as several changes.
	MaxRefs = 4096
	// MaxSpans bounds the spans of one deletion; TextSplice and TextEdit
	// write several changes if they need more.
	MaxSpans = 4096
	// MaxItems bounds the items of one list insertion.
	MaxItems = 4096
	// MaxText bounds the bytes of one text insertion, text or byte value: 170,000
	// Chinese characters, eight times the longest story.
	MaxText = 1 << 19
	// MaxRemark bounds the author's remark in bytes: about 1300 Chinese
	// characters, a page.
	MaxRemark = 4096
	// MaxValueDepth bounds the nesting of a value; a scalar has depth 1.
	MaxValueDepth = 8
	// MaxValueItems bounds the elements of one array or map in a value.
	MaxValueItems = 4096
	// maxNesting bounds the nesting of all CBOR of a body: body, changes,
	// change, items and a value's eight levels, with room for what newer
	// programs add.
	maxNesting = 16
	// maxElements bounds every declared array length, so that a short input
	// can't ask for much memory; it is above MaxChanges so that our own error
	// names the limit.
	maxElements = 1 << 14
	// maxPairs bounds every declared map length.
	maxPairs = 1 << 12
)
