-- Neovim 0.7 with the folder editors/neovim installed: what works with what there was then.
package.path = os.getenv('TEST_FOLDER') .. '/?.lua;' .. package.path
local harness = require('harness')
local test, eventually, equal, go_to = harness.test, harness.eventually, harness.equal, harness.go_to

local function clients()
  return vim.lsp.buf_get_clients(0)
end

test('opening a plan document starts the server', function()
  vim.cmd('edit specs/login/tasks.md')
  local client = eventually('the server', function()
    for _, client in pairs(clients()) do
      return client.initialized and client
    end
  end)
  equal('traceline', client.name)
  equal(vim.loop.fs_realpath(vim.fn.getcwd()), vim.loop.fs_realpath(client.config.root_dir))
end)

test('a second document shares it', function()
  vim.cmd('edit specs/login/plan.md')
  eventually('the server', function()
    return next(clients())
  end)
  equal(1, #vim.lsp.get_active_clients())
  vim.cmd('edit specs/login/tasks.md')
end)

test('findings are shown', function()
  eventually('four findings', function()
    return #vim.diagnostic.get(0) == 4
  end)
  equal('`FR-2.9` is not defined in specs/login', harness.findings(0)[3])
end)

test('hover says what a requirement demands', function()
  go_to('FR-1.1')
  vim.lsp.buf.hover()
  eventually('the hover', function()
    return harness.floating():find('compare it with the stored hash', 1, true)
  end)
  vim.cmd('silent! only')
end)

test('omni completion offers ids', function()
  go_to('FR-2.9')
  local start = vim.lsp.omnifunc(1, '')
  assert(type(start) == 'number', vim.inspect(start))
  equal('v:lua.vim.lsp.omnifunc', vim.bo.omnifunc)
  local answers = vim.lsp.buf_request_sync(0, 'textDocument/completion', vim.lsp.util.make_position_params(), 5000)
  local words = vim.inspect(answers)
  assert(words:find('FR-2.2', 1, true) and words:find('NFR-1.1', 1, true), words)
end)

test('a jump goes to the definition', function()
  go_to('FR-1.2')
  vim.lsp.buf.definition()
  eventually('the specification', function()
    return vim.api.nvim_buf_get_name(0):find('spec%.md$')
  end)
  assert(vim.api.nvim_get_current_line():find('**FR-1.2**', 1, true))
  vim.cmd('edit specs/login/tasks.md')
end)

test('an edit changes the findings', function()
  go_to('FR-2.9')
  vim.api.nvim_set_current_line((vim.api.nvim_get_current_line():gsub('FR%-2%.9', 'FR-2.2')))
  eventually('three findings', function()
    return #vim.diagnostic.get(0) == 3
  end)
end)

test('a rename reaches every document', function()
  go_to('FR-2.1')
  vim.lsp.buf.rename('FR-2.7')
  eventually('FR-2.7', function()
    return harness.text():find('FR-2.7', 1, true)
  end)
  for name, mentions in pairs({ ['spec.md'] = 1, ['plan.md'] = 2, ['tasks.md'] = 1 }) do
    local _, count = harness.text(vim.fn.bufnr('specs/login/' .. name)):gsub('FR%-2%.7', '')
    equal({ name, mentions }, { name, count })
  end
end)

test('the server ends with the editor', function()
  local id = next(clients())
  vim.lsp.stop_client(id)
  eventually('the end', function()
    return vim.lsp.client_is_stopped(id)
  end)
end)

harness.finish()
