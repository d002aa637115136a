package move

import (
	"strconv"

	"vereda/survey/record"
)

// asideName is the group under which an answer is kept whose own path belongs to another question now.
const asideName = "aside"

// aside is the nth path to try for such an answer: "aside/grp/age", then "aside_2/grp/age". A path that would be too long for that ends
// in a number.
func aside(n int, old record.Path) record.Path {
	group := record.Path(asideName)
	if n > 0 {
		group += record.Path("_" + strconv.Itoa(n+1))
	}
	if p := group + "/" + old; p.Check() == nil {
		return p
	}
	return group + "/answer"
}
