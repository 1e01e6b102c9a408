package forms

import "errors"

// PDF renders the document and counts its pages.
func PDF(Document) (pdf []byte, pages int, err error) {
	return nil, 0, errors.New("this build has no fonts for paper")
}
