-- Starts Traceline in Markdown buffers, in Neovim 0.7 and later, when this folder is installed as a plugin.
if vim.g.loaded_traceline then
  return
end
vim.g.loaded_traceline = true

if vim.fn.has('nvim-0.11') == 1 then
  vim.lsp.enable('traceline') -- what it is stands in lsp/traceline.lua
  return
end

local command = { 'traceline', 'server' }

--- The nearest folder upwards that holds a marker, else the file's own, but not everything below a home.
local function root_of(path)
  local from = vim.fn.fnamemodify(path, ':p:h')
  for _, marker in ipairs({ 'traceline.toml', '.traceline.toml' }) do
    local found = vim.fn.findfile(marker, from .. ';')
    if found ~= '' then
      return vim.fn.fnamemodify(found, ':p:h')
    end
  end
  -- In a worktree `.git` is a file.
  local folder = vim.fn.finddir('.git', from .. ';')
  if folder ~= '' then
    return (vim.fn.fnamemodify(folder, ':p'):gsub('[/\\]$', ''):gsub('[/\\]%.git$', ''))
  end
  local file = vim.fn.findfile('.git', from .. ';')
  if file ~= '' then
    return vim.fn.fnamemodify(file, ':p:h')
  end
  local whole = from == vim.fn.expand('~') or vim.fn.fnamemodify(from, ':h') == from
  return not whole and from or nil
end

local clients = {} -- by root; Neovim 0.7 has no vim.lsp.start that would find them again

local function start(bufnr)
  local path = vim.api.nvim_buf_get_name(bufnr)
  if path == '' or vim.bo[bufnr].buftype ~= '' or vim.fn.executable(command[1]) == 0 then
    return
  end
  local root = root_of(path)
  local config = { name = 'traceline', cmd = command, root_dir = root }
  config.on_attach = function(_, buffer)
    vim.bo[buffer].omnifunc = 'v:lua.vim.lsp.omnifunc'
  end
  if vim.lsp.start then
    vim.api.nvim_buf_call(bufnr, function()
      vim.lsp.start(config)
    end)
    return
  end
  local id = clients[root or '']
  if not id or not vim.lsp.get_client_by_id(id) then
    id = vim.lsp.start_client(config)
    clients[root or ''] = id
  end
  if id then
    vim.lsp.buf_attach_client(bufnr, id)
  end
end

vim.api.nvim_create_autocmd('FileType', {
  pattern = 'markdown',
  group = vim.api.nvim_create_augroup('traceline', { clear = true }),
  callback = function(event)
    start(event.buf)
  end,
})
