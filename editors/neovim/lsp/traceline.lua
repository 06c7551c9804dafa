-- Neovim 0.11 and later: copy to ~/.config/nvim/lsp/traceline.lua, then `vim.lsp.enable('traceline')` in init.lua.
return {
  cmd = { 'traceline', 'server' },
  filetypes = { 'markdown' },
  root_markers = { 'traceline.toml', '.traceline.toml', '.git' },
}
