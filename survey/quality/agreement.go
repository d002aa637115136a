package quality

import "fmt"

// Agreement says how far two values agree. As text it is its name: "same", "similar", ...
type Agreement uint8

// The agreements. Which of them a kind knows: docs/duplicates.md.
const (
	Unknown  Agreement = iota // one of the two has no value; never in a Reason
	Same                      // but for spelling
	Similar                   // a slip away
	Partly                    // some names of several, some members of several
	Few                       // members: fewer than half
	Namesake                  // the same name; age or sex are not
	Swapped                   // the head of one household is another member of the other
	Unlisted                  // one of the two lists nobody but the head
	Apart                     // farther than the positions' accuracy explains, less than a kilometre
	Differ
	agreements = iota // how many there are
)

var agreementNames = [agreements]string{"unknown", "same", "similar", "partly", "few", "namesake", "swapped", "unlisted", "apart", "different"}

func (a Agreement) String() string {
	if int(a) < len(agreementNames) {
		return agreementNames[a]
	}
	return fmt.Sprintf("agreement %d", uint8(a))
}

// MarshalText writes the name.
func (a Agreement) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (a *Agreement) UnmarshalText(text []byte) error {
	for n, name := range agreementNames {
		if string(text) == name {
			*a = Agreement(n)
			return nil
		}
	}
	return fmt.Errorf("quality: there is no agreement %.40q", text)
}
