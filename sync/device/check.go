package device

import "slices"

// Check characters are those of a Reed-Solomon code over GF(32), the field of 32 symbols with the polynomial
// x⁵+x²+1 and the generator 2. With n check characters and up to 31 characters in all, any n wrong characters are found,
// wherever they stand. With a single one, a swap of any two different characters is found as well, since each
// place has a weight of its own; Luhn's sum in base 32 would miss one pair.

// double multiplies a symbol by the generator.
func double(s byte) byte {
	s <<= 1
	if s > 31 {
		s ^= 0b100101
	}
	return s
}

// multiply is the field's product.
func multiply(a, b byte) byte {
	var product byte
	for ; b > 0; b >>= 1 {
		if b&1 == 1 {
			product ^= a
		}
		a = double(a)
	}
	return product
}

// checks returns the n check symbols that stand behind data: the remainder of data·xⁿ by (x-2)(x-2²)…(x-2ⁿ).
func checks(data []byte, n int) []byte {
	divisor := []byte{1}
	root := byte(1)
	for range n {
		root = double(root)
		next := append(slices.Clone(divisor), 0)
		for i, c := range divisor {
			next[i+1] ^= multiply(c, root)
		}
		divisor = next
	}
	rest := append(slices.Clone(data), make([]byte, n)...)
	for i := range data {
		lead := rest[i]
		for j, c := range divisor {
			rest[i+j] ^= multiply(lead, c)
		}
	}
	return rest[len(data):]
}

// withChecks returns data with n check symbols behind it; checked takes them off again, false when they don't fit.
func withChecks(data []byte, n int) []byte {
	return append(slices.Clone(data), checks(data, n)...)
}

func checked(symbols []byte, n int) ([]byte, bool) {
	data := symbols[:len(symbols)-n]
	return data, slices.Equal(checks(data, n), symbols[len(symbols)-n:])
}
