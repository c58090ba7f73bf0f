package lesson

import "testing"

func TestBeyondExercises(t *testing.T) { areChecked(t, beyondExercises) }
