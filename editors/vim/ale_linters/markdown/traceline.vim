" Traceline for Vim with ALE: into ~/.vim/ale_linters/markdown/. ALE runs it beside its other linters for Markdown.
call ale#Set('markdown_traceline_executable', 'traceline')

function! ale_linters#markdown#traceline#Root(buffer) abort
    for l:marker in ['traceline.toml', '.traceline.toml']
        let l:found = ale#path#FindNearestFile(a:buffer, l:marker)
        if !empty(l:found)
            return fnamemodify(l:found, ':h')
        endif
    endfor
    let l:git = ale#path#FindNearestDirectory(a:buffer, '.git')
    if !empty(l:git)
        return fnamemodify(l:git, ':h:h')
    endif
    " For a file in no repository its own folder, but not everything below a home; ALE starts nothing without a root.
    let l:folder = expand('#' . a:buffer . ':p:h')
    return l:folder is# expand('~') ? '' : l:folder
endfunction

call ale#linter#Define('markdown', {
\   'name': 'traceline',
\   'lsp': 'stdio',
\   'executable': {buffer -> ale#Var(buffer, 'markdown_traceline_executable')},
\   'command': '%e server',
\   'project_root': function('ale_linters#markdown#traceline#Root'),
\})
