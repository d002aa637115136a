package xpath

import (
	"fmt"
	"maps"
	"slices"

	"vereda/survey/spelling"
)

// function is a function of the language.
type function struct {
	name     string
	min, max int  // number of arguments; max -1: any
	even     bool // only an even number
	odd      bool // only an odd number
	result   kind
	eval     func(f *frame, c *call) Value
	prepare  func(c *call) string // checks the arguments when the expression is read; a reason to refuse
	dialect  string               // the tool that has it, where it is not ODK's
	reads    reading              // what it reads of the nodes its arguments name
}

// reading says what a function reads besides the values of its arguments.
type reading uint8

const (
	readsValues   reading = iota
	readsPosition         // how many nodes there are, or where they stand
	readsContext          // without argument, the context node
	readsOwn              // the node it stands on, without depending on it
)

// takes says in words how many arguments a function takes.
func (fn *function) takes() string {
	numbers := ""
	if fn.odd {
		numbers = " (an odd number)"
	} else if fn.even {
		numbers = " (an even number)"
	}
	switch {
	case fn.max < 0:
		return fmt.Sprintf("%d or more%s", fn.min, numbers)
	case fn.max == 0:
		return "no"
	case fn.min == fn.max:
		return fmt.Sprint(fn.min)
	case fn.max == fn.min+1:
		return fmt.Sprintf("%d or %d", fn.min, fn.max)
	}
	return fmt.Sprintf("%d to %d%s", fn.min, fn.max, numbers)
}

// functions is every function by name. Nothing changes it after the start.
var functions = register(
	coreFunctions, textFunctions, numberFunctions, dateFunctions,
	selectFunctions, nodeFunctions, geoFunctions, chanceFunctions, formFunctions, dialectFunctions)

func register(groups ...[]function) map[string]*function {
	all := map[string]*function{}
	for _, g := range groups {
		for i := range g {
			all[g[i].name] = &g[i]
		}
	}
	return all
}

// FunctionNames returns the names of all functions, sorted.
func FunctionNames() []string { return slices.Sorted(maps.Keys(functions)) }

// Dialect returns the name of the tool whose dialect a function belongs to: "SurveyCTO" or "CHT"; "" for the functions of ODK and for unknown ones.
// A form that calls such a function runs here, but not in ODK Collect.
func Dialect(name string) string {
	if fn := functions[name]; fn != nil {
		return fn.dialect
	}
	return ""
}

func lookup(name string, args int) (*function, *FunctionError) {
	fn := functions[name]
	if fn == nil {
		return nil, &FunctionError{Name: name, Args: args, Nearest: nearest(name)}
	}
	if args < fn.min || fn.max >= 0 && args > fn.max || fn.even && args%2 != 0 || fn.odd && args%2 == 0 {
		return nil, &FunctionError{Name: name, Args: args, Known: true, Takes: fn.takes()}
	}
	return fn, nil
}

func failing(err *FunctionError) func(*frame, *call) Value {
	return func(f *frame, c *call) Value {
		f.fail(c.at, err.Error())
		return Value{}
	}
}

// nearest returns the function whose name is most like an unknown one, "" when none is alike.
func nearest(name string) string {
	best, least := "", 1+max(1, min(3, len(name)/3))
	for _, known := range FunctionNames() {
		if d := spelling.Slips(name, known, least-1); d < least {
			best, least = known, d
		}
	}
	return best
}

// call is a function call.
type call struct {
	fn   *function
	args []expr
	at   int
	data any  // what prepare found out
	bad  bool // there is no such function, or it does not take these arguments
}

func (c *call) value(f *frame) Value {
	if f.err != nil {
		return Value{kind: c.fn.result}
	}
	return c.fn.eval(f, c)
}

func (c *call) number(f *frame) float64 {
	v := c.value(f)
	return f.toNumber(&v)
}

func (c *call) text(f *frame) string {
	v := c.value(f)
	return v.String()
}

func (c *call) truth(f *frame) bool {
	v := c.value(f)
	return v.Bool()
}

func (c *call) static() kind { return c.fn.result }

// arg returns the text of an argument, or of the context node when it was left out.
func (c *call) arg(f *frame, i int) string {
	if i < len(c.args) {
		return c.args[i].text(f)
	}
	if f.node == nil || !f.node.seen() {
		return ""
	}
	return f.node.StringValue()
}

// nodes returns the nodes of an argument that must be a path.
func (c *call) nodes(f *frame, i int) []*Node { return nodesOf(c.args[i], f, c.at) }

// spread returns the arguments from the i-th on as values; a node-set stands for the values of its nodes.
func (c *call) spread(f *frame, i int) []Value {
	var out []Value
	for ; i < len(c.args); i++ {
		v := c.args[i].value(f)
		if v.kind != kindNodes {
			out = append(out, v)
			continue
		}
		for k := range v.nodes {
			out = append(out, Value{kind: kindNodes, nodes: v.nodes[k : k+1]})
		}
		if f.tired(len(v.nodes)) {
			return nil
		}
	}
	return out
}

// whole converts to an int, with sane bounds; NaN is 0.
func whole(n float64) int {
	switch {
	case n != n:
		return 0
	case n > 1e9:
		return 1e9
	case n < -1e9:
		return -1e9
	}
	return int(n)
}
