package interview_test

import (
	"testing"

	"vereda/survey/interview"
)

const worldly = `
	| survey  |              |       |         |                                                    |                     |
	|         | type         | name  | label   | calculation                                        | constraint          |
	|         | select_one c | town  | Town?   |                                                    |                     |
	|         | calculate    | shown |         | jr:choice-name(${town}, '/data/town')               |                     |
	|         | calculate    | pop   |         | pulldata('towns', 'people', 'code', ${town})      |                     |
	|         | calculate    | kind  |         | instance('c')/root/item[name = ${town}]/k         |                     |
	|         | calculate    | where |         | property('deviceid')                               |                     |
	|         | note         | n     | ${shown}: ${pop} |                                         |                     |
	| choices |              |       |         |                                                    |                     |
	|         | list_name    | name  | label::Español (es) | label::English (en)                    | k                   |
	|         | c            | a     | Arauca  | Arauca town                                        | big                 |
	|         | c            | b     | Belén   | Belén town                                         | small               |
	| settings |             |       |         |                                                    |                     |
	|         | default_language |   |         |                                                    |                     |
	|         | Español (es) |       |         |                                                    |                     |
`

func TestExpressionsAskTheWorld(t *testing.T) {
	env := world(1)
	env.Files = map[string][]byte{"towns.csv": []byte("\ufeffcode,people\na,\"1,200\"\nb,300\n")}
	s, err := interview.Start(readForm(t, worldly), env)
	if err != nil {
		t.Fatal(err)
	}
	e := &enumerator{t: t, s: s}
	e.expect("where", "tablet-1").expect("pop", "").expect("shown", "")
	e.answer("town", "a").expect("shown", "Arauca").expect("pop", "1,200").expect("kind", "big").label("n", "es", "Arauca: 1,200")
	e.answer("town", "b").expect("shown", "Belén").expect("pop", "300").expect("kind", "small")
	e.answer("town", "").expect("pop", "").expect("kind", "")
}
