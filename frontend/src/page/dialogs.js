// Dialogs, menus and the question before a form that cannot be taken back.

export function dialogs(each) {
  each('[data-dialog]', (button) => {
    button.addEventListener('click', () => document.getElementById(button.dataset.dialog)?.showModal());
  });
  each('[data-dialog-close]', (button) => {
    button.addEventListener('click', () => button.closest('dialog')?.close());
  });
  each('form[data-confirm], form:has(button[data-confirm])', (form) => {
    form.addEventListener('submit', (event) => {
      const { confirm, confirmLabel } = event.submitter?.dataset.confirm ? event.submitter.dataset : form.dataset;
      if (!confirm) return;
      if (form.dataset.confirmed) {
        delete form.dataset.confirmed;
        return;
      }
      event.preventDefault();
      event.stopImmediatePropagation(); // htmx must not send it either
      ask(confirm, confirmLabel ?? 'Yes, do it').then((yes) => {
        if (!yes) return;
        form.dataset.confirmed = 'yes';
        form.requestSubmit(event.submitter ?? undefined);
      });
    }, { capture: true });
  });
}

/** Ask a question with two buttons; the promise holds whether the person agreed. Escape means no. */
export function ask(question, label) {
  const dialog = document.createElement('dialog');
  dialog.className = 'dialog dialog-question';
  const text = document.createElement('p');
  text.textContent = question;
  text.id = 'dialog-question-text';
  dialog.setAttribute('aria-labelledby', text.id);
  const actions = document.createElement('form');
  actions.method = 'dialog';
  actions.className = 'actions';
  for (const [value, words, kind] of [['no', 'Cancel', ''], ['yes', label, 'button-primary']]) {
    const button = document.createElement('button');
    button.value = value;
    button.textContent = words;
    button.className = `button ${kind}`;
    actions.append(button);
  }
  dialog.append(text, actions);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes');
    });
  });
}

document.addEventListener('click', (event) => closeMenus((menu) => !menu.contains(event.target)));
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') closeMenus((menu) => menu.contains(event.target), true);
});

function closeMenus(which, refocus = false) {
  for (const menu of document.querySelectorAll('details[data-menu][open]')) {
    if (!which(menu)) continue;
    menu.open = false;
    if (refocus) menu.querySelector('summary')?.focus();
  }
}
