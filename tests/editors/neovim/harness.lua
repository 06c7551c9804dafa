-- What the tests in every Neovim share: named tests, waiting, and an exit code.
local M = { passed = 0, failed = 0 }

local function say(words)
  io.stdout:write(words, '\n')
end

--- Runs one test and tells how it went; the tests after a failed one still run.
function M.test(name, body)
  local ok, why = xpcall(body, debug.traceback)
  M[ok and 'passed' or 'failed'] = M[ok and 'passed' or 'failed'] + 1
  say((ok and 'ok      ' or 'FAILED  ') .. name .. (ok and '' or '\n' .. tostring(why)))
end

--- Waits until `holds` says so, and returns what it said.
function M.eventually(what, holds)
  local got
  local came = vim.wait(10000, function()
    got = holds()
    return got
  end, 20)
  if not came then
    error('waited in vain for ' .. what, 2)
  end
  return got
end

function M.equal(wanted, got)
  if not vim.deep_equal(wanted, got) then
    error(('want %s\ngot  %s'):format(vim.inspect(wanted), vim.inspect(got)), 2)
  end
end

--- What the buffer says.
function M.text(buffer)
  return table.concat(vim.api.nvim_buf_get_lines(buffer or 0, 0, -1, true), '\n')
end

--- Puts the cursor on the first letter of the first `word`, as a user would with a search.
function M.go_to(word)
  for row, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, true)) do
    local column = line:find(word, 1, true)
    if column then
      vim.api.nvim_win_set_cursor(0, { row, column - 1 })
      return
    end
  end
  error(word .. ' is not in the buffer', 2)
end

--- The messages of the findings shown in a buffer, first lines only, in the order of the text.
function M.findings(buffer)
  local shown = vim.diagnostic.get(buffer)
  table.sort(shown, function(a, b)
    return a.lnum < b.lnum
  end)
  return vim.tbl_map(function(finding)
    return vim.split(finding.message, '\n')[1]
  end, shown)
end

--- Every floating window's text.
function M.floating()
  local found = {}
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(window).relative ~= '' then
      found[#found + 1] = M.text(vim.api.nvim_win_get_buf(window))
    end
  end
  return table.concat(found, '\n')
end

function M.finish()
  say(('%d passed, %d failed'):format(M.passed, M.failed))
  vim.cmd((M.failed == 0 and M.passed > 0) and 'qa!' or 'cquit 1')
end

return M
