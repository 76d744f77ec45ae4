// Reading XML as its own first line says that it is encoded; the libraries know UTF-8 only.

const DECLARATION = /^(\s*<\?xml[^>]*?encoding\s*=\s*["'])([\w.-]+)(["'])/;

/** The text of a response, with its declaration rewritten to UTF-8 if it was another encoding. */
export async function xmlText(response) {
  const bytes = await response.arrayBuffer();
  const head = new TextDecoder('latin1').decode(bytes.slice(0, 200));
  const encoding = DECLARATION.exec(head)?.[2] ?? 'utf-8';
  return decode(bytes, encoding).replace(DECLARATION, '$1UTF-8$3');
}

function decode(bytes, encoding) {
  try {
    return new TextDecoder(encoding).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes); // an encoding that no browser knows
  }
}
