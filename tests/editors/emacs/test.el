;;; test.el --- Emacs with eglot, set up as editors/README.md says: what a user sees  -*- lexical-binding: t -*-

;; emacs --batch -l test.el, in the project; ROOT names the folder of Traceline.

(require 'package)
(package-initialize)                    ; Debian's elpa-* packages
(require 'ert)
(require 'flymake)
(require 'markdown-mode)
(require 'eglot)

(add-to-list 'load-path (expand-file-name "editors/emacs" (getenv "ROOT")))
(require 'traceline)
(add-hook 'markdown-mode-hook #'eglot-ensure)

(setq eglot-sync-connect 10
      eglot-send-changes-idle-time 0.05
      eglot-confirm-server-initiated-edits nil
      make-backup-files nil)

(defun test-eventually (what holds)
  "Wait until HOLDS says so, or fail for want of WHAT."
  (let ((end (+ (float-time) 10)) got)
    (while (not (setq got (funcall holds)))
      (when (> (float-time) end) (error "Waited in vain for %s" what))
      (accept-process-output nil 0.02))
    got))

(defun test-open (path)
  "Visit PATH as a user would, and return its buffer once the server is there."
  (let ((buffer (find-file-noselect path)))
    (with-current-buffer buffer
      ;; `eglot-ensure' connects from `post-command-hook', which batch mode never runs.
      (run-hooks 'post-command-hook)
      (test-eventually "the server" #'eglot-managed-p))
    buffer))

(defun test-go-to (word)
  "Put point into the first WORD of the buffer."
  (goto-char (point-min))
  (search-forward word)
  (goto-char (1+ (match-beginning 0))))

(defun test-findings ()
  "The messages of the findings shown, in the order of the text."
  (flymake-start)                       ; batch mode runs no idle timers
  (mapcar (lambda (it)
            (replace-regexp-in-string
             "\\` *traceline[^:]*: *" "" (car (split-string (flymake-diagnostic-text it) "\n"))))
          (sort (flymake-diagnostics)
                (lambda (a b) (< (flymake-diagnostic-beg a) (flymake-diagnostic-beg b))))))

(defun test-ask (method)
  "What the server answers to METHOD at point."
  (jsonrpc-request (eglot-current-server) method (eglot--TextDocumentPositionParams)))

(defvar test-tasks (test-open "specs/login/tasks.md"))

(defmacro test-in-tasks (name &rest body)
  "Define the test NAME, whose BODY runs in the buffer of the tasks."
  (declare (indent 1))
  `(ert-deftest ,name () (with-current-buffer test-tasks ,@body)))

(test-in-tasks a-opening-a-plan-document-starts-the-server
  (should (equal '("traceline" "server")
                 (process-command (jsonrpc--process (eglot-current-server)))))
  (should (file-equal-p default-directory (expand-file-name "specs/login" (project-root (project-current))))))

(test-in-tasks b-findings-are-shown
  (test-eventually "four findings" (lambda () (= 4 (length (test-findings)))))
  (should (equal "`NF-1.1` is not defined in specs/login · did you mean `NFR-1.1`?" (nth 0 (test-findings))))
  (should (equal "`FR-2.9` is not defined in specs/login" (nth 2 (test-findings)))))

(test-in-tasks c-hover-says-what-a-requirement-demands
  (test-go-to "FR-1.1")
  (should (string-match-p "compare it with the stored hash" (format "%S" (test-ask :textDocument/hover)))))

(test-in-tasks d-silent-where-nothing-of-ours-is
  (goto-char (+ 3 (point-min)))
  (should-not (test-ask :textDocument/hover)))

(test-in-tasks e-completion-offers-ids
  (test-go-to "FR-2.9")
  (forward-char 2)
  (let* ((found (eglot-completion-at-point))
         (names (mapcar #'substring-no-properties (all-completions "FR-2" (nth 2 found)))))
    ;; FR-2.1 stands in this trace line already.
    (should (equal '("FR-2.2") names))))

(test-in-tasks f-a-jump-goes-to-the-definition
  (test-go-to "FR-1.2")
  (let ((place (xref-item-location
                (car (xref-backend-definitions 'eglot (xref-backend-identifier-at-point 'eglot))))))
    (should (string-suffix-p "specs/login/spec.md" (xref-location-group place)))
    (should (= 6 (xref-location-line place)))))

(test-in-tasks g-every-mention-is-listed
  (test-go-to "FR-1.2")
  (should (= 2 (length (xref-backend-references 'eglot (xref-backend-identifier-at-point 'eglot))))))

(test-in-tasks h-the-outline-has-the-tasks
  (should (string-match-p "Lock accounts" (format "%S" (funcall imenu-create-index-function)))))

(test-in-tasks i-a-quick-fix-is-applied
  (test-go-to "NF-1.1")
  (let ((fix (car (eglot-code-actions (point) (1+ (point)) "quickfix"))))
    (should (string-match-p "NFR-1.1" (plist-get fix :title)))
    (eglot--apply-workspace-edit (plist-get fix :edit)))
  (should (string-match-p "_Requirements: FR-1.1, NFR-1.1_" (buffer-string)))
  (test-eventually "one finding less"
                   (lambda ()
                     (eglot--signal-textDocument/didChange)
                     (= 3 (length (test-findings))))))

(test-in-tasks j-a-rename-reaches-every-document
  ;; Of documents that nobody visits, eglot asks before it changes them.
  (dolist (it '("specs/login/spec.md" "specs/login/plan.md"))
    (find-file-noselect (expand-file-name it (project-root (project-current)))))
  (test-go-to "FR-2.1")
  (eglot-rename "FR-2.7")
  (dolist (it '(("specs/login/tasks.md" . 1) ("specs/login/spec.md" . 1) ("specs/login/plan.md" . 2)))
    (with-current-buffer (find-file-noselect (expand-file-name (car it) (project-root (project-current))))
      (should (= (cdr it) (how-many "FR-2\\.7" (point-min) (point-max))))
      (should (= 0 (how-many "FR-2\\.1" (point-min) (point-max))))
      (set-buffer-modified-p nil))))

(test-in-tasks z-the-server-ends-with-the-session
  (let ((process (jsonrpc--process (eglot-current-server))))
    (eglot-shutdown (eglot-current-server) nil 5)
    (test-eventually "the end" (lambda () (not (process-live-p process))))
    (should-not (eglot-current-server))))

(let ((stats (ert-run-tests-batch)))
  (with-current-buffer test-tasks (set-buffer-modified-p nil))
  (let ((bad (ert-stats-completed-unexpected stats)) (good (ert-stats-completed-expected stats)))
    (message "%d passed, %d failed" good bad)
    (kill-emacs (if (and (zerop bad) (> good 0)) 0 1))))

;;; test.el ends here
