package quality_test

import (
	"maps"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"vereda/survey/quality"
	"vereda/survey/record"
)

func merged(letter byte, answers record.Answers, derived ...record.Path) record.Merged {
	m := record.Merged{Interview: interview(letter), Answers: answers, Derived: map[record.Path]bool{}}
	for _, p := range derived {
		m.Derived[p] = true
	}
	return m
}

func TestJoin(t *testing.T) {
	text := record.NewText
	a := merged('a', record.Answers{"name": text("Rosa"), "water": text("well"), "sum": text("1")}, "sum")
	b := merged('b', record.Answers{"name": text("Rosa"), "water": text("river"), "light": text("none"), "sum": text("2"), "due": text("3"),
		"r/0001aaaaaa": record.Exists(), "r/0001aaaaaa/age": record.NewInteger(40)}, "sum", "due")
	c := merged('c', record.Answers{"r/0001cccccc": record.Exists(), "r/0001cccccc/age": record.NewInteger(41), "light": text("solar")})
	answers, differences := quality.Join(a, b, c)
	want := record.Answers{"name": text("Rosa"), "water": text("well"), "sum": text("1"), "light": text("none"),
		"r/0001aaaaaa": record.Exists(), "r/0001aaaaaa/age": record.NewInteger(40)}
	if !maps.Equal(answers, want) {
		t.Errorf("%v, not %v", answers, want)
	}
	wantDiffer := []quality.Difference{
		{Path: "light", Answers: []quality.Given{{Interview: b.Interview, Value: text("none")}, {Interview: c.Interview, Value: text("solar")}}},
		{Path: "r", Repeat: true, Answers: []quality.Given{{Interview: b.Interview}, {Interview: c.Interview}}},
		{Path: "water", Answers: []quality.Given{{Interview: a.Interview, Value: text("well")}, {Interview: b.Interview, Value: text("river")}}},
	}
	if !reflect.DeepEqual(differences, wantDiffer) {
		t.Errorf("%+v, not %+v", differences, wantDiffer)
	}
}

func TestRepeatsThatSayTheSameDoNotDiffer(t *testing.T) {
	roster := func(one, two string) record.Answers {
		return record.Answers{"g/r/" + record.Path(one): record.Exists(), "g/r/" + record.Path(one) + "/n": record.NewText("Ana"), "g/r/" + record.Path(one) + "/s/" + record.Path(two): record.Exists(),
			"g/r/" + record.Path(one) + "/s/" + record.Path(two) + "/x": record.NewInteger(1)}
	}
	_, differences := quality.Join(merged('a', roster("0001aaaaaa", "0001bbbbbb")), merged('b', roster("0001cccccc", "0003dddddd")))
	if len(differences) != 0 {
		t.Errorf("%+v", differences)
	}
}

// TestJoinLaws: joining with itself or with nothing changes nothing, the first keeps all it says, nothing is made up, and joining three is
// joining two and then the third.
func TestJoinLaws(t *testing.T) {
	paths := []record.Path{"a", "b", "g/c", "r/0001aaaaaa/x", "r/0001aaaaaa", "r/0002bbbbbb", "r/0002bbbbbb/x", "g/s/0001cccccc", "g/s/0001cccccc/y"}
	draw := func(t *rapid.T, letter byte) record.Merged {
		answers := record.Answers{}
		for _, p := range paths {
			if n := rapid.IntRange(0, 2).Draw(t, string(p)); p.IsInstance() && n > 0 {
				answers[p] = record.Exists()
			} else if n > 0 {
				answers[p] = record.NewInteger(int64(n))
			}
		}
		return merged(letter, answers)
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := draw(t, 'a'), draw(t, 'b'), draw(t, 'c')
		if got, differ := quality.Join(a, a, merged('x', nil)); !maps.Equal(got, a.Answers) || len(differ) > 0 {
			t.Fatalf("with itself: %v, %v", got, differ)
		}
		two, _ := quality.Join(a, b)
		for p, v := range two {
			if v != a.Answers[p] && v != b.Answers[p] {
				t.Fatalf("nobody answered %s with %s", p, v)
			}
		}
		for p, v := range a.Answers {
			if two[p] != v {
				t.Fatalf("%s was lost", p)
			}
		}
		three, _ := quality.Join(a, b, c)
		if stepwise, _ := quality.Join(merged('a', two), c); !maps.Equal(three, stepwise) {
			t.Fatalf("%v, stepwise %v", three, stepwise)
		}
	})
}
