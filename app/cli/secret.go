package cli

import (
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"hejie/sync/identity"
)

// maxSecretFile bounds a secret's file; secrets are a line.
const maxSecretFile = 4096

// secret is the secret of the seat that the command is for: --pin-file, the
// environment, or the terminal.
func (a *app) secret(askKey string, params ...string) (string, error) {
	return a.readSecret(a.pinFile, envPIN, func() (string, error) {
		return a.w.ask(a.t(askKey, params...), true)
	})
}

// newSecret is the secret of a seat that is made now. A terminal is asked twice.
func (a *app) newSecret(file, env string) (string, error) {
	return a.readSecret(file, env, func() (string, error) {
		first, err := a.w.ask(a.t("secret.new"), true)
		if err != nil {
			return "", err
		}
		if err := checkSecret(first); err != nil {
			return "", err
		}
		again, err := a.w.ask(a.t("secret.again"), true)
		if err == nil && again != first {
			err = fail("secret.differ")
		}
		return first, err
	})
}

func (a *app) readSecret(file, env string, ask func() (string, error)) (string, error) {
	switch {
	case file != "":
		return a.secretFile(file)
	case a.w.env[env] != "":
		return a.w.env[env], nil
	case a.w.ask != nil:
		return ask()
	case env == envNewPIN:
		return "", usage("usage.new_secret")
	}
	return "", usage("usage.secret")
}

// secretFile reads the first line of a file.
func (a *app) secretFile(name string) (string, error) {
	f, err := os.Open(a.w.path(name))
	if err != nil {
		return "", failOn(err, "secret.file", "file", name)
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, maxSecretFile+1))
	if err != nil {
		return "", failOn(err, "secret.file", "file", name)
	}
	// Editors on Windows write a mark at the beginning.
	line, _, _ := strings.Cut(strings.TrimPrefix(string(raw), "\ufeff"), "\n")
	line = strings.TrimSuffix(line, "\r")
	if len(raw) > maxSecretFile || !utf8.ValidString(line) {
		return "", fail("secret.file_form", "file", name)
	}
	return line, nil
}

// checkSecret refuses what no seat may have, before anything is made.
func checkSecret(secret string) error {
	if err := identity.CheckSecret(secret); err != nil {
		return failOn(err, "secret.bad")
	}
	return nil
}
