package xpath

import (
	"math"
	"strconv"
)

// Logic and conversion.
var coreFunctions = []function{
	{name: "true", result: kindBool, eval: func(*frame, *call) Value { return boolValue(true) }},
	{name: "false", result: kindBool, eval: func(*frame, *call) Value { return boolValue(false) }},
	{name: "boolean", min: 1, max: 1, result: kindBool, eval: func(f *frame, c *call) Value { return boolValue(c.args[0].truth(f)) }},
	{name: "not", min: 1, max: 1, result: kindBool, eval: func(f *frame, c *call) Value { return boolValue(!c.args[0].truth(f)) }},
	{name: "boolean-from-string", min: 1, max: 1, result: kindBool, eval: booleanFromString},
	{name: "string", min: 0, max: 1, result: kindString, eval: toString, reads: readsContext},
	{name: "number", min: 1, max: 1, result: kindNumber, eval: func(f *frame, c *call) Value { return numberValue(c.args[0].number(f)) }},
	{name: "int", min: 1, max: 1, result: kindNumber, eval: toInt},
	{name: "if", min: 3, max: 3, eval: ifThenElse},
	{name: "coalesce", min: 2, max: -1, eval: coalesce},
	{name: "once", min: 1, max: 1, eval: once, reads: readsOwn},
	{name: "depend", min: 1, max: -1, eval: func(f *frame, c *call) Value { return c.args[0].value(f) }},
	{name: "checklist", min: 2, max: -1, result: kindBool, eval: checklist},
	{name: "weighted-checklist", min: 2, max: -1, even: true, result: kindBool, eval: weightedChecklist},
}

func booleanFromString(f *frame, c *call) Value {
	s := c.args[0].text(f)
	return boolValue(s == "1" || len(s) == 4 && (s[0]|32 == 't' && s[1]|32 == 'r' && s[2]|32 == 'u' && s[3]|32 == 'e'))
}

func toString(f *frame, c *call) Value {
	if len(c.args) == 1 {
		if v := c.args[0].value(f); v.date {
			return v
		} else {
			return stringValue(v.String())
		}
	}
	return stringValue(c.arg(f, 0))
}

func toInt(f *frame, c *call) Value {
	v := c.args[0].value(f)
	n := f.toNumber(&v)
	if n != n && v.kind != kindNumber {
		if exact, err := strconv.ParseFloat(trimSpace(v.String()), 64); err == nil {
			n = exact // with an exponent
		}
	}
	return numberValue(math.Trunc(n))
}

func ifThenElse(f *frame, c *call) Value {
	if c.args[0].truth(f) {
		return c.args[1].value(f)
	}
	if f.err != nil {
		return Value{}
	}
	return c.args[2].value(f)
}

// coalesce returns the first value that is neither empty nor NaN, or the last.
func coalesce(f *frame, c *call) Value {
	for i := 0; ; i++ {
		v := c.args[i].value(f)
		if i == len(c.args)-1 || f.err != nil || !blank(&v) {
			return v
		}
	}
}

func blank(v *Value) bool {
	return v.kind == kindNumber && math.IsNaN(v.num) || (v.kind == kindString || v.kind == kindNodes) && v.String() == ""
}

// once keeps what the node holds, and evaluates its argument only when it holds nothing.
func once(f *frame, c *call) Value {
	if n := f.node; n != nil {
		if s := n.StringValue(); s != "" {
			return stringValue(s)
		}
	}
	if v := c.args[0].value(f); !blank(&v) {
		return v
	}
	return stringValue("")
}

// checklist counts the true ones of its arguments: at least the first, at most the second, where -1 is no bound.
func checklist(f *frame, c *call) Value {
	least, most := whole(c.args[0].number(f)), whole(c.args[1].number(f))
	count := 0
	for _, v := range c.spread(f, 2) {
		if v.Bool() {
			count++
		}
	}
	return boolValue((least < 0 || count >= least) && (most < 0 || count <= most))
}

// weightedChecklist adds the weights of the true ones; flags and weights come in pairs, or as two node-sets.
// A greatest sum of -1 is no bound.
func weightedChecklist(f *frame, c *call) Value {
	least, most, sum := c.args[0].number(f), c.args[1].number(f), 0.0
	for i := 2; i+1 < len(c.args); i += 2 {
		flag, weight := c.args[i].value(f), c.args[i+1].value(f)
		if flag.kind == kindNodes && weight.kind == kindNodes && len(flag.nodes) > 1 {
			if len(flag.nodes) != len(weight.nodes) {
				f.fail(c.at, "weighted-checklist(): as many weights as answers are needed")
				return boolValue(false)
			}
			for k, n := range flag.nodes {
				if nodeTruth(n) {
					sum += f.parse(weight.nodes[k].StringValue())
				}
			}
		} else if flag.truth = flag.truth && flag.kind != kindNodes; flag.Bool() {
			sum += f.toNumber(&weight)
		}
	}
	return boolValue(sum >= least && (most == -1 || sum <= most))
}
