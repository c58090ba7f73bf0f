package lesson

import "testing"

func TestNetworkExercises(t *testing.T) {
	areChecked(t, firstNetworkExercises)
	areChecked(t, networkExercises)
}
