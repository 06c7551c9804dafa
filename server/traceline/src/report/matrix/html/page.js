// The page's own script: search, the requirements that are not in the page yet, and the trace graph.
// What it knows is the JSON in `data`, whose lists `report/matrix/html/data.rs` explains.
'use strict';
{
  const PORTION = 200; // rows at a time
  const MOST_SERVERS = 6; // sections or tasks before one asks for more
  const MOST_NODES = 24; // in a column of the graph
  const STATES = ['', 'open', 'in-progress', 'done'];
  const THROUGH = ['', 'by its whole', 'by its parts', 'by “all requirements”'];
  const SVG = 'http://www.w3.org/2000/svg';

  const at = (id) => document.getElementById(id);
  const data = JSON.parse(at('data').textContent);
  const rows = data.rows.map(([id, title, feature, file, line, stage, missing, sections, planned, tasks, built]) => ({
    id, title, feature, file, line, stage: data.stages[stage], missing, sections, planned, tasks, built,
  }));
  const server = (number) => {
    const [title, file, line, state] = data.servers[number];
    return { title, file, line, state: STATES[state] };
  };
  const encoded = (path) =>
    encodeURIComponent(path).replace(/%2F/g, '/').replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  const href = (file, line) =>
    data.link.replaceAll('{path}', () => encoded(data.files[file])).replaceAll('{line}', () => String(line));

  function make(name, attributes, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  }

  // ---- rows: the same as the page holds without this script

  function list(numbers, through, lacks) {
    if (numbers.length === 0) {
      return [lacks ? make('span', { class: 'lacks' }, lacks) : make('span', { class: 'none' }, '–')];
    }
    const item = (number) => {
      const { title, file, line, state } = server(number);
      const link = make('a', { href: href(file, line) }, title);
      return state ? make('li', { class: state }, make('span', { class: 'vh' }, `${state}: `), link) : make('li', {}, link);
    };
    const out = [make('ul', {}, ...numbers.slice(0, MOST_SERVERS).map(item))];
    const more = numbers.slice(MOST_SERVERS);
    if (more.length > 0) {
      out.push(make('details', {}, make('summary', {}, `${more.length} more`), make('ul', {}, ...more.map(item))));
    }
    if (through > 0) out.push(make('span', { class: 'through' }, THROUGH[through]));
    return out;
  }

  function line(row) {
    const file = data.files[row.file];
    const where = `${data.features[row.feature]} · ${file.slice(file.lastIndexOf('/') + 1)}:${row.line}`;
    return make(
      'tr',
      {},
      make('th', { scope: 'row' }, make('a', { href: href(row.file, row.line) }, row.id)),
      make('td', {}, row.title, make('span', { class: 'where' }, where)),
      make('td', {}, make('span', { class: `stage ${row.stage}` }, row.stage)),
      make('td', {}, ...list(row.sections, row.planned, row.missing & 1 ? 'no section' : '')),
      make('td', {}, ...list(row.tasks, row.built, row.missing & 2 ? 'no task' : '')),
    );
  }

  // ---- what is found

  let found = rows;
  let shown = 0;

  function more() {
    at('rows').append(...found.slice(shown, shown + PORTION).map(line));
    shown = Math.min(shown + PORTION, found.length);
    const left = found.length - shown;
    at('next').hidden = left === 0;
    at('next').textContent = `Show ${Math.min(left, PORTION)} more of ${left.toLocaleString('en')}`;
  }

  /** All words of a row and of what serves it, made when somebody searches. */
  const words = (row) =>
    (row.words ??= [
      row.id, row.title, row.stage, data.features[row.feature], data.files[row.file],
      ...[...row.sections, ...row.tasks].map((number) => data.servers[number][0]),
    ].join('\n').toLowerCase());

  const collator = new Intl.Collator('en', { numeric: true });
  const byId = (a, b) => a.feature - b.feature || collator.compare(a.id, b.id);

  function find() {
    const sought = at('words').value.toLowerCase().split(/\s+/).filter((word) => word !== '');
    const feature = at('feature').value;
    const off = new Set([...document.querySelectorAll('#stages input:not(:checked)')].map((it) => it.value));
    found = rows.filter(
      (row) =>
        !off.has(row.stage) &&
        (feature === '' || row.feature === Number(feature)) &&
        sought.every((word) => words(row).includes(word)),
    );
    if (at('order').value === 'id') found.sort(byId);
    at('rows').replaceChildren();
    shown = 0;
    more();
    const all = rows.length.toLocaleString('en');
    const count = found.length.toLocaleString('en');
    at('found').textContent =
      found.length === rows.length ? `All ${all} requirements.` : `${count} of ${all} requirements.`;
    if (found.length === 0) at('rows').append(make('tr', {}, make('td', { colspan: '5' }, 'Nothing is like that.')));
  }

  // ---- the trace graph of a feature: sections that plan, requirements, tasks that build

  const COLUMNS = { section: 0, row: 400, task: 800 };
  const [WIDE, HIGH, GAP, TOP] = [300, 30, 8, 26];

  function draw(name, attributes, ...children) {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  }

  const measure = document.createElement('canvas').getContext('2d');

  /** As much of a text as there is room for, and how wide it is. */
  function cut(text, room, bold = false) {
    measure.font = `${bold ? 650 : 400} 13px ${getComputedStyle(document.body).fontFamily}`;
    const width = (words) => measure.measureText(words).width;
    if (width(text) <= room) return [text, width(text)];
    let [low, high] = [0, Math.min(text.length, 200)];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (width(`${text.slice(0, middle)}…`) <= room) low = middle;
      else high = middle - 1;
    }
    return [`${text.slice(0, low).trimEnd()}…`, room];
  }

  /** Nodes in the order in which what they serve stands, so that few lines cross; and how many are left out. */
  function column(of, chosen) {
    const places = new Map();
    chosen.forEach((row, place) => {
      for (const number of row[of]) places.set(number, [...(places.get(number) ?? []), place]);
    });
    const middle = (number) => places.get(number).reduce((sum, place) => sum + place, 0) / places.get(number).length;
    const all = [...places.keys()].sort((a, b) => middle(a) - middle(b) || a - b);
    return [all.slice(0, MOST_NODES), all.length - Math.min(all.length, MOST_NODES)];
  }

  function graph(feature) {
    const all = rows.filter((row) => row.feature === feature).sort(byId);
    // What is served and what lacks something comes before what nobody asks for. A whole says what its parts say.
    const isWhole = (row) => row.planned === 2 || row.built === 2;
    const wanted = all.filter((row) => (row.sections.length + row.tasks.length > 0 || row.missing > 0) && !isWhole(row));
    const chosen = (wanted.length > 0 ? wanted : all).slice(0, MOST_NODES);
    const [sections, sectionsLeft] = column('sections', chosen);
    const [tasks, tasksLeft] = column('tasks', chosen);
    const longest = Math.max(chosen.length, sections.length, tasks.length);
    const height = TOP + longest * (HIGH + GAP);
    const from = (count) => TOP + ((longest - count) * (HIGH + GAP)) / 2;
    const svg = draw('svg', { class: 'graph', viewBox: `0 0 1100 ${height}`, role: 'group' });
    const name = data.features[feature];
    svg.setAttribute('aria-label', `Trace graph of ${name}: ${sections.length} sections, ${chosen.length} requirements, ${tasks.length} tasks`);
    const heads = [['Sections of plans', 0], ['Requirements', 400], ['Tasks', 800]];
    svg.append(...heads.map(([text, x]) => draw('text', { class: 'title', x, y: 12 }, text)));
    const lines = draw('g', { 'aria-hidden': 'true' });
    svg.append(lines);
    const place = new Map();

    function node(key, x, y, target, label, strip, gap, ...texts) {
      place.set(key, y + HIGH / 2);
      const box = draw('rect', { class: 'node', x: x + 0.5, y: y + 0.5, width: WIDE - 1, height: HIGH - 1, rx: 6 });
      const side = strip ? [draw('rect', { class: `strip ${strip}`, x: x + 1, y: y + 6, width: 4, height: HIGH - 12, rx: 2 })] : [];
      const link = draw('a', { href: target, 'aria-label': label, 'data-node': key }, draw('title', {}, label), box, ...side, ...texts);
      if (gap) link.classList.add('gap');
      svg.append(link);
    }
    const text = (x, y, words, more = {}) => draw('text', { x, y: y + 20, ...more }, words);

    sections.forEach((number, index) => {
      const { title, file, line } = server(number);
      const y = from(sections.length) + index * (HIGH + GAP);
      node(`s${number}`, COLUMNS.section, y, href(file, line), `Section ${title}`, '', false, text(12, y, cut(title, WIDE - 24)[0]));
    });
    chosen.forEach((row, index) => {
      const y = from(chosen.length) + index * (HIGH + GAP);
      const x = COLUMNS.row;
      const [id, width] = cut(row.id, WIDE - 26, true);
      const label = draw('text', { x: x + 14, y: y + 20 }, draw('tspan', { class: 'id' }, id));
      const room = WIDE - 26 - width - 7;
      if (room > 40) label.append(draw('tspan', { dx: 7 }, cut(row.title, room)[0]));
      node(`r${index}`, x, y, href(row.file, row.line), `${row.id} ${row.title}: ${row.stage}`, row.stage, row.missing > 0, label);
    });
    tasks.forEach((number, index) => {
      const { title, file, line, state } = server(number);
      const y = from(tasks.length) + index * (HIGH + GAP);
      node(`t${number}`, COLUMNS.task, y, href(file, line), `Task ${title}: ${state || 'no box'}`, state || 'open', false, text(COLUMNS.task + 14, y, cut(title, WIDE - 26)[0]));
    });
    const curve = (a, b, x, done) => {
      if (!place.has(a) || !place.has(b)) return;
      const [y, z, mid] = [place.get(a), place.get(b), x + 50];
      lines.append(draw('path', { class: done ? 'done' : '', d: `M${x} ${y}C${mid} ${y} ${mid} ${z} ${x + 100} ${z}`, 'data-from': a, 'data-to': b }));
    };
    chosen.forEach((row, index) => {
      for (const number of row.sections) curve(`s${number}`, `r${index}`, WIDE, row.stage === 'done');
      for (const number of row.tasks) curve(`r${index}`, `t${number}`, COLUMNS.row + WIDE, server(number).state === 'done');
    });
    const light = (event) => {
      const key = event.target.closest?.('a')?.dataset.node;
      svg.classList.toggle('lit', key !== undefined);
      svg.querySelectorAll('.on').forEach((it) => it.classList.remove('on'));
      if (key === undefined) return;
      // From a section or task to its requirements, and on to what else serves those only where one looks at a requirement.
      const on = new Set([key]);
      lines.querySelectorAll('path').forEach((path) => {
        const { from, to } = path.dataset;
        if (from !== key && to !== key) return;
        path.classList.add('on');
        on.add(from).add(to);
      });
      svg.querySelectorAll('a').forEach((it) => it.classList.toggle('on', on.has(it.dataset.node)));
    };
    const dark = () => light({ target: svg });
    svg.addEventListener('pointerover', light);
    svg.addEventListener('focusin', light);
    svg.addEventListener('pointerleave', dark);
    svg.addEventListener('focusout', dark);
    at('drawing').replaceChildren(svg);
    const left = [
      [all.length - chosen.length, 'requirement'],
      [sectionsLeft, 'section'],
      [tasksLeft, 'task'],
    ].filter(([count]) => count > 0);
    const names = left.map(([count, what]) => `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`);
    at('graph-words').textContent = names.length > 0 ? `Not drawn: ${names.join(', ')}.` : '';
  }

  // ---- what the controls do

  function later(act) {
    let timer;
    return () => {
      clearTimeout(timer);
      timer = setTimeout(act, 60);
    };
  }

  const MOST_OPTIONS = 1000; // a longer list is of no use; the search finds the others

  function choose(id, feature) {
    const value = String(feature);
    if (![...at(id).options].some((it) => it.value === value)) at(id).append(make('option', { value }, data.features[feature]));
    at(id).value = value;
  }

  const stated = [...new Set(rows.map((row) => row.feature))].sort((a, b) => a - b);
  for (const id of ['feature', 'drawn']) {
    at(id).append(...stated.slice(0, MOST_OPTIONS).map((feature) => make('option', { value: String(feature) }, data.features[feature])));
  }
  const counts = new Map();
  for (const row of rows) counts.set(row.stage, (counts.get(row.stage) ?? 0) + 1);
  for (const stage of data.stages.filter((it) => counts.has(it))) {
    const box = make('input', { type: 'checkbox', value: stage, checked: '' });
    at('stages').append(make('label', {}, box, make('span', { class: `stage ${stage}` }, stage), counts.get(stage).toLocaleString('en')));
  }
  at('words').addEventListener('input', later(find));
  for (const id of ['feature', 'order', 'stages']) at(id).addEventListener('change', find);
  at('find').addEventListener('submit', (event) => event.preventDefault());
  at('next').addEventListener('click', more);
  at('drawn').addEventListener('change', () => graph(Number(at('drawn').value)));
  document.addEventListener('click', (event) => {
    const name = event.target.closest?.('[data-feature]')?.dataset.feature;
    if (name === undefined) return;
    const feature = data.features.indexOf(name);
    choose('feature', feature);
    choose('drawn', feature);
    find();
    graph(feature);
  });
  document.addEventListener('keydown', (event) => {
    const typing = event.target.closest?.('input, select, textarea');
    if (event.key !== '/' || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    at('words').focus();
  });
  // As one scrolls on; the button is for who does not.
  new IntersectionObserver((seen) => seen.some((it) => it.isIntersecting) && !at('next').hidden && more(), {
    rootMargin: '600px',
  }).observe(at('next'));
  // On paper nobody scrolls.
  window.addEventListener('beforeprint', () => {
    while (shown < Math.min(found.length, 5000)) more();
  });

  at('find').hidden = false;
  at('graph').hidden = false;
  find();
  // The feature with most to see, and where that is alike the first.
  const links = new Map(stated.map((feature) => [feature, 0]));
  for (const row of rows) links.set(row.feature, links.get(row.feature) + Math.min(row.sections.length + row.tasks.length, 3));
  const best = stated.reduce((a, b) => (Math.min(links.get(b), 60) > Math.min(links.get(a), 60) ? b : a), stated[0]);
  choose('drawn', best);
  graph(best);
}
