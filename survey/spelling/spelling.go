// Package spelling tells how far apart two words are, to name the one that a person most likely meant.
package spelling

// Slips counts the letters to insert, drop, replace or swap with their neighbour to make b of a (optimal string alignment); anything
// above limit is limit+1. Its time grows with the product of the words' lengths, unless these differ by more than limit.
func Slips(a, b string, limit int) int {
	x, y := []rune(a), []rune(b)
	if limit < 0 || len(x)-len(y) > limit || len(y)-len(x) > limit {
		return limit + 1
	}
	before, last, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return min(last[len(y)], limit+1)
}
