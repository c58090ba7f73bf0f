package nets_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"convlab/cnnlib/nets"
)

func ExampleNamed() {
	n, err := nets.Named("resnet18")
	if err != nil {
		fmt.Println(err)
		return
	}
	sum, err := n.Net.Summary(n.Input)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(n.Name, n.Input, sum.Params)
	_, err = nets.Named("resnet19")
	fmt.Println(err.Error()[:42])
	// Output:
	// resnet18 [224 224 3] 11689512
	// nets: there is no network "resnet19"; ther
}

// constructors are the exported functions of the package that give a network.
func constructors(t *testing.T) []string {
	t.Helper()
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, file := range files {
		if !strings.HasSuffix(file.Name(), ".go") || strings.HasSuffix(file.Name(), "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range parsed.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Recv != nil || !f.Name.IsExported() || f.Type.Results == nil || len(f.Type.Results.List) != 1 {
				continue
			}
			if result, ok := f.Type.Results.List[0].Type.(*ast.SelectorExpr); ok && result.Sel.Name == "Sequential" {
				names = append(names, f.Name.Name)
			}
		}
	}
	return names
}

// TestEveryNetworkHasAName: each function is found by its name, and makes what
// the function makes.
func TestEveryNetworkHasAName(t *testing.T) {
	names := nets.Names()
	made := constructors(t)
	if len(made) != len(names) || len(made) < 26 {
		t.Errorf("the package has %d networks, %d have a name", len(made), len(names))
	}
	for _, constructor := range made {
		n, err := nets.Named(constructor)
		if err != nil {
			t.Error(err)
			continue
		}
		if !slices.Contains(names, strings.ToLower(constructor)) || n.Name != strings.ToLower(constructor) {
			t.Errorf("%s is named %s", constructor, n.Name)
		}
		if _, err := n.Net.Check(n.Input); err != nil {
			t.Errorf("%s: %v", n.Name, err)
		}
	}
	for _, n := range networks(t) {
		named, err := nets.Named(n.name)
		if err != nil {
			t.Error(err)
			continue
		}
		info, err := named.Net.Check(named.Input)
		if err != nil {
			t.Error(err)
			continue
		}
		if !reflect.DeepEqual(named.Net, n.make(info.Output[len(info.Output)-1])) {
			t.Errorf("%s is another network than %s", named.Name, n.name)
		}
	}
	if lenet, err := nets.Named("LeNet"); err != nil || !reflect.DeepEqual(lenet.Net, nets.LeNet()) {
		t.Errorf("lenet: %v", err)
	}
}
