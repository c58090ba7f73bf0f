package weights

import (
	"strings"
	"testing"
)

// TestGlobals: a pickle may name the types of tensors and dicts. What it names
// besides is refused; of tensors that are not read, with what to do.
func TestGlobals(t *testing.T) {
	for _, name := range []pickleGlobal{orderedDict, defaultDict, rebuildTensor, rebuildParameter, "torch.FloatStorage", "argparse.Namespace"} {
		if _, err := known(name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, name := range []pickleGlobal{"os.system", "builtins.eval", "subprocess.Popen", "torch.nn.modules.conv.Conv2d"} {
		if _, err := known(name); err == nil || !strings.Contains(err.Error(), "save net.state_dict() alone") {
			t.Errorf("%s: error %v", name, err)
		}
	}
	for _, u := range unread {
		if _, err := known(pickleGlobal(u.begin + "x")); err == nil || !strings.Contains(err.Error(), u.reason) {
			t.Errorf("%s: error %v, want %s", u.begin, err, u.reason)
		}
	}
}
