// Package icons holds the program's picture.
//
// It is for the window and the packages that install it. It may hold nothing
// but the pictures. hejie.svg is the drawing; the others are made from it.
package icons

import _ "embed"

// PNG is the picture at 512 × 512 pixels.
//
//go:embed hejie.png
var PNG []byte
