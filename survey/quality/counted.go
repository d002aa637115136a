package quality

// measured are the weights as counted in simulated fieldwork. They are written by
//
//	go test -run TestWeightsAreThoseCounted -update ./survey/quality
//
// out of 1 seed from 1000 on, of 30000 interviews in 3 worlds with 0.16 of them repeated (weighed as if 0.02 were): 13926 pairs of one household, 2791010 of two.
var measured = weights{
	prior: -10.6,
	ea: [relations][agreements]float64{
		{Same: 1},
		{Similar: 5.8, Differ: 5.2},
		{Similar: -3, Differ: -6.2},
	},
	number: [relations][agreements][agreements]float64{
		{
			Same: {Same: 9.3, Similar: 1.1, Partly: -3.2, Differ: -3.4},
		},
		{
			Unknown: {Same: 6, Partly: -5.3, Differ: -3},
			Similar: {Same: 5.6, Partly: -7.5, Differ: -3.4},
			Differ:  {Same: 5.2, Similar: -6.4, Partly: -6.4, Differ: -2.7},
		},
		{
			Unknown: {Same: 2.7, Similar: -6.2, Partly: -6.2, Differ: -3.9},
			Similar: {Same: 0.1, Similar: -6.4, Partly: -6.4, Differ: -0.9},
			Differ:  {Same: 3, Similar: -5.3, Partly: -5.3, Differ: -3.9},
		},
	},
	place: [relations][agreements]float64{
		{Same: 6.1, Similar: 1.5, Apart: -3.7, Differ: -3.5},
		{Same: 2.1, Similar: -2.8, Apart: -1.3, Differ: -7.8},
		{Apart: 5.7, Differ: -2.7},
	},
	phone:   [agreements]float64{Same: 6, Similar: 8.1, Differ: -3.1},
	address: [agreements]float64{Same: 3.2, Similar: 3.3, Partly: -1.4, Differ: -6.7},
	head: [contexts][agreements]float64{
		{Same: 9.2, Similar: 6.1, Partly: 0.9, Namesake: -0.4, Swapped: 5.6, Differ: -7.5},
		{Same: 7.8, Similar: 5.8, Partly: -6.7, Namesake: -2.5, Swapped: 5.2, Differ: -5.3},
		{Same: 4.5, Similar: 3.7, Partly: -4.6, Namesake: -2.6, Swapped: 2.1, Differ: -3.8},
		{Same: 13.1, Similar: 7.7, Partly: 1.6, Namesake: 2.4, Swapped: 8.6, Differ: -6.8},
		{Same: 9.4, Similar: 9.4, Partly: -7.6, Namesake: 2.4, Swapped: 9.4, Differ: -6.3},
		{Same: 9.5, Similar: 6.3, Partly: 2.1, Namesake: -1.6, Swapped: 9.1, Differ: -5.8},
	},
	members: [2 * contexts][4][agreements]float64{
		{
			{Unlisted: 1.8, Differ: -8.2},
			{Partly: 8.2, Few: 0.6},
			{Partly: 11.9, Few: 5.7},
			{Same: 17.8, Partly: 17.8},
		},
		{
			{Unlisted: 1.5, Differ: -3.5},
			{Few: -3.5},
			{Partly: 8.9},
			{Partly: 8.9},
		},
		{
			{Unlisted: 3.3, Differ: -2.6},
			{Partly: -2.6, Few: 0.5},
			{Partly: 7, Few: -2.6},
			{Partly: -2.6},
		},
		{
			{Unlisted: 0.5, Differ: -4.8},
			{Partly: 13.2, Few: 7.1},
			{Partly: 18.7, Few: 18.7},
			{Same: 18.7, Partly: 18.7},
		},
		{
			{Unlisted: 0.5, Differ: -2.7},
			{Partly: 9.2, Few: 9.2},
			{Partly: 9.2, Few: 9.2},
			{},
		},
		{
			{Unlisted: 2, Differ: -2.3},
			{Partly: 13.6, Few: 8.4},
			{},
			{Partly: 18.7},
		},
		{
			{Unlisted: -0.4, Differ: -5.8},
			{Same: 8.6, Partly: 4.8, Few: -0.3},
			{Same: 10.2, Partly: 10.2, Few: 10.2},
			{Same: 10.2, Partly: 10.2},
		},
		{
			{Unlisted: -1.7, Differ: -5.4},
			{Same: 2.6, Partly: 2.6, Few: 2.6},
			{Same: 2.6, Partly: 2.6},
			{Same: 2.6, Partly: 2.6},
		},
		{
			{Unlisted: 3.2, Differ: -4.4},
			{Same: 4.7, Partly: 0.5, Few: -4.4},
			{Same: 10.3, Partly: 4.6, Few: -4.4},
			{Same: 14.1, Partly: 9.7},
		},
		{
			{Unlisted: -0.4, Differ: -5.9},
			{Same: 5.8, Partly: 8.3, Few: 8.3},
			{Same: 8.3, Partly: 8.3},
			{Same: 8.3, Partly: 8.3},
		},
		{
			{Unlisted: 1, Differ: 1},
			{Same: 1, Partly: 1, Few: 1},
			{Same: 1, Partly: 1},
			{Same: 1, Partly: 1},
		},
		{
			{Unlisted: -0.7, Differ: -6.1},
			{Same: 9.9, Partly: 9.9, Few: 0.1},
			{Same: 9.9, Partly: 9.9},
			{Same: 9.9, Partly: 9.9},
		},
	},
}
