package xlsform_test

import (
	"fmt"
	"strings"
	"testing"

	"vereda/survey/form"
	"vereda/survey/xlsform"
)

// What the reference converter holds a form to in small things, strict mode holds it to; what Vereda alone is strict about, it passes.
func TestStrictRules(t *testing.T) {
	row := func(typ, parameters string) string {
		return fmt.Sprintf("| survey |\n| | type | name | label | parameters |\n| | %s | q | Q | %s |\n| choices |\n| | list_name | name | label |\n| | yn | a b | A |\n| | yn | c | C |\n", typ, parameters)
	}
	for name, c := range map[string]struct {
		tables  string
		refuses string // what the error says; "": none
	}{
		"a type in capitals":                         {row("Text", ""), "type Text. Write text."},
		"a type with a blank for _":                  {row("select one yn", ""), ""},
		"a select that is no select there":           {row("select multiple yn", ""), "no type select multiple yn"},
		"one more":                                   {row("select one using yn", ""), "no type select one using yn"},
		"begin in capitals":                          {"| survey |\n| | type | name | label |\n| | Begin Group | g | G |\n| | text | a | A |\n| | end group | | |\n", "Write begin group."},
		"dateTime":                                   {row("dateTime", ""), ""},
		"an external file":                           {"| survey |\n| | type | name |\n| | csv-external | x |\n| | note | n |\n", ""},
		"a file with select_one":                     {row("select_one towns.csv", ""), ""},
		"a file with two endings":                    {row("select_one_from_file towns.v2.csv", ""), "no file of choices"},
		"a choice with a blank, of several":          {row("select_multiple yn", ""), "has a blank in its name"},
		"a choice with a blank, to be ranked":        {row("rank yn", ""), ""},
		"blanks around =":                            {row("text", "rows = 3"), "without blanks around ="},
		"a parameter without a value":                {row("integer", "rows"), "name=value"},
		"a parameter of a type that has none":        {row("integer", "rows=3"), ""},
		"a parameter that a video has not":           {row("video", "rows=3"), ""},
		"a parameter that an audio has not":          {row("audio", "rows=3"), "audio has no parameter rows"},
		"yes for true":                               {row("select_one yn", "randomize=yes"), "Write randomize=true"},
		"TRUE for true":                              {row("select_one yn", "randomize=TRUE"), ""},
		"reasons for changes":                        {"| survey |\n| | type | name | parameters |\n| | audit | | track-changes-reasons=always |\n| | text | a | |\n", "on-form-edit"},
		"a column that cannot be":                    {row("select_one_from_file t.csv", "value=val*"), "cannot be the name of a column"},
		"few pixels":                                 {row("image", "max-pixels=-1"), ""},
		"a blank in a reference":                     {"| survey |\n| | type | name | label |\n| | text | a | A |\n| | note | b | ${ a } |\n", "cannot read the reference ${ a }"},
		"a reference in a note of one's own":         {"| survey |\n| | type | name | label | memo |\n| | text | a | A | see ${b c} |\n", "cannot read the reference ${b c}"},
		"a reference that is not closed":             {"| survey |\n| | type | name | label |\n| | text | a | A ${b |\n", "cannot read the reference ${b"},
		"encryption without an ID":                   {"| survey |\n| | type | name | label |\n| | text | a | A |\n| settings |\n| | omit_instanceID | public_key |\n| | yes | abc |\n", "do not go together"},
		"a setting on the survey":                    {"| survey |\n| | type | name | label |\n| | set form title | Houses | |\n| | text | a | A |\n", ""},
		"notes without names":                        {"| survey |\n| | type | label |\n| | note | N |\n", ""},
		"no names":                                   {"| survey |\n| | type | label |\n| | text | A |\n", "no column name"},
		"choices without lists that nobody asks for": {"| survey |\n| | type | name | label |\n| | text | a | A |\n| choices |\n| | name | label |\n| | x | X |\n", ""},
		"a file named as a list":                     {"| survey |\n| | type | name | label |\n| | select_one_from_file yn.csv | a | A |\n| | select_one yn | b | B |\n| choices |\n| | list_name | name | label |\n| | yn | x | X |\n", "has the name of the list yn"},
		"a trigger nobody sees":                      {"| survey |\n| | type | name | label | calculation | trigger |\n| | calculate | a | | 1 + 1 | |\n| | text | b | B | now() | ${a} |\n", "Nobody sees the question a"},
		"a calculate with a label as trigger":        {"| survey |\n| | type | name | label | calculation | trigger |\n| | calculate | a | A | 1 + 1 | |\n| | background-geopoint | b | | | ${a} |\n", "Nobody sees the question a"},
		"a calculated trigger that is seen":          {"| survey |\n| | type | name | label | calculation | trigger |\n| | text | a | A | 1 + 1 | |\n| | text | b | B | now() | ${a} |\n", ""},
		"a seed for nothing":                         {row("select_one yn", "randomize=false seed=1"), ""},
		"a seed alone":                               {row("select_one yn", "seed=1"), "no use without randomize"},
		"a rank with or_other":                       {row("rank yn or_other", ""), ""},
		"answers that are one":                       {"| survey |\n| | type | name | label |\n| | text | a | A |\n| | select_one ${a} | b | B |\n", ""},
		"answers and another":                        {"| survey |\n| | type | name | label |\n| | begin repeat | r | R |\n| | text | a | A |\n| | end repeat | | |\n| | select_one ${a} or_other | b | B |\n", "or_other adds a choice"},
		"choices twice on purpose":                   {"| survey |\n| | type | name | label |\n| | select_one yn | a | A |\n| choices |\n| | list_name | name | label |\n| | yn | x | X |\n| | yn | x | Y |\n| settings |\n| | allow_choice_duplicates |\n| | TRUE |\n", ""},
		"a loop":                                     {"| survey |\n| | type | name | label |\n| | begin loop over yn | l | L |\n| | text | a | %(label)s |\n| | end loop | | |\n| choices |\n| | list_name | name | label |\n| | yn | x | X |\n", ""},
		"a loop that makes names":                    {"| survey |\n| | type | name | label |\n| | begin loop over yn | l | L |\n| | text | %(name)s_a | A |\n| | end loop | | |\n| choices |\n| | list_name | name | label |\n| | yn | x | X |\n", "cannot be a name"},
	} {
		var said []string
		for _, p := range xlsform.ReadStrict("form.md", []byte(c.tables)) {
			if p.Severity == form.Error {
				said = append(said, p.String())
			}
		}
		all := strings.Join(said, "\n")
		if (c.refuses == "") != (all == "") || !strings.Contains(all, c.refuses) {
			t.Errorf("%s: %q, want %q", name, all, c.refuses)
		}
	}
}
