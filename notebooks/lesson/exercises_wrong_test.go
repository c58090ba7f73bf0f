package lesson

import "testing"

func TestWrongExercises(t *testing.T) { areChecked(t, wrongExercises) }
