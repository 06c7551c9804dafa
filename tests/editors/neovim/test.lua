-- Neovim 0.11 with the folder editors/neovim installed as its help file says: what a user sees and presses.
package.path = os.getenv('TEST_FOLDER') .. '/?.lua;' .. package.path
local harness = require('harness')
local test, eventually, equal, go_to = harness.test, harness.eventually, harness.equal, harness.go_to
local specification, tasks = 'specs/login/spec.md', 'specs/login/tasks.md'
local FOUND = {
  '`NF-1.1` is not defined in specs/login · did you mean `NFR-1.1`?',
  'this trace line is not closed by `_`',
  '`FR-2.9` is not defined in specs/login',
  'task 4 names no requirement',
}

local function client()
  return vim.lsp.get_clients({ bufnr = 0, name = 'traceline' })[1]
end

local function offers(method)
  return client():supports_method(method)
end

local function open(path)
  vim.cmd.edit({ path, bang = true })
  eventually('the server in ' .. path, function()
    return client() and client().initialized
  end)
end

local function press(keys)
  vim.api.nvim_feedkeys(vim.keycode(keys), 'xt', false)
end

--- Chooses the quick fix whose title has `words`, as a user would from the menu.
local function choose(words)
  local select = vim.ui.select
  vim.ui.select = function(items, options, chosen)
    for _, item in ipairs(items) do
      if options.format_item(item):find(words, 1, true) then
        return chosen(item)
      end
    end
    error('no item has ' .. words .. ': ' .. vim.inspect(vim.tbl_map(options.format_item, items)))
  end
  return function()
    vim.ui.select = select
  end
end

test('opening a plan document starts the server in its repository', function()
  open(tasks)
  equal(vim.uv.fs_realpath(vim.fn.getcwd()), vim.uv.fs_realpath(client().root_dir))
end)

test('other files start nothing', function()
  vim.cmd.new('notes.txt')
  vim.wait(300)
  equal(nil, client())
  vim.cmd.bwipeout({ bang = true })
end)

test('there is a help file', function()
  vim.cmd('silent helptags ALL')
  vim.cmd.help('traceline-switches')
  equal('traceline.txt', vim.fs.basename(vim.api.nvim_buf_get_name(0)))
  vim.cmd.helpclose()
end)

test('findings are shown', function()
  eventually('four findings', function()
    return #vim.diagnostic.get(0) == 4
  end)
  equal(FOUND, harness.findings(0))
end)

test('K says what a requirement demands', function()
  go_to('FR-1.1')
  press('K')
  local words = eventually('the hover', function()
    local words = harness.floating()
    return words:find('compare it with the stored hash', 1, true) and words
  end)
  assert(words:find('Check passwords', 1, true), words)
  vim.cmd.fclose({ bang = true })
end)

test('silent where nothing of ours is', function()
  vim.api.nvim_win_set_cursor(0, { 1, 3 })
  local answers = vim.lsp.buf_request_sync(0, 'textDocument/hover', vim.lsp.util.make_position_params(0, 'utf-8'), 5000)
  for _, answer in pairs(answers) do
    equal(nil, answer.err)
    assert(answer.result == nil or answer.result == vim.NIL, vim.inspect(answer))
  end
end)

test('CTRL-] goes to the definition', function()
  go_to('FR-1.2')
  press('<C-]>')
  eventually('the specification', function()
    return vim.api.nvim_buf_get_name(0):find('spec%.md$') and client()
  end)
  assert(vim.api.nvim_get_current_line():find('**FR-1.2**', 1, true))
end)

test('grr lists every mention', function()
  go_to('FR-2.1')
  press('grr')
  local list = eventually('the list', function()
    local list = vim.fn.getqflist()
    return #list == 4 and list
  end)
  local names = vim.tbl_map(function(item)
    return vim.fs.basename(vim.api.nvim_buf_get_name(item.bufnr))
  end, list)
  table.sort(names)
  equal({ 'plan.md', 'plan.md', 'spec.md', 'tasks.md' }, names)
  vim.cmd.cclose()
end)

