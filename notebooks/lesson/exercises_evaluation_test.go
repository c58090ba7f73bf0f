package lesson

import "testing"

func TestEvaluationExercises(t *testing.T) { areChecked(t, evaluationExercises) }
