package lesson

import "testing"

func TestPlainExercises(t *testing.T) { areChecked(t, plainExercises) }
