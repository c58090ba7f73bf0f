package lesson

import "testing"

func TestDataExercises(t *testing.T) { areChecked(t, dataExercises) }
