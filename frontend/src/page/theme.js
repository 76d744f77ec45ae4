// The choice of light, dark or the system's: applied at once, remembered by the server that the form is sent to.

export function theme(each) {
  each('button[data-theme-choice]', (button) => {
    button.addEventListener('click', (event) => {
      const choice = button.dataset.themeChoice;
      if (choice === 'system') delete document.documentElement.dataset.theme;
      else document.documentElement.dataset.theme = choice;
      for (const other of document.querySelectorAll('button[data-theme-choice]')) {
        other.setAttribute('aria-pressed', String(other.dataset.themeChoice === choice));
      }
      if (button.form) {
        event.preventDefault();
        fetch(button.form.action, { method: 'POST', body: new FormData(button.form, button), keepalive: true, redirect: 'manual' });
      }
    });
  });
}
