package lesson

import "testing"

func TestSpecialExercises(t *testing.T) { areChecked(t, specialExercises) }
