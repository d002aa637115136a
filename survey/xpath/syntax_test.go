package xpath

import (
	"errors"
	"math"
	"testing"
)

func TestSyntaxErrors(t *testing.T) {
	for _, c := range []struct {
		src, want string
	}{
		{"", "the expression is empty at character 1"},
		{"  ", "the expression is empty at character 1"},
		{"1 +", "the expression ends too early at character 4"},
		{"(1", `")" is missing at the end at character 3`},
		{"a[1", `"]" is missing at the end at character 4`},
		{"concat('a' 'b')", `"b" stands where ")" is expected at character 12`},
		{"'abc", "a text in quotes does not end at character 1"},
		{"selected(., “a”)", "the quotation mark “ must be a straight one, ' or \" at character 13"},
		{"${a} = 1", "${…} is for workbooks; here a path must stand at character 1"},
		{"$a = 1", "variables ($) are not part of forms at character 1"},
		{"a { b", "there is a stray { at character 3"},
		{"a ? b", "there is an unexpected character ? at character 3"},
		{"1 2", `unexpected "2" at character 3`},
		{"a b", `unexpected "b" at character 3`},
		{"/data/", "the expression ends too early at character 7"},
		{"/data//", "the expression ends too early at character 8"},
		{"sideways::a", "there is no axis sideways:: at character 1"},
		{"a:", "a name is missing after the colon at character 3"},
		{"1 | a", `"|" joins paths only at character 6`},
		{"= 1", `"=" stands where a name or value is expected at character 1`},
		{"a and", "the expression ends too early at character 6"},
		{"regex(., '[a')", "regex(): the pattern cannot be read: missing closing ] at character 1"},
		{"a == 1", `"=" stands where a name or value is expected at character 4`},
		{"a &amp; b", "there is an unexpected character & at character 3"},
	} {
		_, err := Parse(c.src)
		var syntax *SyntaxError
		if !errors.As(err, &syntax) || err.Error() != c.want {
			t.Errorf("%q: %v, want %s", c.src, err, c.want)
		}
	}
}

func TestSyntaxThatForms(t *testing.T) {
	d := mustDocument(t, household)
	for src, want := range map[string]string{
		"1div2": "0.5", "5mod3": "2", "1and0": "false", "2*3": "6", "* = 'EA-07'": "true", "count(*)": "6", "div-mod": "", ".5 + 5.": "5.5", "- - 3": "3", "--3 - -3": "6",
		"\u00a01\u00a0+\n\t1": "2", "a_ea": "EA-07", "string(a_ea)": "EA-07", "child::a_ea": "EA-07", "self::data/a_ea": "EA-07", "./a_ea": "EA-07", "a_ea/..//j_k": "2",
		"(//m_name)[2]": "Beto", "//roster[2]/m_name": "Beto", "grp_c/roster[last()]/m_name": "Caro", "grp_c/roster[m_age > 5][2]/m_name": "Beto",
		"grp_c/roster[not(m_epos = '')][2]/m_name": "Caro", "count(//m_age | //m_name)": "6", "@id": "household", "attribute::version + 1": "2", "count(@*)": "2",
		"1 = 1 = true()": "true", "3 > 2 > 1": "false", "1 < 2 and 2 < 3 or false()": "true", "\"it's\"": "it's", "1 - 1": "0", "j_k -1": "1", "count(/)": "1", "count(//node()) > 20": "true",
	} {
		if got := evalAt(t, d, "/data", src); got != want {
			t.Errorf("%s is %q, want %q", src, got, want)
		}
	}
}

// TestConversionsAgree: whichever way a value is asked for, it is the same value; on every function case, and on them nested in each other.
func TestConversionsAgree(t *testing.T) {
	doc := mustDocument(t, household)
	sources := []string{"(//m_age | //m_name)", "(//m_age)[2]", "//none | //m_age", "/data/grp_c/roster/m_age", "1 + 1", "-1", "1 < 2", "true() or 1", "0 and 1", "'x'", "''", "3", "//none", "/data/none", "0 div 0"}
	for _, name := range FunctionNames() {
		if name == "random" || name == "uuid" || name == "randomize" {
			continue
		}
		for _, c := range readFunctionCases(t, name) {
			if c.At == "" && c.Fails == "" {
				sources = append(sources, c.Expr)
			}
		}
	}
	for _, src := range sources {
		c := &Context{Node: doc.Root, Env: fullEnv(doc)}
		v := mustEval(t, src, c)
		same := func(what string, got, want any) {
			if got != want {
				t.Errorf("%s of %s is %v, want %v", what, src, got, want)
			}
		}
		same("boolean()", mustEval(t, "boolean("+src+")", c).Bool(), v.Bool())
		same("string()", mustEval(t, "string("+src+")", c).String(), v.String())
		same("number()", math.Float64bits(mustEval(t, "number("+src+")", c).Number()), math.Float64bits(v.Number()))
		same("not(not())", mustEval(t, "not(not("+src+"))", c).Bool(), v.Bool())
		same("concat() ''", mustEval(t, "concat("+src+", '') = string-length('')", c).Type(), "boolean")
		same("- -", math.Float64bits(mustEval(t, "0 + ("+src+")", c).Number()), math.Float64bits(0+v.Number()))
		same("if()", mustEval(t, "if("+src+", 'y', 'n')", c).String() == "y", v.Bool())
		e, _ := Parse(src)
		text, _ := e.Text(c)
		yes, _ := e.Bool(c)
		same("Text", text, v.String())
		same("Bool", yes, v.Bool())
	}
}

func mustEval(t *testing.T, src string, c *Context) Value {
	t.Helper()
	e, err := Parse(src)
	if err != nil {
		t.Fatalf("%s: %v", src, err)
	}
	v, err := e.Eval(c)
	if err != nil {
		t.Fatalf("%s: %v", src, err)
	}
	return v
}

// TestWorldIsAsked: a function that needs what nobody gave fails by name.
func TestWorldIsAsked(t *testing.T) {
	for _, src := range []string{"property('x')", "jr:itext('x')", "pulldata('a','b','c','d')", "jr:choice-name(1, 'x')", "now()", "today()", "random()", "uuid()", "randomize(//x)", "instance('x')/root"} {
		e, err := Parse(src)
		if err != nil {
			t.Fatal(err)
		}
		var failed *EvalError
		if _, err := e.Eval(&Context{Node: &Node{Name: "data", Children: []*Node{{Name: "x"}}}}); !errors.As(err, &failed) || failed.Source != src {
			t.Errorf("%s: %v", src, err)
		}
	}
}
