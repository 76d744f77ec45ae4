// What both editors have around the canvas: real buttons, drafts, checking, deploying, problems, and the table of elements.

import { ElementTable } from '../viewer/elements.js';
import { ProblemList } from './problems.js';
import { Refused, Server } from './server.js';

const CHECK_AFTER_MILLISECONDS = 1200;
const SHORTCUTS = { s: 'save', enter: 'check' }; // with Ctrl or Command

export async function startShell(page, editor) {
  const shell = new Shell(page, editor);
  await shell.load();
  page.dataset.ready = 'yes';
}

class Shell {
  constructor(page, editor) {
    this.page = page;
    this.editor = editor;
    this.server = new Server(page.dataset);
    this.status = page.querySelector('[data-status]');
    this.problems = new ProblemList(page.querySelector('[data-problems]'), page.querySelector('[data-problem-count]'), (id) => editor.select(id));
    this.commands = {
      undo: () => editor.undo(),
      redo: () => editor.redo(),
      'zoom-in': () => editor.zoom(1),
      'zoom-out': () => editor.zoom(-1),
      fit: () => editor.fit(),
      save: () => this.save(),
      check: () => this.check(true),
      deploy: () => this.openDeploy(),
      panel: () => this.togglePanel(),
    };
    this.unsaved = false;
    this.wire();
  }

  wire() {
    for (const button of this.page.querySelectorAll('[data-command]')) {
      button.addEventListener('click', () => this.run(button.dataset.command));
    }
    document.addEventListener('keydown', (event) => {
      const name = (event.ctrlKey || event.metaKey) && SHORTCUTS[event.key.toLowerCase()];
      if (!name || document.querySelector('dialog[open]')) return;
      event.preventDefault();
      // A field of the properties panel hands over its text when it loses the focus.
      if (document.activeElement instanceof HTMLElement) document.activeElement.dispatchEvent(new Event('change', { bubbles: true }));
      this.run(name);
    });
    addEventListener('beforeunload', (event) => { if (this.unsaved) event.preventDefault(); });
    this.dialog = this.page.querySelector('[data-deploy-dialog]');
    this.dialog?.querySelector('form').addEventListener('submit', (event) => {
      event.preventDefault();
      this.run('deploy-now', () => this.deploy(new FormData(event.target).get('note')));
    });
    new ResizeObserver(() => this.editor.resized()).observe(this.page);
  }

  async run(name, command = this.commands[name]) {
    try {
      await command();
    } catch (problem) {
      if (!(problem instanceof Refused)) throw problem;
      if (problem.diagnostics.length) this.showProblems(problem.diagnostics, true);
      this.say(problem.message, 'bad');
    }
  }

  async load() {
    try {
      const [xml, templates] = await Promise.all([this.server.content(), this.server.elementTemplates()]);
      this.editor.useTemplates(templates);
      this.opened(await this.editor.load(xml));
    } catch (problem) {
      this.say(`This model cannot be opened: ${problem.message}`, 'bad');
      return;
    }
    this.editor.onChange = (state) => this.changed(state);
    this.editor.onSelect = (id) => { this.table?.select(id); this.problems.select(id); };
    this.changed({ edited: false, canUndo: false, canRedo: false });
    this.listElements();
    await this.run('check', () => this.check(false));
  }

  opened({ warnings, laidOut }) {
    if (warnings.length) this.say(`Opened with ${warnings.length} warnings: ${warnings.map((each) => each.message).join('; ')}`, 'bad');
    else if (laidOut) this.say('This diagram said nowhere how it is drawn, so it was laid out. Save the draft to keep that.');
    else this.say('');
  }

  changed({ edited, canUndo, canRedo }) {
    this.enable('undo', canUndo);
    this.enable('redo', canRedo);
    if (!edited) return;
    this.setUnsaved(true);
    clearTimeout(this.later);
    this.later = setTimeout(() => {
      this.listElements();
      this.run('check', () => this.check(false));
    }, CHECK_AFTER_MILLISECONDS);
  }

  async save() {
    const xml = await this.editor.xml();
    const { saved_by: person } = await this.server.saveDraft(xml);
    this.setUnsaved(false);
    this.page.querySelector('[data-draft-badge]')?.removeAttribute('hidden');
    this.say(`Draft saved${person ? ` by ${person}` : ''}. It changes nothing that runs.`, 'good');
  }

  async check(aloud) {
    clearTimeout(this.later);
    this.checking?.abort();
    this.checking = new AbortController();
    let diagnostics;
    try {
      diagnostics = await this.server.check(await this.editor.xml(), this.checking.signal);
    } catch (problem) {
      if (problem.name === 'AbortError') return [];
      throw problem;
    }
    this.showProblems(diagnostics, aloud);
    const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
    if (aloud) this.say(summary(errors, diagnostics.length - errors), errors ? 'bad' : 'good');
    return diagnostics;
  }

  openDeploy() {
    this.dialog?.showModal();
    this.dialog?.querySelector('[name="note"]').focus();
  }

  async deploy(note) {
    this.dialog.close();
    this.say('Deploying …');
    const answer = await this.server.deploy(await this.editor.xml(), note);
    this.setUnsaved(false);
    this.showProblems(answer.warnings, false);
    this.page.querySelector('[data-draft-badge]')?.setAttribute('hidden', '');
    const version = this.page.querySelector('[data-version]');
    if (version) version.textContent = `Version ${answer.version}`;
    this.say(answer.changed ? `Deployed as version ${answer.version}. Running instances keep theirs.` : `Nothing has changed since version ${answer.version}.`, 'good');
    if (answer.location && answer.location !== location.pathname) location.assign(answer.location);
  }

  showProblems(diagnostics, open) {
    this.problems.show(diagnostics);
    this.editor.markProblems(diagnostics);
    if (open && diagnostics.length) this.togglePanel(true);
  }

  togglePanel(open) {
    const closed = this.page.classList.toggle('hides-panel', open === undefined ? undefined : !open);
    this.page.querySelector('[data-command="panel"]')?.setAttribute('aria-expanded', String(!closed));
    if (open) this.page.querySelector('[data-problems-tab]')?.click();
    this.editor.resized();
  }

  listElements() {
    const place = this.page.querySelector('[data-elements]');
    if (!place) return;
    this.table = new ElementTable(this.editor.elements(), (id) => this.editor.select(id));
    place.replaceChildren(this.table.node);
    const count = this.page.querySelector('[data-element-count]');
    if (count) count.textContent = String(this.table.rows.size);
  }

  setUnsaved(unsaved) {
    this.unsaved = unsaved;
    this.page.toggleAttribute('data-unsaved', unsaved);
    if (unsaved) this.say('Not saved yet');
  }

  enable(command, possible) {
    const button = this.page.querySelector(`[data-command="${command}"]`);
    if (button) button.disabled = !possible;
  }

  say(words, tone = '') {
    this.status.textContent = words;
    this.status.dataset.tone = tone;
  }
}

function summary(errors, warnings) {
  const some = (count, word) => `${count} ${word}${count === 1 ? '' : 's'}`;
  if (!errors && !warnings) return 'Checked: no problems.';
  return `Checked: ${[errors && some(errors, 'error'), warnings && some(warnings, 'warning')].filter(Boolean).join(', ')}.`;
}
