package match

import "strings"

// containers are the names under which checkpoints keep the weights in use.
var containers = map[string]bool{"state_dict": true, "model_state_dict": true, "model_state": true, "model": true, "module": true, "net": true, "network": true}

// wrappers are the parts that wrappers around a module add to its name: DataParallel,
// torch.compile, fully sharded data parallel, checkpointed activations.
var wrappers = map[string]bool{"module": true, "_orig_mod": true, "_fsdp_wrapped_module": true, "_checkpoint_wrapped_module": true}

// besides are words in the names of what stands beside a network in a file: averaged copies, what
// only training needs.
var besides = map[string]bool{"ema": true, "swa": true, "averaged": true, "average": true, "shadow": true, "teacher": true, "target": true,
	"optimizer": true, "optimizers": true, "optim": true, "scheduler": true, "callbacks": true, "criterion": true, "loss": true, "metric": true, "metrics": true}

// heads are torchvision's modules that compute only while a network trains.
var heads = map[string]bool{"aux1": true, "aux2": true, "AuxLogits": true, "aux_classifier": true}

// beside tells whether a name belongs to what stands beside a network, by the parts before its
// last dot.
func beside(name string) bool { return lastBeside(name) >= 0 }

// lastBeside is where the last of those parts begins, -1 if there is none: what follows a prefix
// of the name has one if the prefix is no longer.
func lastBeside(name string) int {
	at, last := 0, -1
	for part := range strings.SplitAfterSeq(module(name), ".") {
		if besidePart(strings.TrimSuffix(part, ".")) {
			last = at
		}
		at += len(part)
	}
	return last
}

func besidePart(part string) bool {
	if heads[part] {
		return true
	}
	for word := range strings.FieldsFuncSeq(strings.ToLower(part), func(r rune) bool { return r == '_' || r == '-' || r == ' ' }) {
		if besides[word] {
			return true
		}
	}
	return false
}

// unwrapped is a name without the parts of wrappers.
func unwrapped(name string) string {
	var kept []string
	for part := range strings.SplitSeq(name, ".") {
		if !wrappers[part] {
			kept = append(kept, part)
		}
	}
	return strings.Join(kept, ".")
}
