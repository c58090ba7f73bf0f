package lesson

import "testing"

func TestFieldExercises(t *testing.T) { areChecked(t, fieldExercises) }
