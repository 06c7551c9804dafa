# Traceline for Kakoune with kakoune-lsp 17 or later: into ~/.config/kak/autoload/, or `source` it in kakrc after
# `eval %sh{kak-lsp}`. Other servers for Markdown stay: this one is added to them.
hook -group traceline global BufSetOption filetype=markdown %{
    set-option -add buffer lsp_servers %{
        [traceline]
        command = "traceline"
        args = ["server"]
        root_globs = ["traceline.toml", ".traceline.toml", ".git", ".hg"]
    }
}
hook -group traceline global WinSetOption filetype=markdown %{
    lsp-enable-window
}
