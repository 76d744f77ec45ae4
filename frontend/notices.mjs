// Writes the notices of the third parties whose code is in the bundles, from the licence files of their packages.

import { readFile, readdir } from 'node:fs/promises';

const PACKAGE = /^.*node_modules\/((?:@[^/]+\/)?[^/]+)\//;

// Some packages publish no licence file; the licence that their package.json names is then stated by its name.
const LICENCE_FILE = /^(licen[cs]e|copying|notice)/i;

/** One text with name, version, licence and full licence text of each package that esbuild put into a bundle. */
export async function thirdPartyNotices(metafile) {
  const folders = new Set();
  for (const output of Object.values(metafile.outputs)) {
    for (const input of Object.keys(output.inputs)) {
      const match = PACKAGE.exec(input);
      if (match) folders.add(match[0]);
    }
  }
  const notices = await Promise.all([...folders].sort().map(notice));
  return [
    'The files in this folder contain software of the third parties below.',
    'bpmn-js, dmn-js and their kin show the bpmn.io watermark; their licence asks that it stays visible.',
    '',
    ...new Set(notices),
  ].join('\n');
}

async function notice(folder) {
  const { name, version, license, homepage } = JSON.parse(await readFile(`${folder}package.json`, 'utf8'));
  const files = (await readdir(folder)).filter((file) => LICENCE_FILE.test(file)).sort();
  const texts = await Promise.all(files.map((file) => readFile(`${folder}${file}`, 'utf8')));
  const licence = typeof license === 'string' ? license : (license?.type ?? 'see its home page');
  return [
    '='.repeat(100),
    `${name} ${version} (${licence})${homepage ? ` ${homepage}` : ''}`,
    '-'.repeat(100),
    texts.length ? texts.map((text) => text.trim()).join('\n\n') : `Licensed under ${licence}.`,
    '',
  ].join('\n');
}
