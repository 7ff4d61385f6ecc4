// axe-core over the page as it is.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** One line for each violation, and for each text whose contrast axe could not tell (it never can inside an SVG); empty when there is none. */
export async function violations(page) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(`${SOURCE}; undefined`);
  return page.evaluate(async () => {
    const found = await window.axe.run(document, { resultTypes: ['violations', 'incomplete'] });
    const untold = found.incomplete.filter(({ id }) => id === 'color-contrast')
      .map(({ id, nodes }) => ({ id: `${id} untold`, nodes: nodes.filter((node) => node.any[0]?.data?.messageKey !== 'imgNode') })).filter(({ nodes }) => nodes.length);
    return [...found.violations, ...untold].map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | ')}`);
  });
}