test('lenses tell who serves a requirement, and one that is run lists where', function()
  open(specification)
  local lenses = eventually('resolved lenses', function()
    local lenses = vim.lsp.codelens.get(0)
    return #lenses > 3 and vim.iter(lenses):all(function(lens)
      return lens.command ~= nil
    end) and lenses
  end)
  equal('1 section · 1 task, 1 done', lenses[1].command.title)
  go_to('FR-1.1')
  vim.fn.setqflist({})
  vim.lsp.codelens.run()
  eventually('the list', function()
    return #vim.fn.getqflist() == 2
  end)
  vim.cmd.cclose()
end)

test('what is given up says why and what takes its place', function()
  open(specification)
  go_to('FR-1.2')
  local before = vim.api.nvim_buf_get_lines(0, 0, -1, false)
  local select, input, asked = vim.ui.select, vim.ui.input, {}
  vim.ui.input = function(options, chosen)
    table.insert(asked, options.prompt)
    chosen('Too dear.')
  end
  vim.ui.select = function(items, options, chosen)
    for _, item in ipairs(items) do
      local shown = options.format_item(item)
      if shown:find('Give `FR-1.2` up …', 1, true) or shown:find('FR-1.1 · ', 1, true) then
        return chosen(item)
      end
    end
  end
  vim.lsp.buf.code_action()
  local line = eventually('the mark', function()
    local all = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
    return all:match('[^\n]*~~ Superseded by FR%-1%.1%. Too dear%.')
  end)
  vim.ui.select, vim.ui.input = select, input
  assert(line:find('~~**FR-1.2**', 1, true), line)
  equal({ 'Give `FR-1.2` up · Why, in a line that stands beside it: ' }, asked)
  vim.cmd.undo()
  equal(before, vim.api.nvim_buf_get_lines(0, 0, -1, false))
end)

test('who names what is split is in the quickfix list', function()
  open(specification)
  go_to('FR-1.1')
  vim.fn.setqflist({})
  local restore = choose('Split `FR-1.1` into itself')
  vim.lsp.buf.code_action()
  eventually('the list', function()
    return #vim.fn.getqflist() == 2
  end)
  restore()
  vim.cmd.cclose()
  vim.cmd('%bwipeout!')
end)

