;;; test-lsp-mode.el --- Emacs with lsp-mode, set up as editors/README.md says  -*- lexical-binding: t -*-

;; emacs --batch -l test-lsp-mode.el, in the project; ROOT names the folder of Traceline.

(require 'package)
(package-initialize)                    ; Debian's elpa-* packages
(require 'ert)
(require 'flymake)
(require 'markdown-mode)
(require 'lsp-mode)
(require 'lsp-diagnostics)

(add-to-list 'load-path (expand-file-name "editors/emacs" (getenv "ROOT")))
(require 'traceline)

(setq lsp-auto-guess-root t             ; batch mode cannot ask
      lsp-restart 'ignore
      lsp-enable-file-watchers nil
      lsp-diagnostics-provider :flymake
      lsp-headerline-breadcrumb-enable nil
      make-backup-files nil)

(defun test-eventually (what holds)
  "Wait until HOLDS says so, or fail for want of WHAT."
  (let ((end (+ (float-time) 10)) got)
    (while (not (setq got (funcall holds)))
      (when (> (float-time) end) (error "Waited in vain for %s" what))
      (accept-process-output nil 0.02))
    got))

(defun test-go-to (word)
  "Put point into the first WORD of the buffer."
  (goto-char (point-min))
  (search-forward word)
  (goto-char (1+ (match-beginning 0))))

(defvar test-tasks (find-file-noselect "specs/login/tasks.md"))
(with-current-buffer test-tasks
  (lsp)
  (test-eventually "the server" (lambda () (bound-and-true-p lsp--buffer-workspaces))))

(defmacro test-in-tasks (name &rest body)
  "Define the test NAME, whose BODY runs in the buffer of the tasks."
  (declare (indent 1))
  `(ert-deftest ,name () (with-current-buffer test-tasks ,@body)))

(test-in-tasks a-the-server-is-ours
  (should (equal '(traceline)
                 (mapcar (lambda (it) (lsp--client-server-id (lsp--workspace-client it))) (lsp-workspaces)))))

(test-in-tasks b-findings-are-shown
  (let ((messages (test-eventually
                   "four findings"
                   (lambda ()
                     (let ((found (gethash (lsp--fix-path-casing buffer-file-name) (lsp-diagnostics t))))
                       (and (= 4 (length found)) (mapcar #'lsp:diagnostic-message found)))))))
    (should (member "`FR-2.9` is not defined in specs/login" messages))))

(test-in-tasks c-hover-says-what-a-requirement-demands
  (test-go-to "FR-1.1")
  (should (string-match-p "compare it with the stored hash"
                          (format "%S" (lsp-request "textDocument/hover" (lsp--text-document-position-params))))))

(test-in-tasks d-a-jump-goes-to-the-definition
  (test-go-to "FR-1.2")
  (let ((place (xref-item-location (car (xref-backend-definitions 'xref-lsp (xref-backend-identifier-at-point 'xref-lsp))))))
    (should (string-suffix-p "specs/login/spec.md" (xref-location-group place)))))

(let ((stats (ert-run-tests-batch)))
  (with-current-buffer test-tasks (set-buffer-modified-p nil))
  (let ((bad (ert-stats-completed-unexpected stats)) (good (ert-stats-completed-expected stats)))
    (message "%d passed, %d failed" good bad)
    (kill-emacs (if (and (zerop bad) (> good 0)) 0 1))))

;;; test-lsp-mode.el ends here
