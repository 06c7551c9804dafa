# Traceline for Kakoune with kakoune-lsp 17 or later: into ~/.config/kak/autoload/, or `source` it in kakrc after
# `eval %sh{kak-lsp}`. A server for Markdown that you have set stays; kakoune-lsp's default, marksman, gives way.
declare-option -hidden str traceline_server %{
    [traceline]
    command = "traceline"
    args = ["server"]
    root_globs = ["traceline.toml", ".traceline.toml", ".git", ".hg"]
}
hook -group traceline global BufSetOption filetype=markdown %{
    # A buffer's type may be set more than once.
    evaluate-commands %sh{
        case "$kak_opt_lsp_servers" in
            *'[traceline]'*) ;;
            *) echo 'set-option -add buffer lsp_servers %opt{traceline_server}' ;;
        esac
    }
}
hook -group traceline global WinSetOption filetype=markdown %{
    lsp-enable-window
}
