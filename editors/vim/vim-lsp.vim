" Traceline for Vim with vim-lsp: source this in .vimrc, or put it into ~/.vim/plugin/.
if executable('traceline')
    augroup traceline
        autocmd!
        autocmd User lsp_setup call lsp#register_server({
            \ 'name': 'traceline',
            \ 'cmd': {server_info -> ['traceline', 'server']},
            \ 'allowlist': ['markdown'],
            \ 'root_uri': {server_info -> lsp#utils#path_to_uri(
            \     lsp#utils#find_nearest_parent_file_directory(
            \         lsp#utils#get_buffer_path(), ['traceline.toml', '.traceline.toml', '.git/']))},
            \ })
    augroup END
endif
