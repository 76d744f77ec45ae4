// Tabs as WAI-ARIA describes them; the address remembers the one that is open.

export function tabs(each) {
  each('[role="tablist"]', (list) => {
    const all = [...list.querySelectorAll('[role="tab"]')];
    const panel = (tab) => document.getElementById(tab.getAttribute('aria-controls'));
    const open = (tab) => {
      for (const other of all) {
        const selected = other === tab;
        other.setAttribute('aria-selected', String(selected));
        other.tabIndex = selected ? 0 : -1;
        if (panel(other)) panel(other).hidden = !selected;
      }
      tab.dispatchEvent(new CustomEvent('tab:open', { bubbles: true }));
    };
    list.addEventListener('click', (event) => {
      const tab = event.target.closest('[role="tab"]');
      if (!tab) return;
      open(tab);
      history.replaceState(history.state, '', `#${tab.getAttribute('aria-controls')}`);
    });
    list.addEventListener('keydown', (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const next = all[(all.indexOf(document.activeElement) + step + all.length) % all.length];
      open(next);
      next.focus();
    });
    const named = all.find((tab) => `#${tab.getAttribute('aria-controls')}` === location.hash);
    const first = named ?? all.find((tab) => tab.getAttribute('aria-selected') === 'true') ?? all[0];
    if (first) open(first);
  });
}
