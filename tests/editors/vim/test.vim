" Vim 9 with ALE and the linter of editors/vim: what a user sees. Run by tests/editors/vim/run in the project.
set nocompatible nomore packpath+=/usr/share/vim/addons
execute 'set runtimepath^=' . fnameescape($ROOT . '/editors/vim')
let g:ale_linters = {'markdown': ['traceline']}
let g:ale_linters_explicit = 1
let g:ale_lint_delay = 0
let g:ale_hover_to_preview = 1
packadd! ale
filetype plugin on
runtime! plugin/**/*.vim

let s:passed = 0
let s:failed = 0

function! s:Say(words) abort
    call writefile([a:words], $SAID, 'a')
endfunction

function! s:Test(name, Holds) abort
    let l:end = reltimefloat(reltime()) + 10
    let l:holds = a:Holds()
    while !l:holds && reltimefloat(reltime()) < l:end
        sleep 20m
        let l:holds = a:Holds()
    endwhile
    let s:[l:holds ? 'passed' : 'failed'] += 1
    call s:Say((l:holds ? 'ok      ' : 'FAILED  ') . a:name)
endfunction

function! s:Findings() abort
    return map(copy(ale#engine#GetLoclist(bufnr())), {_, it -> split(it.text, '\n')[0]})
endfunction

function! s:GoTo(word) abort
    call cursor(1, 1)
    call search('\V' . a:word)
endfunction

edit specs/login/tasks.md
setfiletype markdown
ALELint
call s:Test('findings are shown', {-> len(s:Findings()) == 4})
call s:Test('they say what is wrong', {-> index(s:Findings(), '`FR-2.9` is not defined in specs/login') >= 0})
call s:GoTo('FR-1.1')
ALEHover
call s:Test('hover says what a requirement demands', {-> !empty(filter(range(1, winnr('$')),
\   {_, it -> join(getbufline(winbufnr(it), 1, '$')) =~# 'compare it with the stored hash'}))})
wincmd o
call s:GoTo('FR-1.2')
ALEGoToDefinition
call s:Test('a jump goes to the definition', {-> expand('%:t') is# 'spec.md' && getline('.') =~# 'FR-1\.2'})

" vim-lsp is in no package of Debian's: what its file tells a stand-in, and which folder it takes for the workspace.
call mkdir($WORK . '/vim/autoload/lsp', 'p')
call writefile(['function! lsp#register_server(server) abort', '  let g:told = a:server', 'endfunction'], $WORK . '/vim/autoload/lsp.vim')
call writefile(['function! lsp#utils#path_to_uri(path) abort', '  return a:path', 'endfunction',
\   'function! lsp#utils#get_buffer_path() abort', '  return expand("%:p")', 'endfunction',
\   'function! lsp#utils#find_nearest_parent_file_directory(path, markers) abort',
\   '  let found = finddir(".git", a:path . ";")', '  return index(a:markers, ".git/") >= 0 ? fnamemodify(found, ":p:h:h") : ""', 'endfunction'],
\   $WORK . '/vim/autoload/lsp/utils.vim')
execute 'set runtimepath^=' . fnameescape($WORK . '/vim')
execute 'source' fnameescape($ROOT . '/editors/vim/vim-lsp.vim')
doautocmd User lsp_setup
call s:Test('vim-lsp is told the command', {-> g:told.cmd({}) == ['traceline', 'server'] && g:told.allowlist == ['markdown']})
call s:Test('and the workspace', {-> g:told.root_uri({}) is# getcwd()})
call s:Say(s:passed . ' passed, ' . s:failed . ' failed')
if s:failed || !s:passed
    call s:Say('findings: ' . string(s:Findings()))
    cquit
endif
qall!
