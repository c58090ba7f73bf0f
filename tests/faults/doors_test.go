//go:build linux

package faults

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A door is JupyterLab's server as `make lab` starts it, on a folder with a
// secret inside, one in a hidden folder and one beside it.
type door struct {
	lab     *kernelLab
	cmd     *exec.Cmd
	host    string // 127.0.0.1:port
	token   string
	routes  []string // a path for each route of the server
	served  string
	runtime string
	log     buffer
}

// secret stands in every file that must not get out.
const secret = "the-secret-of-this-file"

func openDoor(t *testing.T) *door {
	t.Helper()
	d := &door{lab: newKernelLab(t), served: filepath.Join(t.TempDir(), "served"), runtime: filepath.Join(t.TempDir(), "runtime")}
	t.Cleanup(d.lab.killAll)
	for _, file := range []string{"secret.txt", "a/secret.txt", ".git/config", ".lab/secret.txt", ".ssh/id", "a/.hidden", "../outside.txt", "../servedtoo/secret.txt"} {
		path := filepath.Join(d.served, file)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(secret), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, to := range map[string]string{"link.txt": "../outside.txt", "link": "..", "a/link": "/etc"} {
		if err := os.Symlink(to, filepath.Join(d.served, name)); err != nil {
			t.Fatal(err)
		}
	}
	d.cmd = exec.Command(d.lab.python, filepath.Join(root(), "tests", "faults", "server.py"), "--config="+filepath.Join(root(), "tools", "jupyter", "server_config.py"),
		"--no-browser", "--ServerApp.port=0", "--ServerApp.root_dir="+d.served)
	state := t.TempDir()
	d.cmd.Env = append(d.lab.env, "JUPYTER_CONFIG_DIR="+state+"/config", "JUPYTER_DATA_DIR="+state+"/data", "JUPYTER_RUNTIME_DIR="+d.runtime, "IPYTHONDIR="+state+"/ipython")
	d.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	d.cmd.Stderr = &d.log
	out, err := d.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := d.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		d.cmd.Process.Signal(syscall.SIGTERM)
		end := time.AfterFunc(20*time.Second, func() { syscall.Kill(-d.cmd.Process.Pid, syscall.SIGKILL) })
		d.cmd.Wait()
		end.Stop()
		if t.Failed() {
			t.Log(d.log.String())
		}
	})
	line, _ := bufio.NewReader(out).ReadBytes('\n')
	var told struct{ Routes, Unknown []string }
	if err := json.Unmarshal(line, &told); err != nil {
		t.Fatalf("%v in %q\n%s", err, line, d.log.String())
	}
	for _, pattern := range told.Unknown {
		if pattern != "/?$" {
			t.Errorf("no path is known for the route %s: server.py has to learn one", pattern)
		}
	}
	d.routes = append(told.Routes, "/", "/tree", "/lab/tree/secret.txt", "/api/contents/secret.txt", "/files/secret.txt", "/api/contents/a", "/nbconvert/html/a.ipynb",
		"/files/", "/terminals/1", "/edit/secret.txt")
	found := regexp.MustCompile(`http://(127\.0\.0\.1:\d+)/\S*\?token=(\w+)`)
	for begin := time.Now(); d.host == ""; time.Sleep(20 * time.Millisecond) {
		if m := found.FindStringSubmatch(d.log.String()); m != nil {
			d.host, d.token = m[1], m[2]
		}
		if time.Since(begin) > time.Minute {
			t.Fatalf("the server told no address:\n%s", d.log.String())
		}
	}
	return d
}