test('inlay hints say what the ids of a line stand for', function()
  open(tasks)
  local hints = eventually('hints', function()
    local hints = vim.lsp.inlay_hint.get({ bufnr = 0 })
    return #hints == 3 and hints
  end)
  local words = vim.inspect(vim.tbl_map(function(hint)
    local line = vim.fn.getline(hint.inlay_hint.position.line + 1)
    assert(hint.inlay_hint.position.character == #line, line)
    return hint.inlay_hint.label
  end, hints))
  assert(words:find('(compare it with the stored hash · ?)', 1, true), words)
end)

test('the command of a lens lists the places in the quickfix list', function()
  open(specification)
  go_to('FR-1.1')
  vim.fn.setqflist({})
  local at = vim.lsp.util.make_position_params(0, client().offset_encoding)
  client():exec_cmd({
    title = 'mentions of FR-1.1',
    command = 'traceline.showReferences',
    arguments = { at.textDocument.uri, at.position },
  }, { bufnr = vim.api.nvim_get_current_buf() })
  local list = eventually('the list', function()
    local list = vim.fn.getqflist()
    return #list == 2 and list
  end)
  equal('mentions of FR-1.1', vim.fn.getqflist({ title = true }).title)
  for _, item in ipairs(list) do
    assert(item.text:find('FR-1.1', 1, true), vim.inspect(item))
  end
  vim.cmd.cclose()
end)

test('gO outlines the document', function()
  local answers = vim.lsp.buf_request_sync(0, 'textDocument/documentSymbol',
    { textDocument = vim.lsp.util.make_text_document_params(0) }, 5000)
  local words = vim.inspect(answers)
  assert(words:find('FR-2.2', 1, true) and words:find('Functional requirements', 1, true), words)
end)

test('completion pops up while an id is typed', function()
  open(tasks)
  vim.cmd.normal({ 'Go', bang = true })
  vim.api.nvim_feedkeys('i  - _Requirements: FR-', 'nt', false)
  local seen
  vim.defer_fn(function()
    -- In insert mode, while the keys above wait for more.
    for _ = 1, 200 do
      if vim.fn.pumvisible() == 1 then
        seen = vim.tbl_map(function(item)
          return item.abbr ~= '' and item.abbr or item.word
        end, vim.fn.complete_info({ 'items' }).items)
        break
      end
      vim.wait(20)
    end
    vim.api.nvim_feedkeys(vim.keycode('<C-e><Esc>'), 'nt', false)
  end, 50)
  vim.api.nvim_feedkeys('', 'x!', false)
  assert(seen, 'no menu came up')
  -- What the tasks do not name yet comes first.
  equal('FR-2.2', seen[1])
  table.sort(seen)
  equal({ 'FR-1.1', 'FR-1.2', 'FR-2.1', 'FR-2.2' }, seen)
  equal('  - _Requirements: FR-', vim.api.nvim_get_current_line())
  vim.cmd.undo()
end)

test('a quick fix is offered and applied', function()
  open(tasks)
  eventually('four findings', function()
    return #vim.diagnostic.get(0) == 4
  end)
  go_to('NF-1.1')
  local restore = choose('NFR-1.1')
  vim.lsp.buf.code_action()
  eventually('the fix', function()
    return harness.text():find('_Requirements: FR-1.1, NFR-1.1_', 1, true)
  end)
  restore()
  eventually('one finding less', function()
    return #vim.diagnostic.get(0) == 3
  end)
end)

test('grn renames in every document of the feature, and back', function()
  open(tasks)
  local function rename(from, to)
    go_to(from)
    vim.lsp.buf.rename(to)
    for name, mentions in pairs({ ['spec.md'] = 1, ['plan.md'] = 2, ['tasks.md'] = 1 }) do
      eventually(to .. ' in ' .. name, function()
        local buffer = vim.fn.bufnr('specs/login/' .. name)
        local text = buffer > 0 and vim.api.nvim_buf_is_loaded(buffer) and harness.text(buffer) or ''
        local _, count = text:gsub(vim.pesc(to) .. '%f[%W]', '')
        return count == mentions and not text:find(from, 1, true)
      end)
    end
  end
  rename('FR-2.1', 'FR-2.7')
  -- Nothing broke: what was found before is found still, and no more.
  eventually('the same findings', function()
    return vim.deep_equal(FOUND, harness.findings(0))
  end)
  rename('FR-2.7', 'FR-2.1')
end)

test('a rename that cannot be is refused with its reason', function()
  open(tasks)
  go_to('FR-1.1')
  local answers = vim.lsp.buf_request_sync(0, 'textDocument/rename',
    vim.tbl_extend('force', vim.lsp.util.make_position_params(0, client().offset_encoding), { newName = 'FR-1.2' }), 5000)
  local words = vim.inspect(answers)
  assert(words:find('FR-1.2', 1, true) and words:find('err'), words)
end)

test('a document that changes on disk is read again, without anybody telling', function()
  open(tasks)
  vim.cmd.bdelete({ specification, bang = true })
  local kept = vim.fn.readfile(specification)
  local more = vim.list_slice(kept, 1, 8)
  vim.list_extend(more, { '5. **FR-2.9**: **WHEN** a user asks **THEN** the system **SHALL** answer.' })
  vim.list_extend(more, vim.list_slice(kept, 9))
  vim.fn.writefile(more, specification)
  eventually('the end of a finding', function()
    return not vim.tbl_contains(harness.findings(0), FOUND[3])
  end)
  vim.fn.writefile(kept, specification)
  eventually('the finding', function()
    return vim.tbl_contains(harness.findings(0), FOUND[3])
  end)
end)

test('a document in no repository is served with its neighbours', function()
  local folder = vim.fn.tempname()
  vim.fn.mkdir(folder, 'p')
  for _, name in ipairs({ 'spec.md', 'tasks.md' }) do
    vim.fn.writefile(vim.fn.readfile('specs/login/' .. name), folder .. '/' .. name)
  end
  open(folder .. '/tasks.md')
  equal(vim.fs.normalize(folder), vim.fs.normalize(client().root_dir))
  eventually('four findings', function()
    return #vim.diagnostic.get(0) == 4
  end)
  local home = vim.fs.normalize('~') .. '/notes.md'
  vim.fn.writefile({ '# Notes' }, home)
  open(home)
  equal(nil, client().root_dir)
end)

test('the server ends with the editor', function()
  local it = client()
  it:stop()
  eventually('the end', function()
    return it:is_stopped()
  end)
end)

harness.finish()
