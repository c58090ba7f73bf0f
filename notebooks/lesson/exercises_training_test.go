package lesson

import "testing"

func TestTrainingExercises(t *testing.T) { areChecked(t, trainingExercises) }
