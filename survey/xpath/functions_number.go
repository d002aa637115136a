package xpath

import (
	"math"
	"math/big"
	"strconv"
)

// Numbers.
var numberFunctions = []function{
	{name: "round", min: 1, max: 2, result: kindNumber, eval: round},
	{name: "floor", min: 1, max: 1, result: kindNumber, eval: of(math.Floor)},
	{name: "ceiling", min: 1, max: 1, result: kindNumber, eval: of(math.Ceil)},
	{name: "abs", min: 1, max: 1, result: kindNumber, eval: of(math.Abs)},
	{name: "pow", min: 2, max: 2, result: kindNumber, eval: ofTwo(math.Pow)},
	{name: "sqrt", min: 1, max: 1, result: kindNumber, eval: of(math.Sqrt)},
	{name: "exp", min: 1, max: 1, result: kindNumber, eval: of(math.Exp)},
	{name: "exp10", min: 1, max: 1, result: kindNumber, eval: of(func(x float64) float64 { return math.Pow(10, x) })},
	{name: "log", min: 1, max: 1, result: kindNumber, eval: of(math.Log)},
	{name: "log10", min: 1, max: 1, result: kindNumber, eval: of(math.Log10)},
	{name: "sin", min: 1, max: 1, result: kindNumber, eval: of(math.Sin)},
	{name: "cos", min: 1, max: 1, result: kindNumber, eval: of(math.Cos)},
	{name: "tan", min: 1, max: 1, result: kindNumber, eval: of(math.Tan)},
	{name: "asin", min: 1, max: 1, result: kindNumber, eval: of(math.Asin)},
	{name: "acos", min: 1, max: 1, result: kindNumber, eval: of(math.Acos)},
	{name: "atan", min: 1, max: 1, result: kindNumber, eval: of(math.Atan)},
	{name: "atan2", min: 2, max: 2, result: kindNumber, eval: ofTwo(math.Atan2)},
	{name: "pi", result: kindNumber, eval: func(*frame, *call) Value { return numberValue(math.Pi) }},
	{name: "sum", min: 1, max: 1, result: kindNumber, eval: sum},
	{name: "max", min: 1, max: -1, result: kindNumber, eval: extreme(math.Max)},
	{name: "min", min: 1, max: -1, result: kindNumber, eval: extreme(math.Min)},
}

func of(fn func(float64) float64) func(*frame, *call) Value {
	return func(f *frame, c *call) Value { return numberValue(fn(c.args[0].number(f))) }
}

func ofTwo(fn func(a, b float64) float64) func(*frame, *call) Value {
	return func(f *frame, c *call) Value { return numberValue(fn(c.args[0].number(f), c.args[1].number(f))) }
}

// sum adds what are numbers; blank answers do not count, as in JavaRosa.
func sum(f *frame, c *call) Value {
	total := 0.0
	mark := len(f.scratch)
	nodes := operand(c.args[0], f)
	if nodes.kind != kindNodes {
		f.fail(c.at, "sum() adds the answers of a path, not a "+nodes.Type())
	}
	for _, n := range nodes.nodes {
		if v := f.parse(n.StringValue()); v == v {
			total += v
		}
	}
	f.scratch = f.scratch[:mark]
	return numberValue(total)
}

func extreme(better func(a, b float64) float64) func(*frame, *call) Value {
	return func(f *frame, c *call) Value {
		best, any := math.NaN(), false
		for _, v := range c.spread(f, 0) {
			n := f.toNumber(&v)
			switch {
			case n != n:
			case !any:
				best, any = n, true
			default:
				best = better(best, n)
			}
		}
		return numberValue(best)
	}
}

func round(f *frame, c *call) Value {
	n, places := c.args[0].number(f), 0
	if len(c.args) == 2 {
		places = whole(c.args[1].number(f))
	}
	return numberValue(roundTo(n, places))
}

// roundHalfUp is XPath's round(): a half goes up, towards positive infinity.
func roundHalfUp(n float64) float64 {
	if n != n || math.IsInf(n, 0) {
		return n
	}
	if n < 0 && n >= -0.5 {
		return math.Copysign(0, -1)
	}
	return math.Floor(n + 0.5)
}

// roundTo rounds to decimal places, as Excel does; negative places round to tens, hundreds and so on. The number is taken as it is
// written in decimal, so that 12345.15 becomes 12345.2.
func roundTo(n float64, places int) float64 {
	if n != n || math.IsInf(n, 0) || n == 0 {
		return n
	}
	if places > 30 || places < -30 {
		return math.NaN()
	}
	r, ok := new(big.Rat).SetString(strconv.FormatFloat(n, 'f', -1, 64))
	if !ok {
		return math.NaN()
	}
	scale := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(places, -places))), nil))
	if places < 0 {
		scale.Inv(scale)
	}
	r.Mul(r, scale).Add(r, big.NewRat(1, 2))
	floor := new(big.Int).Div(r.Num(), r.Denom())
	out, _ := r.Quo(new(big.Rat).SetInt(floor), scale).Float64()
	if out == 0 && n < 0 {
		return math.Copysign(0, -1)
	}
	return out
}
