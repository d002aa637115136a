package xpath

import (
	"math"
	"strconv"
	"strings"
	"time"
)

type kind uint8

const (
	kindNodes kind = iota + 1
	kindString
	kindNumber
	kindBool
)

// Value is what an expression evaluates to: exactly one of node-set, string, number, boolean. The zero Value is the empty string.
type Value struct {
	kind  kind
	truth bool // of a boolean; of a node-set: it is true when it has a node, even an empty one
	date  bool // a string that a date function made
	num   float64
	str   string
	nodes []*Node
	zone  *time.Location // in which a date without zone is meant
}

func boolValue(b bool) Value      { return Value{kind: kindBool, truth: b} }
func numberValue(n float64) Value { return Value{kind: kindNumber, num: n} }
func stringValue(s string) Value  { return Value{kind: kindString, str: s} }

// Type returns "nodeset", "string", "number" or "boolean".
func (v Value) Type() string {
	switch v.kind {
	case kindNodes:
		return "nodeset"
	case kindNumber:
		return "number"
	case kindBool:
		return "boolean"
	}
	return "string"
}

// exists reports whether a node-set is tested as XPath says: by being empty. Of a plain path to an answer, the answer is tested, as in JavaRosa.
func (v *Value) exists() bool { return v.truth }

// Bool converts to a boolean: a number that is not 0 or NaN, a string that is not empty, a node-set that has a node. But a plain path to an
// answer ("/data/a", "../a", ".") is true when the answer is not empty, and a number not 0: so JavaRosa does.
func (v Value) Bool() bool {
	switch v.kind {
	case kindBool:
		return v.truth
	case kindNumber:
		return truthOf(v.num)
	case kindNodes:
		return v.exists() && len(v.nodes) > 0 || nodesTruth(v.nodes)
	}
	return v.str != "" && !(v.date && v.str == invalidDate)
}

// Number converts to a number. What is no number is NaN; a date counts the days since 1970-01-01 UTC.
func (v Value) Number() float64 {
	switch v.kind {
	case kindNumber:
		return v.num
	case kindBool:
		if v.truth {
			return 1
		}
		return 0
	case kindNodes:
		if len(v.nodes) == 0 {
			return math.NaN()
		}
		return parseNumber(v.nodes[0].StringValue(), v.zone)
	}
	return parseNumber(v.str, v.zone)
}

// String converts to a string; of a node-set, the text of its first node. Numbers are written as XPath says, without exponent.
func (v Value) String() string {
	switch v.kind {
	case kindNumber:
		return formatNumber(v.num)
	case kindBool:
		if v.truth {
			return "true"
		}
		return "false"
	case kindNodes:
		if len(v.nodes) == 0 {
			return ""
		}
		return v.nodes[0].StringValue()
	}
	return v.str
}

// Nodes returns the nodes of a node-set, in document order unless randomize() made another; nil for what is no node-set. The slice belongs to the caller.
func (v Value) Nodes() []*Node {
	if v.kind != kindNodes {
		return nil
	}
	return v.nodes
}

func truthOf(n float64) bool { return n != 0 && !math.IsNaN(n) }

func nodesTruth(nodes []*Node) bool {
	for _, n := range nodes {
		if nodeTruth(n) {
			return true
		}
	}
	return false
}

func nodeTruth(n *Node) bool {
	s := n.StringValue()
	switch {
	case n.Numeric:
		return truthOf(parseNumber(s, nil))
	case n.Boolean:
		return s == "true" || s == "1"
	}
	return s != ""
}

// formatNumber writes a number as XPath 1.0 does (section 4.2): no exponent, no point in whole numbers.
func formatNumber(f float64) string {
	switch {
	case f == math.Trunc(f) && math.Abs(f) < 1e15:
		return strconv.FormatInt(int64(f), 10)
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// parseNumber reads a number as JavaRosa does: spaces around it do not matter, a decimal comma is taken for a point, there is
// no exponent. A date is the days since 1970-01-01 UTC. Anything else is NaN.
func parseNumber(s string, zone *time.Location) float64 {
	if n, ok := parseShortInt(s); ok {
		return n
	}
	s = trimSpace(s)
	if s == "" {
		return math.NaN()
	}
	comma := false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case isDigit(c) || c == '.' || c == '-' && i == 0:
		case c == ',':
			comma = true
		default:
			if looksLikeDate(s) {
				return dateNumber(s, zone)
			}
			return math.NaN()
		}
	}
	if comma {
		s = strings.Replace(s, ",", ".", 1)
	}
	n, err := strconv.ParseFloat(s, 64)
	if err != nil && !math.IsInf(n, 0) {
		return math.NaN()
	}
	return n
}

// parseShortInt reads what most answers are.
func parseShortInt(s string) (float64, bool) {
	if len(s) == 0 || len(s) > 9 {
		return 0, false
	}
	n := 0
	for i := 0; i < len(s); i++ {
		if !isDigit(s[i]) {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return float64(n), true
}

// trimSpace takes off the white space that XPath knows.
func trimSpace(s string) string { return strings.Trim(s, " \t\r\n") }
