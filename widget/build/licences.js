// Writes the names, versions and licence texts of every package that ended up in the built file.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const PACKAGE = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//;
const LICENCE_FILE = /^licen[cs]e(\.(md|txt))?$/i;

function describe(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((candidate) => LICENCE_FILE.test(candidate));
  if (!file) throw new Error(`no licence text in ${name}`);
  return { name, text: `${name} ${version}\nLicence: ${license}\n\n${readFileSync(join(folder, file), 'utf8').replace(/\r\n/g, '\n').trim()}\n` };
}

export function licences(fileName) {
  return {
    name: 'licences',
    generateBundle(_, bundle) {
      const modules = Object.values(bundle).flatMap((chunk) => Object.keys(chunk.modules || {}));
      const folders = new Set(modules.map((module) => PACKAGE.exec(module)?.[1]).filter((folder) => folder && !folder.startsWith('\0')));
      const found = [...folders].map(describe).sort((one, other) => (one.name < other.name ? -1 : 1));
      const line = `\n${'-'.repeat(78)}\n\n`;
      this.emitFile({ type: 'asset', fileName, source: `widget.js contains these packages.\n${line}${found.map((entry) => entry.text).join(line)}` });
    },
  };
}
