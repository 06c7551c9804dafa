;;; traceline.el --- The language server for plan documents, in eglot or lsp-mode  -*- lexical-binding: t -*-

;; Version: 0.1.0
;; Package-Requires: ((emacs "26.3"))
;; Keywords: tools, languages, outlines
;; URL: https://github.com/traceline/traceline
;; SPDX-License-Identifier: MIT OR Apache-2.0

;;; Commentary:

;; Copy this file into `load-path' and, in the init file:
;;
;;   (require 'traceline)
;;   (add-hook 'markdown-mode-hook #'eglot-ensure)    ; or #'lsp-deferred
;;
;; With lsp-mode the server runs beside another one for Markdown.

;;; Code:

(defgroup traceline nil
  "The language server for plan documents."
  :group 'tools
  :link '(url-link "https://github.com/traceline/traceline"))

(defcustom traceline-command '("traceline" "server")
  "The program that serves plan documents, and its arguments."
  :type '(repeat string)
  :group 'traceline)

;; Both packages come or stay away as the user likes; neither is loaded from here.
(defvar eglot-server-programs)
(declare-function lsp-register-client "lsp-mode")
(declare-function make-lsp-client "lsp-mode")
(declare-function lsp-stdio-connection "lsp-mode")
(declare-function lsp-activate-on "lsp-mode")

(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs
               `((markdown-mode markdown-ts-mode) . ,(lambda (&rest _) traceline-command))))

(with-eval-after-load 'lsp-mode
  (lsp-register-client
   (make-lsp-client
    :new-connection (lsp-stdio-connection (lambda () traceline-command))
    :activation-fn (lsp-activate-on "markdown")
    :add-on? t
    :server-id 'traceline)))

(provide 'traceline)
;;; traceline.el ends here
