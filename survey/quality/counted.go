package quality

// measured are the weights as counted in simulated fieldwork. They are written by
//
//	go test -run TestWeightsAreThoseCounted -update ./survey/quality
//
// out of 4 seeds from 1000 on, each of 10000 interviews in 3 worlds with 0.02 of them repeated: 2632 pairs of one household, 1633169 of two.
var measured = weights{
	prior: -9.3,
	ea:    [agreements]float64{Same: 0, Similar: 2.4, Differ: -1.2},
	number: [agreements][agreements]float64{
		Unknown: {Same: 3.8, Partly: -0.4, Differ: -2.4},
		Same:    {Same: 9.9, Similar: 2.3, Partly: -4.8, Differ: -3.5},
		Similar: {Same: 4.3, Similar: 2.8, Partly: -0.5, Differ: -4.5},
		Differ:  {Same: 3.2, Similar: 4.4, Partly: 0.8, Differ: -2.2},
	},
	place: [2][agreements]float64{
		{Same: 6.9, Similar: 0.6, Apart: -1.9, Differ: -5.9},
		{Same: 6.2, Similar: 1.2, Apart: -3.6, Differ: -3.7},
	},
	phone:   [agreements]float64{Same: 5, Similar: 9.2, Differ: -3},
	address: [agreements]float64{Same: 2.1, Similar: 2.4, Partly: -3.2, Differ: -6.3},
	head: [contexts][agreements]float64{
		{Same: 8.9, Similar: 6.3, Partly: -1.1, Namesake: -0.1, Swapped: 5.7, Differ: -6.9},
		{Same: 13, Similar: 7.2, Partly: -0.5, Namesake: 3.8, Swapped: 9, Differ: -7.3},
		{Same: 4.2, Similar: 6.8, Partly: 3.9, Namesake: -2.3, Swapped: 0.5, Differ: -3.5},
		{Same: 8.1, Similar: 4.6, Partly: -2, Namesake: -1.5, Swapped: 9.9, Differ: -6.6},
	},
	members: [contexts][4][agreements]float64{
		{
			{Unlisted: 0.1, Differ: -5.4},
			{Same: 15.2, Partly: 9.4, Few: -3.2},
			{Same: 17.7, Partly: 14.2, Few: 4.6},
			{Same: 18, Partly: 14},
		},
		{
			{Unlisted: -0.6, Differ: -5.4},
			{Same: 18.6, Partly: 12.6, Few: 3.2},
			{Same: 18.8, Partly: 15.9, Few: 7.8},
			{Same: 19.1, Partly: 15.7},
		},
		{
			{Unlisted: -1.6, Differ: -2.4},
			{Same: 3.4, Partly: 2.3, Few: 1.4},
			{Same: 11.1, Partly: 7.2, Few: 7.6},
			{Same: 11.9, Partly: 8.8},
		},
		{
			{Unlisted: -0.6, Differ: -4.7},
			{Same: 14.9, Partly: 14, Few: 8.7},
			{Same: 14.9, Partly: 12.4},
			{Same: 15.7},
		},
	},
}
