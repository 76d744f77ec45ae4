// What the studio's server is asked. Every changing request carries the CSRF token.

import { xmlText } from '../xml.js';

function token() {
  return document.querySelector('meta[name="csrf-token"]')?.content ?? '';
}

/** The server said no; `diagnostics` are there when it was about the model. */
export class Refused extends Error {
  constructor(message, diagnostics = []) {
    super(message);
    this.diagnostics = diagnostics;
  }
}

export class Server {
  constructor({ contentUrl, draftUrl, checkUrl, deployUrl, templatesUrl }) {
    this.urls = { contentUrl, draftUrl, checkUrl, deployUrl, templatesUrl };
  }

  async content() {
    return xmlText(await ask(this.urls.contentUrl, { headers: { Accept: 'application/xml' } }));
  }

  async elementTemplates() {
    return (await ask(this.urls.templatesUrl)).json();
  }

  /** Keep the draft; answers who saved it when. */
  async saveDraft(xml) {
    return (await send(this.urls.draftUrl, { content: xml })).json();
  }

  /** Every diagnostic of this content, together with what is deployed. */
  async check(xml, signal) {
    return (await (await send(this.urls.checkUrl, { content: xml }, signal)).json()).diagnostics;
  }

  /** Take the content into service; raises Refused with the diagnostics if it is not accepted. */
  async deploy(xml, note) {
    return (await send(this.urls.deployUrl, { content: xml, note })).json();
  }
}

function send(url, body, signal) {
  const headers = { Accept: 'application/json', 'Content-Type': 'application/json', 'X-CSRFToken': token() };
  return ask(url, { method: 'POST', headers, body: JSON.stringify(body), signal });
}

async function ask(url, options = {}) {
  let response;
  try {
    response = await fetch(url, { redirect: 'error', ...options });
  } catch (problem) {
    if (problem.name === 'AbortError') throw problem;
    throw new Refused('The server does not answer, or you are signed out. Your changes are still here: try again, or sign in in another tab.');
  }
  if (response.ok) return response;
  const answer = await response.json().catch(() => ({}));
  throw new Refused(answer.detail ?? `The server answered ${response.status}.`, answer.diagnostics);
}
