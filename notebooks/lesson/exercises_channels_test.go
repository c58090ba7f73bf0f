package lesson

import (
	"fmt"
	"testing"
)

func TestChannelExercises(t *testing.T) { areChecked(t, channelExercises) }

func ExampleShuffled() {
	fmt.Println(Shuffled(12, 3))
	// Output: [0 4 8 1 5 9 2 6 10 3 7 11]
}
