// Relative times and countdowns. They follow the server's clock, which may be a virtual one.

const rendered = Date.parse(document.documentElement.dataset.now ?? '');
const offset = Number.isNaN(rendered) ? 0 : rendered - Date.now();

const UNITS = [
  ['year', 365 * 86400],
  ['month', 30 * 86400],
  ['day', 86400],
  ['hour', 3600],
  ['minute', 60],
];
const relative = new Intl.RelativeTimeFormat(document.documentElement.lang || 'en', { numeric: 'auto', style: 'short' });
const absolute = new Intl.DateTimeFormat(document.documentElement.lang || 'en', { dateStyle: 'medium', timeStyle: 'medium' });

const shown = new Map();

export function times(each) {
  each('time[datetime][data-relative]', (element) => show(element, showRelative));
  each('time[datetime][data-countdown]', (element) => show(element, showCountdown));
}

function show(element, draw) {
  const moment = Date.parse(element.dateTime);
  if (Number.isNaN(moment)) return;
  if (!element.title) element.title = absolute.format(moment);
  shown.set(element, () => draw(element, (moment - Date.now() - offset) / 1000));
  shown.get(element)();
}

function showRelative(element, seconds) {
  const [unit, size] = UNITS.find(([, size]) => Math.abs(seconds) >= size) ?? [];
  setText(element, unit ? relative.format(Math.trunc(seconds / size), unit) : seconds > 5 ? 'in a moment' : 'just now');
}

function showCountdown(element, seconds) {
  const left = Math.max(0, Math.ceil(seconds));
  const [hours, minutes, rest] = [Math.floor(left / 3600), Math.floor((left % 3600) / 60), left % 60];
  const clock = `${String(minutes).padStart(hours ? 2 : 1, '0')}:${String(rest).padStart(2, '0')}`;
  setText(element, hours ? `${hours}:${clock}` : clock);
  if (left === 0 && !element.classList.contains('is-over')) {
    element.classList.add('is-over');
    element.dispatchEvent(new CustomEvent('countdown:over', { bubbles: true }));
  }
}

function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

setInterval(() => {
  for (const [element, draw] of shown) {
    if (element.isConnected) draw();
    else shown.delete(element);
  }
}, 1000);
