-- Traceline for Neovim 0.11 and later: this file in ~/.config/nvim/lsp/, and vim.lsp.enable('traceline') in init.lua.
-- What it switches on can be switched off one by one: :help traceline-switches

--- What the user did not switch off.
local function wants(name)
  local switches = vim.g.traceline
  return type(switches) ~= 'table' or switches[name] ~= false
end

--- Whether a plugin completes already; two pop-up menus would fight for the same keys.
local function completes_otherwise()
  return package.loaded['cmp'] ~= nil or package.loaded['blink.cmp'] ~= nil or package.loaded['mini.completion'] ~= nil
end

--- A menu that comes up by itself must not put its first line into the text; who has chosen how menus behave keeps that.
local function offer_only(bufnr)
  local chosen = vim.o.completeopt
  if not (chosen:find('noselect') or chosen:find('noinsert')) then
    vim.bo[bufnr].completeopt = 'menuone,noselect,popup'
  end
end

--- Lenses are asked for, not sent: on entering the buffer, and when typing pauses.
local function keep_lenses(client, bufnr)
  local function refresh()
    -- The name and the arguments have changed between versions; a server that offers no lens is not asked.
    if vim.fn.has('nvim-0.12') == 1 then
      vim.lsp.codelens.enable(true, { bufnr = bufnr, client_id = client.id })
    else
      vim.lsp.codelens.refresh({ bufnr = bufnr })
    end
  end
  if vim.fn.has('nvim-0.12') == 0 then
    local group = vim.api.nvim_create_augroup('traceline_lenses_' .. bufnr, { clear = true })
    vim.api.nvim_create_autocmd({ 'BufEnter', 'CursorHold', 'InsertLeave' }, {
      group = group,
      buffer = bufnr,
      callback = function()
        if #vim.lsp.get_clients({ bufnr = bufnr, name = 'traceline', method = 'textDocument/codeLens' }) > 0 then
          refresh()
        end
      end,
    })
  end
  refresh()
end

--- The repository; for a file in none its own folder, where its neighbours are. Not everything below a home, though.
local function root_of(bufnr)
  local found = vim.fs.root(bufnr, { 'traceline.toml', '.traceline.toml', '.git' })
  if found then
    return found
  end
  local folder = vim.fs.dirname(vim.api.nvim_buf_get_name(bufnr))
  local whole = folder == vim.fs.normalize('~') or vim.fs.dirname(folder) == folder
  return not whole and folder or nil
end

--- What a lens does when it is run: its places in the quickfix list. The server sends them along, or is asked for them.
local function show_references(command, context)
  local client = assert(vim.lsp.get_client_by_id(context.client_id))
  local function show(places)
    local items = vim.lsp.util.locations_to_items(places, client.offset_encoding)
    vim.fn.setqflist({}, ' ', { title = command.title, items = items })
    vim.cmd('botright copen')
  end
  if command.arguments[3] then
    return show(command.arguments[3])
  end
  local question = { command = command.command, arguments = command.arguments }
  client:request('workspace/executeCommand', question, function(_, places)
    if places then
      show(places)
    end
  end, context.bufnr)
end

--- Asks what the server wants to know, one thing after the other. `done` gets the answers by the names of the questions.
local function ask(questions, done, said)
  local question = questions[1]
  if not question then
    return done(said)
  end
  local function go_on(answer)
    if answer then
      ask(vim.list_slice(questions, 2), done, vim.tbl_extend('error', said, { [question.name] = answer }))
    end
  end
  local prompt = question.title .. ' · ' .. question.prompt .. ': '
  if not question.choices then
    return vim.ui.input({ prompt = prompt }, go_on)
  end
  local function format_item(choice)
    return choice.label .. (choice.description ~= '' and ' · ' .. choice.description or '')
  end
  vim.ui.select(question.choices, { prompt = prompt, format_item = format_item }, function(choice)
    go_on(choice and choice.value)
  end)
end

--- What gives an id up: the server says what to ask, and is told the answers.
local function retire(command, context)
  local client = assert(vim.lsp.get_client_by_id(context.client_id))
  local function send(arguments, answered)
    local question = { command = command.command, arguments = arguments }
    client:request('workspace/executeCommand', question, function(error, answer)
      if error then
        vim.notify(error.message, vim.log.levels.ERROR)
      elseif answered then
        answered(answer)
      end
    end, context.bufnr)
  end
  send(command.arguments, function(answer)
    ask(answer.questions, function(said)
      send(vim.list_extend(vim.list_slice(command.arguments), { said }))
    end, {})
  end)
end

local commands = { ['traceline.retire'] = retire, ['traceline.showReferences'] = show_references }

return {
  cmd = { 'traceline', 'server' },
  filetypes = { 'markdown' },
  root_dir = function(bufnr, start_in)
    if vim.bo[bufnr].buftype == '' and vim.api.nvim_buf_get_name(bufnr) ~= '' then
      start_in(root_of(bufnr))
    end
  end,
  commands = commands,
  -- In force before the first answer: Neovim 0.11 keeps on screen what hints it has drawn until the text changes.
  before_init = function(params, config)
    params.initializationOptions = config.settings
    -- What the server is to leave to these functions.
    params.capabilities.experimental = vim.tbl_deep_extend('force', params.capabilities.experimental or {}, {
      commands = { commands = vim.tbl_keys(commands) },
    })
  end,
  on_attach = function(client, bufnr)
    if wants('completion') and not completes_otherwise() and client:supports_method('textDocument/completion') then
      offer_only(bufnr)
      vim.lsp.completion.enable(true, client.id, bufnr, { autotrigger = true })
    end
    if wants('inlay_hints') and client:supports_method('textDocument/inlayHint') then
      vim.lsp.inlay_hint.enable(true, { bufnr = bufnr })
    end
    if wants('lenses') and client:supports_method('textDocument/codeLens') then
      keep_lenses(client, bufnr)
    end
  end,
}
