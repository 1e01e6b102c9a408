package data

import (
	_ "embed"
	"sync"
)

// Ages are the ages in full years at which the law draws its lines.
type Ages struct {
	NoneBelow   int `json:"none_below"`   // without capacity below (民法典 art. 20)
	EarnsFrom   int `json:"earns_from"`   // of full capacity who lives on own earnings (art. 18)
	FullFrom    int `json:"full_from"`    // of age (art. 17)
	ChildBelow  int `json:"child_below"`  // whose every datum is sensitive (个人信息保护法 art. 28)
	ElderlyFrom int `json:"elderly_from"` // 老年人权益保障法 art. 2
}

// Sensitive is one field of a party that is masked for who does not work on
// the case.
type Sensitive struct {
	Field    string `json:"field"`              // of a party; texts: what was written freely about the case
	Mask     string `json:"mask"`               // how it is masked
	Article  string `json:"article"`            // key of Article
	Children bool   `json:"children,omitempty"` // only where the party is a child
}

// People are the lines that laws draw about the people of a case.
type People struct {
	Source           string      `json:"source"`
	Ages             Ages        `json:"ages"`
	HealthNeeds      []string    `json:"health_needs"` // needs that tell of a person's health
	Sensitive        []Sensitive `json:"sensitive"`
	CompoundSurnames []string    `json:"compound_surnames"` // of two characters
}

//go:embed people.json
var peopleFile []byte

// Persons returns the table about people. The caller must not change it.
var Persons = sync.OnceValue(func() People {
	var out People
	mustDecode("people", peopleFile, &out)
	return out
})
