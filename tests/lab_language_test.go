package tests

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"convlab/internal/skiptest"
)

// TestLabLanguage: which language `make lab` takes from LANG, given to make or
// found in the environment, and what programs find there.
func TestLabLanguage(t *testing.T) {
	value := func(out []byte, name string) string {
		m := regexp.MustCompile(`(?m)^(?:export |override )?` + name + ` :?= ?(.*)$`).FindSubmatch(out)
		if m == nil {
			return ""
		}
		return string(m[1])
	}
	for _, c := range []struct {
		env            []string
		argument       string
		language, lang string
	}{
		{[]string{"LANG=en_US.UTF-8"}, "LANG=zh", "zh", "C.UTF-8"},
		{[]string{"LANG=zh_CN.UTF-8"}, "LANG=en", "en", "C.UTF-8"},
		{[]string{"LANG=zh_CN.UTF-8", "LC_ALL=zh_CN.UTF-8"}, "LANG=en", "en", "C.UTF-8"},
		{[]string{"LANG=C"}, "LANG=zh_CN.UTF-8", "zh", "zh_CN.UTF-8"},
		{[]string{"LANG=zh_CN.UTF-8"}, "", "zh", "zh_CN.UTF-8"},
		{[]string{"LANG=en_US.UTF-8"}, "", "en", "en_US.UTF-8"},
		{[]string{"LANG=de_DE.UTF-8"}, "", "en", "de_DE.UTF-8"},
		{[]string{"LANG=C"}, "", "en", "C"},
		{[]string{"LC_ALL=C", "LANG=zh_CN.UTF-8"}, "", "en", "zh_CN.UTF-8"},
		{[]string{"LC_MESSAGES=zh_CN.UTF-8", "LANG=en_US.UTF-8"}, "", "zh", "en_US.UTF-8"},
		{nil, "", "en", ""},
	} {
		args := []string{"-pn"}
		if c.argument != "" {
			args = append(args, c.argument)
		}
		cmd := exec.Command("make", append(args, "help")...)
		cmd.Dir = root(t)
		for _, v := range os.Environ() {
			if name, _, _ := strings.Cut(v, "="); name != "LANG" && !strings.HasPrefix(name, "LC_") {
				cmd.Env = append(cmd.Env, v)
			}
		}
		cmd.Env = append(cmd.Env, c.env...)
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		if got := value(out, "CONVLAB_LAB_LANG"); got != c.language {
			t.Errorf("%v, make %q: %q, want %q", c.env, c.argument, got, c.language)
		}
		if got := value(out, "LANG"); got != c.lang {
			t.Errorf("%v, make %q: programs get LANG=%q, want %q", c.env, c.argument, got, c.lang)
		}
	}
}

// TestLabSpeaks starts the server of `make lab` in both languages: JupyterLab's
// texts and the page that it opens.
func TestLabSpeaks(t *testing.T) {
	venv := filepath.Dir(filepath.Dir(python(t)))
	if packs, err := filepath.Glob(filepath.Join(venv, "lib", "python3*", "site-packages", "jupyterlab_language_pack_zh_CN")); err != nil || len(packs) == 0 {
		skiptest.Missing(t, "JupyterLab's Chinese")
	}
	jupyter := filepath.Join(venv, "bin", "jupyter")
	for language, want := range map[string]struct{ page, files string }{
		"zh": {"/lab/tree/notebooks/index.zh.md", "文件"}, "en": {"/lab/tree/notebooks/index.md", ""},
	} {
		ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
		defer cancel()
		home := t.TempDir()
		server := exec.CommandContext(ctx, jupyter, "lab", "--config=tools/jupyter/server_config.py", "--no-browser", "--ServerApp.port=0")
		server.Dir = root(t)
		server.Env = append(os.Environ(), "CONVLAB_LAB_LANG="+language, "JUPYTER_CONFIG_DIR="+home, "JUPYTER_DATA_DIR="+home, "JUPYTER_RUNTIME_DIR="+home)
		server.Cancel = func() error { return server.Process.Signal(syscall.SIGTERM) }
		out, in := io.Pipe()
		server.Stdout, server.Stderr = in, in
		if err := server.Start(); err != nil {
			t.Fatal(err)
		}
		var at []string
		lines := bufio.NewScanner(out)
		for at == nil && lines.Scan() {
			at = regexp.MustCompile(`(http://127\.0\.0\.1:\d+)/\S*\?token=(\w+)`).FindStringSubmatch(lines.Text())
		}
		go io.Copy(io.Discard, out)
		if at == nil {
			t.Fatal("the server told no address")
		}
		get := func(path string) (*http.Response, []byte) {
			request, err := http.NewRequestWithContext(ctx, "GET", at[1]+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("Authorization", "token "+at[2])
			stay := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
			answer, err := stay.Do(request)
			for ; errors.Is(err, syscall.ECONNREFUSED) && ctx.Err() == nil; answer, err = stay.Do(request) {
				time.Sleep(100 * time.Millisecond) // it tells its address a little before it listens there
			}
			if err != nil {
				t.Fatal(err)
			}
			defer answer.Body.Close()
			body, err := io.ReadAll(answer.Body)
			if err != nil {
				t.Fatal(err)
			}
			return answer, body
		}
		if answer, _ := get("/"); !strings.HasPrefix(answer.Header.Get("Location"), want.page) {
			t.Errorf("%s: it opens %q, want %q", language, answer.Header.Get("Location"), want.page)
		}
		var said struct {
			Data map[string]map[string]any
		}
		_, body := get("/lab/api/translations/default")
		if err := json.Unmarshal(body, &said); err != nil {
			t.Fatalf("%v in %.200s", err, body)
		}
		got := ""
		if texts, ok := said.Data["jupyterlab"]["menu\x04File"].([]any); ok && len(texts) > 0 {
			got, _ = texts[0].(string)
		} else if texts, ok := said.Data["jupyterlab"]["File"].([]any); ok && len(texts) > 0 {
			got, _ = texts[0].(string)
		}
		if !strings.HasPrefix(got, want.files) || want.files == "" && got != "" {
			t.Errorf("%s: JupyterLab calls File %q, want %q", language, got, want.files)
		}
		cancel()
		server.Wait()
		in.Close()
	}
}
