// Small manners of forms and lists.

export function controls(each) {
  each('form[data-submit-once]', (form) => {
    form.addEventListener('submit', () => {
      // Disabled only after the browser has read which button was pressed.
      setTimeout(() => form.querySelectorAll('button').forEach((button) => { button.disabled = true; }));
    });
  });
  each('[data-outdated]', (notice) => { // nobody decides on what is no longer so
    notice.closest('.task')?.querySelectorAll('form[method="post"] button').forEach((button) => { button.disabled = true; });
  });
  each('[data-autosubmit]', (control) => {
    control.addEventListener('change', () => control.form?.requestSubmit());
  });
  each('button[data-copy]', (button) => {
    const words = button.textContent;
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = 'Copied';
      setTimeout(() => { button.textContent = words; }, 1500);
    });
  });
  each('input[data-filter]', (input) => {
    input.addEventListener('input', () => filter(document.querySelector(input.dataset.filter), input.value));
  });
}

function filter(list, text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  for (const row of list?.children ?? []) {
    const content = row.textContent.toLowerCase();
    row.hidden = !words.every((word) => content.includes(word));
  }
}

// A page that comes back from the browser's memory has its buttons again.
addEventListener('pageshow', (event) => {
  if (!event.persisted) return;
  document.querySelectorAll('form[data-submit-once] button').forEach((button) => { button.disabled = false; });
});
