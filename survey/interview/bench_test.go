package interview_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"vereda/survey/form"
	"vereda/survey/interview"
	"vereda/survey/record"
)

// chained is a form of n questions, each asked when the one before is answered, in chains of a length, with a running total after each fifth.
func chained(n, length int) string {
	var b strings.Builder
	b.WriteString("| survey | | | | | | |\n| | type | name | label | relevant | constraint | calculation |\n")
	for i := range n {
		relevant := ""
		if i%length != 0 {
			relevant = fmt.Sprintf("${q%d} != ''", i-1)
		}
		fmt.Fprintf(&b, "| | integer | q%d | Q %d | %s | . >= 0 and . <= 120 | |\n", i, i, relevant)
		if i%5 == 4 {
			before := "0"
			if i > 4 {
				before = fmt.Sprintf("${c%d}", i-5)
			}
			fmt.Fprintf(&b, "| | calculate | c%d | | | | %s + ${q%d} |\n", i, before, i)
		}
	}
	return b.String()
}

// roster is a household of members with ten questions each, sums, counts and joins.
const roster = `
	| survey |              |           |          |                  |                          |                                     |
	|        | type         | name      | label    | relevant         | constraint               | calculation                         |
	|        | begin repeat | member    | Member   |                  |                          |                                     |
	|        | text         | name      | Name?    |                  |                          |                                     |
	|        | integer      | age       | Age?     |                  | . >= 0 and . <= 120      |                                     |
	|        | text         | school    | School?  | ${age} < 18      |                          |                                     |
	|        | integer      | hours     | Hours?   | ${age} >= 15     | . <= 24                  |                                     |
	|        | integer      | income    | Income?  | ${hours} > 0     |                          |                                     |
	|        | integer      | net       | Net?     |                  | . = 0 or . = 1           |                                     |
	|        | integer      | days      | Days?    | ${net} = 1       |                          |                                     |
	|        | text         | device    | Device?  | ${days} > 0      |                          |                                     |
	|        | integer      | phone     | Phone?   |                  |                          |                                     |
	|        | text         | remark    | Remark?  |                  |                          |                                     |
	|        | calculate    | adult     |          |                  |                          | if(${age} >= 15, 1, 0)              |
	|        | end repeat   |           |          |                  |                          |                                     |
	|        | calculate    | n_members |          |                  |                          | count(${member})                    |
	|        | calculate    | n_adults  |          |                  |                          | sum(${adult})                       |
	|        | calculate    | total     |          |                  |                          | sum(${income})                      |
	|        | calculate    | everyone  |          |                  |                          | join(' ', ${name})                  |
`

func started(b *testing.B, f *form.Form) *interview.Session {
	b.Helper()
	s, err := interview.Start(f, world(1))
	if err != nil {
		b.Fatal(err)
	}
	return s
}

// answerAll answers each question in turn, again and again with another number, and checks its constraint as a screen does.
func answerAll(b *testing.B, s *interview.Session, questions []record.Path) {
	b.Helper()
	b.ReportAllocs()
	b.ResetTimer()
	for n := range b.N {
		p := questions[n%len(questions)]
		if _, err := s.Set(p, record.NewInteger(int64(n/len(questions)%100))); err != nil {
			b.Fatal(err)
		}
		s.Check(p, "")
	}
}

// BenchmarkAnswer300 and BenchmarkAnswer5000 answer the questions of a form for the first time, in order; then of the next interview.
func BenchmarkAnswer300(b *testing.B)  { benchmarkFirst(b, 300, 30) }
func BenchmarkAnswer5000(b *testing.B) { benchmarkFirst(b, 5000, 500) }

func benchmarkFirst(b *testing.B, n, length int) {
	f := readForm(b, chained(n, length))
	questions := numbered(n)
	one := record.NewInteger(1)
	s := started(b, f)
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		if i%n == 0 {
			b.StopTimer()
			s = started(b, f)
			b.StartTimer()
		}
		p := questions[i%n]
		if _, err := s.Set(p, one); err != nil {
			b.Fatal(err)
		}
		s.Check(p, "")
	}
}

// BenchmarkAnswerAgain300 answers otherwise where all is answered: each running total after it changes too, 15 on average.
func BenchmarkAnswerAgain300(b *testing.B) {
	answerAll(b, started(b, readForm(b, chained(300, 30))), numbered(300))
}

func numbered(n int) []record.Path {
	questions := make([]record.Path, n)
	for i := range questions {
		questions[i] = record.Path("q" + strconv.Itoa(i))
	}
	return questions
}

// crowded is a household of 50.
func crowded(b *testing.B) (*interview.Session, []record.Path) {
	b.Helper()
	s := started(b, readForm(b, roster))
	for len(s.Instances("member")) < 50 {
		if _, _, err := s.AddInstance("member"); err != nil {
			b.Fatal(err)
		}
	}
	return s, s.Instances("member")
}

// BenchmarkAnswerRoster answers the whole numbers of 50 members, of whom sums ask.
func BenchmarkAnswerRoster(b *testing.B) {
	s, members := crowded(b)
	var questions []record.Path
	for _, m := range members {
		for _, q := range []string{"age", "hours", "income", "net", "days", "phone"} {
			questions = append(questions, m.Join(q))
		}
	}
	answerAll(b, s, questions)
}

// BenchmarkAnswerRosterAge answers ages only: relevance of the member's own questions, and a sum over all.
func BenchmarkAnswerRosterAge(b *testing.B) {
	s, members := crowded(b)
	var questions []record.Path
	for _, m := range members {
		questions = append(questions, m.Join("age"))
	}
	answerAll(b, s, questions)
}

// BenchmarkNewMember adds a member to 50, and takes it out again.
func BenchmarkNewMember(b *testing.B) {
	s, _ := crowded(b)
	b.ReportAllocs()
	b.ResetTimer()
	for n := range b.N {
		if n%9000 == 8999 { // a repeat makes 9999 instances in its life
			b.StopTimer()
			s, _ = crowded(b)
			b.StartTimer()
		}
		p, _, err := s.AddInstance("member")
		if err != nil {
			b.Fatal(err)
		}
		if _, err := s.RemoveInstance(p); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkStart300(b *testing.B) {
	f := readForm(b, chained(300, 30))
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		started(b, f)
	}
}

func BenchmarkPages300(b *testing.B) {
	s := started(b, readForm(b, chained(300, 30)))
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		s.Pages()
	}
}
