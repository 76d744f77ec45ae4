// Packs every bundle of the browser into the folder named by the first argument.
// No code splitting: with it, the editors build and then break at run time (design/bpmn-io.md, pitfall 1).

import { writeFile } from 'node:fs/promises';

import { build } from 'esbuild';

import { thirdPartyNotices } from './notices.mjs';

const output = process.argv[2];

const { metafile } = await build({
  entryPoints: ['viewer', 'modeler', 'decisions', 'form', 'app'].map((name) => `src/${name}.js`),
  outdir: output,
  bundle: true,
  splitting: false,
  minify: true,
  metafile: true,
  legalComments: 'none', // every licence is in the notices file
  format: 'iife',
  target: ['es2022'],
  loader: { '.woff2': 'file', '.woff': 'file', '.ttf': 'empty', '.eot': 'empty', '.svg': 'dataurl' },
  assetNames: '[name]-[hash]',
  define: { 'process.env.NODE_ENV': '"production"' },
  logLevel: 'warning',
});

await writeFile(`${output}/third-party-notices.txt`, await thirdPartyNotices(metafile));