// ask sends a request as it stands, with nothing made tidy on the way.
func (d *door) ask(t testing.TB, method, path, body string, headers ...string) (int, http.Header, string) {
	t.Helper()
	c, err := net.DialTimeout("tcp", d.host, 10*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	limit := 60 * time.Second
	if path == "/lab/api/licenses/" {
		limit = 200 * time.Millisecond
	}
	c.SetDeadline(time.Now().Add(limit))
	host := "Host: " + d.host
	headers = slices.DeleteFunc(slices.Clone(headers), func(h string) bool {
		if strings.HasPrefix(h, "Host: ") {
			host = h
			return true
		}
		return false
	})
	fmt.Fprintf(c, "%s %s HTTP/1.1\r\n%s\r\nConnection: close\r\nContent-Length: %d\r\n%s\r\n%s", method, path, host, len(body), lines(headers), body)
	r, err := http.ReadResponse(bufio.NewReader(c), &http.Request{Method: method})
	if err != nil && strings.HasPrefix(path, "/lab/api/licenses/") {
		return 0, nil, "" // its handler fails at refusing (jupyterlab_server 2.28.1) and says nothing
	}
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	defer r.Body.Close()
	text, _ := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	return r.StatusCode, r.Header, string(text)
}

func lines(headers []string) string {
	var b strings.Builder
	for _, h := range headers {
		b.WriteString(h + "\r\n")
	}
	return b.String()
}

func (d *door) key() string { return "Authorization: token " + d.token }

// websocket are the headers that open one.
func (d *door) websocket() []string {
	return []string{"Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="}
}

// TestDoors: what Jupyter's server lets in and gives out.
func TestDoors(t *testing.T) {
	d := openDoor(t)
	status, _, body := d.ask(t, "POST", "/api/kernels", `{"name": "gonb"}`, d.key())
	var kernel struct{ ID string }
	if err := json.Unmarshal([]byte(body), &kernel); err != nil || status != http.StatusCreated {
		t.Fatalf("with the token no kernel: %d %s", status, body)
	}
	channels := "/api/kernels/" + kernel.ID + "/channels"

	t.Run("token", func(t *testing.T) {
		tally := count(t, "Doors", "JupyterLab's server", "every route with every method, without the token and with wrong ones")
		// What a page needs before its user is known; none of it is the user's.
		open := regexp.MustCompile(`^/(login|logout|favicon\.ico|robots\.txt|static/.*|api)$`)
		// To another path of this server, which is tried by itself.
		here := regexp.MustCompile(`^/([^/\\\\]|$)`)
		wrong := [][]string{nil, {"Authorization: token " + strings.Repeat("0", 48)}, {"Authorization: token "}, {"Cookie: _xsrf=1", "X-XSRFToken: 1"}}
		for i, route := range append(d.routes, channels, "/api/kernels/"+kernel.ID) {
			for j, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"} {
				for k, headers := range wrong {
					if !*full && (i+j+k)%4 != 0 {
						continue
					}
					status, answered, text := d.ask(t, method, route, `{"name": "gonb", "type": "notebook"}`, headers...)
					switch {
					case strings.Contains(text, secret) || strings.Contains(text, kernel.ID):
						tally.lost("%s %s without a token gave %d %s", method, route, status, text)
					case status == http.StatusFound && here.MatchString(answered.Get("Location")) && text == "", status == 0, status == 401, status == 403, status == 404, status == 405:
						tally.refused()
					case open.MatchString(route), method == "OPTIONS" && text == "":
						tally.well()
					default:
						tally.lost("%s %s without a token gave %d %v %.200s", method, route, status, answered, text)
					}
				}
			}
			status, _, _ := d.ask(t, "GET", route, "", d.websocket()...)
			if status == http.StatusSwitchingProtocols {
				tally.lost("a websocket of %s opened without a token", route)
			}
		}
		for _, away := range []string{"//evil.example/", "///evil.example/", "/\\evil.example/", "/login?next=//evil.example/", "/login?next=http://evil.example/"} {
			if _, answered, _ := d.ask(t, "GET", away, "", d.key()); answered.Get("Location") != "" && !here.MatchString(answered.Get("Location")) {
				tally.lost("%s sends to %s", away, answered.Get("Location"))
				continue
			}
			tally.refused()
		}
		if status, _, text := d.ask(t, "GET", "/api/kernels", "", d.key()); status != 200 || strings.Count(text, `"id"`) != 1 {
			tally.lost("afterwards the kernels are %d %s", status, text)
		}
	})

	t.Run("origin", func(t *testing.T) {
		tally := count(t, "Doors", "JupyterLab's server", "another site's page: foreign Origin and Host headers with the user's cookie")
		status, answered, _ := d.ask(t, "GET", "/lab?token="+d.token, "")
		var cookies []string
		for _, c := range answered.Values("Set-Cookie") {
			cookie, _, _ := strings.Cut(c, ";")
			cookies = append(cookies, cookie)
		}
		cookie := "Cookie: " + strings.Join(cookies, "; ")
		if own, _, text := d.ask(t, "GET", "/api/contents/secret.txt", "", cookie); own != 200 || !strings.Contains(text, secret) {
			t.Fatalf("the cookie of %d is worth nothing: %d", status, own)
		}
		for _, origin := range []string{"http://evil.example", "https://evil.example:8888", "null", "http://127.0.0.1.evil.example", "http://" + d.host + ".evil.example", "http://localhost:1"} {
			for _, method := range []string{"POST", "PUT", "PATCH", "DELETE"} {
				for _, path := range []string{"/api/kernels", "/api/contents/new.txt", "/api/terminals", "/api/shutdown"} {
					status, _, text := d.ask(t, method, path, `{"name": "gonb", "type": "file", "format": "text", "content": "x"}`, cookie, "Origin: "+origin)
					if status < 400 {
						tally.lost("%s %s from %s: %d %.200s", method, path, origin, status, text)
						continue
					}
					tally.refused()
				}
			}
			_, answered, _ := d.ask(t, "GET", "/api/contents/secret.txt", "", cookie, "Origin: "+origin)
			if allowed := answered.Get("Access-Control-Allow-Origin"); allowed != "" {
				tally.lost("%s may read: %s", origin, allowed)
			}
			for _, path := range []string{channels, "/terminals/websocket/1", "/api/events/subscribe"} {
				if status, _, _ := d.ask(t, "GET", path, "", append(d.websocket(), cookie, "Origin: "+origin)...); status == http.StatusSwitchingProtocols {
					tally.lost("a websocket of %s opened for %s", path, origin)
					continue
				}
				tally.refused()
			}
		}
		for _, host := range []string{"evil.example", "evil.example:80", "127.0.0.1.evil.example", "192.0.2.1"} {
			for _, path := range []string{"/api/contents/secret.txt", "/files/secret.txt", "/lab", "/api/kernels"} {
				if status, _, text := d.ask(t, "GET", path, "", cookie, "Host: "+host); status != 403 || strings.Contains(text, secret) {
					tally.lost("Host: %s got %s: %d %.200s", host, path, status, text)
					continue
				}
				tally.refused()
			}
		}
	})

	t.Run("paths", func(t *testing.T) {
		tally := count(t, "Doors", "JupyterLab's server", "with the token: paths out of the served folder, links, hidden files, read and written")
		ways := []string{"../outside.txt", "a/../../outside.txt", "..%2foutside.txt", "%2e%2e/outside.txt", "%2e%2e%2foutside.txt", "..%5coutside.txt", "....//outside.txt",
			"%252e%252e%252foutside.txt", "../servedtoo/secret.txt", "..%2fservedtoo%2fsecret.txt", d.served + "/../outside.txt", "/" + d.served + "/../outside.txt", "a%00/../../outside.txt",
			"link.txt", "link/outside.txt", "a/link/passwd", ".git/config", "%2egit/config", ".lab/secret.txt", ".ssh/id", "a/.hidden", "a/%2ehidden", "./.git/config", "a/../.git/config"}
		for _, way := range ways {
			for _, handler := range []string{"/files/", "/api/contents/", "/nbconvert/script/", "/view/", "/static/", "/lab/api/listings/", "/kernelspecs/gonb/"} {
				status, _, text := d.ask(t, "GET", handler+way, "", d.key())
				if strings.Contains(text, secret) || strings.Contains(text, "root:") {
					tally.lost("GET %s gave %d %.300s", handler+way, status, text)
					continue
				}
				tally.refused()
			}
			status, _, text := d.ask(t, "PUT", "/api/contents/"+way+".new", `{"type": "file", "format": "text", "content": "in"}`, d.key())
			wrote := false
			for _, outside := range []string{d.served + "/../outside.txt.new", d.served + "/../servedtoo/secret.txt.new", d.served + "/.git/config.new", d.served + "/.ssh/id.new", "/etc/passwd.new"} {
				if _, err := os.Lstat(outside); err == nil {
					os.Remove(outside)
					wrote = true
					tally.lost("PUT %s wrote %s: %d %.200s", way, outside, status, text)
				}
			}
			if !wrote { // what it wrote, if anything, has a strange name inside
				tally.refused()
			}
		}
	})

	t.Run("loopback", func(t *testing.T) {
		tally := count(t, "Doors", "JupyterLab's server and its kernel", "the addresses on which their processes listen, in /proc/net")
		for begin := time.Now(); ; time.Sleep(50 * time.Millisecond) { // the kernel's five and the server's
			if at := listening(t, append(d.lab.pids(), d.cmd.Process.Pid)); len(at) >= 6 || time.Since(begin) > 30*time.Second {
				if len(at) < 6 {
					t.Errorf("only %d sockets listen: %v", len(at), at)
				}
				for _, address := range at {
					if ip := net.ParseIP(address); !ip.IsLoopback() {
						tally.lost("a process listens on %s", address)
						continue
					}
					tally.well()
				}
				return
			}
		}
	})

	t.Run("token kept", func(t *testing.T) {
		tally := count(t, "Doors", "the token", "who can read it: command lines, logs after requests, files of the server")
		for _, pid := range append(d.lab.pids(), d.cmd.Process.Pid) {
			line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
			if err == nil && bytes.Contains(line, []byte(d.token)) {
				tally.lost("the command line of %d has it", pid)
				continue
			}
			tally.well()
		}
		before := strings.Count(d.log.String(), d.token)
		d.ask(t, "GET", "/api/no-such-thing?token="+d.token, "")
		d.ask(t, "GET", "/files/no-such-thing", "", d.key())
		d.ask(t, "GET", "/api/status", "", d.key()) // the log of the others is written by now
		if after := strings.Count(d.log.String(), d.token); after != before {
			tally.lost("requests wrote it to the log")
		} else {
			tally.well()
		}
		filepath.WalkDir(d.runtime, func(path string, e os.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			text, err := os.ReadFile(path)
			info, infoErr := os.Stat(filepath.Dir(path))
			if infoErr == nil && info.Mode().Perm()&0o077 != 0 { // a folder of the user's alone is enough
				info, infoErr = e.Info()
			}
			if err != nil || infoErr != nil {
				return nil // a file of the kernel's start that is gone
			}
			if (bytes.Contains(text, []byte(d.token)) || strings.HasPrefix(e.Name(), "kernel-")) && info.Mode().Perm()&0o077 != 0 {
				tally.lost("%s may be read by others: %v", path, info.Mode())
				return nil
			}
			tally.well()
			return nil
		})
	})
}
