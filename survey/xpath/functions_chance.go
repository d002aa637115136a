package xpath

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"math/rand"
)

// Chance.
var chanceFunctions = []function{
	{name: "random", result: kindNumber, eval: random},
	{name: "uuid", max: 1, result: kindString, eval: uuid},
	{name: "randomize", min: 1, max: 2, result: kindNodes, eval: randomize, prepare: wantsNodes},
}

func wantsNodes(c *call) string {
	if k := c.args[0].static(); k != 0 && k != kindNodes {
		return "the first argument is a path"
	}
	return ""
}

func (f *frame) chance(at int) *rand.Rand {
	if f.env.Random == nil {
		f.fail(at, "there is no source of chance here")
	}
	return f.env.Random
}

func random(f *frame, c *call) Value {
	if r := f.chance(c.at); r != nil {
		return numberValue(r.Float64())
	}
	return numberValue(0)
}

// uuid is a random UUID (version 4), or as much of one, repeated if need be, as the length asked for.
func uuid(f *frame, c *call) Value {
	r := f.chance(c.at)
	if r == nil {
		return stringValue("")
	}
	if len(c.args) == 0 {
		return stringValue(newUUID(r))
	}
	n := min(max(whole(c.args[0].number(f)), 0), 4096)
	s := ""
	for len(s) < n {
		s += newUUID(r)
	}
	return stringValue(s[:n])
}

func newUUID(r *rand.Rand) string {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], r.Uint64())
	binary.BigEndian.PutUint64(b[8:], r.Uint64())
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	h := hex.EncodeToString(b[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// randomize shuffles nodes (Fisher and Yates, inside out). With a seed the order is the one that every ODK engine makes of it.
func randomize(f *frame, c *call) Value {
	nodes := append([]*Node(nil), c.nodes(f, 0)...)
	next := func() float64 { return 0 }
	if len(c.args) == 2 {
		g := newParkMiller(seedOf(f, c.args[1]))
		next = g.next
	} else if r := f.chance(c.at); r != nil {
		next = r.Float64
	}
	for i := range nodes {
		k := int(next() * float64(i+1))
		nodes[i], nodes[k] = nodes[k], nodes[i]
	}
	return Value{kind: kindNodes, truth: true, nodes: nodes}
}

// seedOf turns the second argument into a whole number: what is no number is digested, so that any text can be a seed. The digest passes through a floating-point
// number, as it does in JavaRosa: other bits make another order.
func seedOf(f *frame, e expr) int64 {
	v := e.value(f)
	n := f.toNumber(&v)
	if s := v.String(); n != n && s != "" && v.kind != kindNumber {
		sum := sha256.Sum256([]byte(s))
		n = float64(int64(binary.BigEndian.Uint64(sum[:8])))
	}
	switch {
	case n != n || math.IsInf(n, 0):
		return 0
	case n >= math.MaxInt64:
		return math.MaxInt64
	case n <= math.MinInt64:
		return math.MinInt64
	}
	return int64(n)
}

// parkMiller is the "minimal standard" generator of Park and Miller, which the ODK specification names.
type parkMiller struct{ seed int64 }

const (
	parkMillerModulus    = 2147483647
	parkMillerMultiplier = 16807
)

func newParkMiller(seed int64) *parkMiller {
	seed %= parkMillerModulus
	if seed <= 0 {
		seed += parkMillerModulus - 1
	}
	return &parkMiller{seed}
}

func (p *parkMiller) next() float64 {
	p.seed = p.seed * parkMillerMultiplier % parkMillerModulus
	return float64(p.seed-1) / (parkMillerModulus - 1)
}
